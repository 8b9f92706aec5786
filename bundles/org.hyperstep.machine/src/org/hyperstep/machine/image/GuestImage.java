/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.file.Path;
import java.util.Set;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;

/** An image that was opened and found sound; it can be loaded into any number of machines. Immutable. */
public final class GuestImage {
	private final String name;
	private final byte[] contents;

	private GuestImage(String name, byte[] contents) {
		this.name = name;
		this.contents = contents;
	}

	/**
	 * Reads and checks an image.
	 *
	 * @throws ImageException with a message for the user
	 */
	public static GuestImage open(Path file) throws ImageException {
		return of(file.toString(), ImageFile.read(file));
	}

	/**
	 * Checks an image given as bytes.
	 *
	 * @param name names the image in messages
	 * @throws ImageException with a message for the user
	 */
	public static GuestImage of(String name, byte[] contents) throws ImageException {
		return new GuestImage(name, contents);
	}

	/** The file's name. */
	public String name() {
		return name;
	}

	/** The protocols by which it can be entered. */
	public Set<BootProtocol> protocols() {
		return Set.of();
	}

	/**
	 * Places the image in memory, whose RAM is all zeros.
	 *
	 * @throws ImageException if it or a module does not fit; memory is unchanged then
	 */
	public InitialState load(PhysicalMemory memory, MemoryMap map, LoadRequest request) throws ImageException {
		throw new ImageException(name + ": cannot be loaded: " + contents.length); //$NON-NLS-1$
	}
}
