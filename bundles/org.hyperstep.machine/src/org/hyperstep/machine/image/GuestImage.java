/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;

/** An image that was opened and found sound; it can be loaded into any number of machines. Immutable, so any thread. */
@SuppressWarnings("nls")
public final class GuestImage {
	private final ImageBytes file;
	private final Map<BootProtocol, Loader> offered;

	private GuestImage(ImageBytes file, Map<BootProtocol, Loader> offered) {
		this.file = file;
		this.offered = offered;
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
	 * @param name     names the image in messages
	 * @param contents not to be changed afterwards
	 * @throws ImageException with a message for the user
	 */
	public static GuestImage of(String name, byte[] contents) throws ImageException {
		ImageBytes file = new ImageBytes(name, contents);
		EnumMap<BootProtocol, Loader> offered = new EnumMap<>(BootProtocol.class);
		ElfFile elf = ElfFile.isElf(file) ? ElfFile.parse(file) : null;
		MultibootBoot.offer(file, elf, offered);
		Multiboot2Boot.offer(file, elf, offered);
		LinuxBoot.offer(file, offered);
		if (elf != null) {
			PvhBoot.offer(file, elf, offered);
			ElfBoot.offer(file, elf, offered);
		}
		if (offered.isEmpty()) {
			throw ForeignFormat.refusal(file);
		}
		return new GuestImage(file, offered);
	}

	/**
	 * Any file, to be loaded as it is.
	 *
	 * @throws ImageException with a message for the user
	 */
	public static GuestImage flat(String name, byte[] contents, FlatPlacement placement) throws ImageException {
		ImageBytes file = new ImageBytes(name, contents);
		return new GuestImage(file, Map.of(BootProtocol.FLAT, FlatBoot.loader(file, placement)));
	}

	/**
	 * Firmware in ROM.
	 *
	 * @throws ImageException if it has no size that firmware can have
	 */
	public static GuestImage firmware(String name, byte[] contents) throws ImageException {
		ImageBytes file = new ImageBytes(name, contents);
		return new GuestImage(file, Map.of(BootProtocol.FIRMWARE, FirmwareBoot.loader(file)));
	}

	/** The file's name. */
	public String name() {
		return file.name();
	}

	/** The protocols by which it can be entered; iterates the best first. Never empty. */
	public Set<BootProtocol> protocols() {
		return Collections.unmodifiableSet(offered.keySet());
	}

	/** The protocol by which it would be loaded. */
	public BootProtocol protocolFor(LoadRequest request) {
		return request.protocol().orElse(offered.keySet().iterator().next());
	}

	/**
	 * Places the image in memory, whose RAM is all zeros.
	 *
	 * @throws ImageException if it or a module does not fit, or it does not offer the protocol; memory is unchanged then
	 */
	public InitialState load(PhysicalMemory memory, MemoryMap map, LoadRequest request) throws ImageException {
		LoadPlan plan = new LoadPlan(name(), map, memory);
		BootProtocol protocol = protocolFor(request);
		if (!offered.containsKey(protocol)) {
			throw file.error("cannot be booted by " + protocol.label() + "; it offers "
					+ offered.keySet().stream().map(BootProtocol::label).collect(Collectors.joining(", ")));
		}
		InitialState state = offered.get(protocol).prepare(plan, request);
		plan.carryOut();
		return state;
	}
}
