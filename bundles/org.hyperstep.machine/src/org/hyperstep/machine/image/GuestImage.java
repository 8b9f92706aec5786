/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;

/** An image that was opened and found sound; it can be loaded into any number of machines. Immutable, so any thread. */
@SuppressWarnings("nls")
public final class GuestImage {
	private final ImageBytes file;
	private final @Nullable ElfFile elf;
	private final @Nullable MultibootHeader multiboot;
	private final @Nullable Long pvhEntry;

	private GuestImage(ImageBytes file) throws ImageException {
		this.file = file;
		ElfFile parsed = ElfFile.isElf(file) ? ElfFile.parse(file) : null;
		this.elf = parsed;
		this.multiboot = MultibootHeader.find(file);
		this.pvhEntry = parsed == null ? null : PvhBoot.entry(file, parsed);
		if (protocols().isEmpty()) {
			throw ForeignFormat.refusal(file, parsed != null);
		}
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
		return new GuestImage(new ImageBytes(name, contents));
	}

	/** The file's name. */
	public String name() {
		return file.name();
	}

	/** The protocols by which it can be entered; iterates the best first. Never empty. */
	public Set<BootProtocol> protocols() {
		EnumSet<BootProtocol> offered = EnumSet.noneOf(BootProtocol.class);
		ElfFile parsed = elf;
		if (pvhEntry != null) {
			offered.add(BootProtocol.PVH);
		}
		if (multiboot != null) {
			offered.add(BootProtocol.MULTIBOOT);
		}
		if (parsed != null && parsed.wide()) {
			offered.add(BootProtocol.ELF64);
		}
		return offered;
	}

	/**
	 * Places the image in memory, whose RAM is all zeros.
	 *
	 * @throws ImageException if it or a module does not fit, or it does not offer the protocol; memory is unchanged then
	 */
	public InitialState load(PhysicalMemory memory, MemoryMap map, LoadRequest request) throws ImageException {
		LoadPlan plan = new LoadPlan(name(), map);
		InitialState state = prepare(plan, request);
		plan.carryOut(memory);
		return state;
	}

	private InitialState prepare(LoadPlan plan, LoadRequest request) throws ImageException {
		Set<BootProtocol> offered = protocols();
		BootProtocol protocol = request.protocol().orElse(offered.iterator().next());
		ElfFile parsed = elf;
		MultibootHeader header = multiboot;
		Long entry = pvhEntry;
		if (protocol == BootProtocol.PVH && parsed != null && entry != null) {
			return PvhBoot.prepare(plan, file, parsed, entry, request);
		}
		if (protocol == BootProtocol.MULTIBOOT && header != null) {
			return MultibootBoot.prepare(plan, file, header, parsed, request);
		}
		if (protocol == BootProtocol.ELF64 && parsed != null && parsed.wide()) {
			return ElfBoot.prepare(plan, file, parsed, request.modules());
		}
		throw file.error("cannot be booted by " + protocol.label() + "; it offers "
				+ offered.stream().map(BootProtocol::label).collect(Collectors.joining(", ")));
	}
}
