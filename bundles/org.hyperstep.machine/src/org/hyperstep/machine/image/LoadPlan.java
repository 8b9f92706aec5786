/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * What goes where. Everything is placed and checked first and copied at the end, so that a refused image leaves the memory
 * as it was.
 */
@SuppressWarnings("nls")
final class LoadPlan {
	/** Information for the guest goes from here on: the page at 0 holds the real-mode vector table. */
	private static final long INFORMATION = 0x1000;
	private static final long MEGABYTE = 1 << 20;

	private record Piece(byte[] source, int offset, int length, long guestPhysical) {
	}

	private record Rom(byte[] contents, long guestPhysical) {
	}

	private record Occupied(String what, long start, long end) {
		boolean overlaps(long otherStart, long otherEnd) {
			return start < otherEnd && otherStart < end;
		}
	}

	private final String name;
	private final MemoryMap map;
	private final PhysicalMemory memory;
	private final List<Piece> pieces = new ArrayList<>();
	private final List<Rom> roms = new ArrayList<>();
	private final List<Occupied> occupied = new ArrayList<>();

	LoadPlan(String name, MemoryMap map, PhysicalMemory memory) {
		this.name = name;
		this.map = map;
		this.memory = memory;
	}

	MemoryMap map() {
		return map;
	}

	/**
	 * Places bytes of a file where it says.
	 *
	 * @param what       names the part in messages
	 * @param length     bytes from the file
	 * @param memorySize bytes in memory, the rest being zeros
	 */
	void place(String what, byte[] source, long offset, long length, long guestPhysical, long memorySize)
			throws ImageException {
		if (!map.isUsable(guestPhysical, memorySize)) {
			throw doesNotFit(what, guestPhysical, memorySize);
		}
		long end = guestPhysical + memorySize;
		for (Occupied other : occupied) {
			if (other.overlaps(guestPhysical, end)) {
				throw error(String.format("%s (0x%x to 0x%x) overlaps %s (0x%x to 0x%x)", what, guestPhysical, end - 1,
						other.what, other.start, other.end - 1));
			}
		}
		occupied.add(new Occupied(what, guestPhysical, end));
		pieces.add(new Piece(source, (int) offset, (int) length, guestPhysical));
	}

	/** Places what firmware would have left in memory that it keeps for itself. */
	void placeReserved(byte[] source, long guestPhysical) {
		pieces.add(new Piece(source, 0, source.length, guestPhysical));
	}

	/** Adds ROM where no RAM is. */
	void placeRom(byte[] contents, long guestPhysical) {
		roms.add(new Rom(contents, guestPhysical));
	}

	/** What firmware has left in memory. */
	byte[] present(long guestPhysical, int length) {
		byte[] bytes = new byte[length];
		memory.copyOut(guestPhysical, bytes, 0, length);
		return bytes;
	}

	/** Whether something was placed at an address. */
	boolean holds(long guestPhysical) {
		return occupied.stream().anyMatch(part -> part.overlaps(guestPhysical, guestPhysical + 1));
	}

	/** The lowest address of what was placed so far at or above 1 MB, or of all if nothing is there. */
	long lowestOfImage() {
		return occupied.stream().mapToLong(Occupied::start).filter(start -> start >= MemoryMap.MEGABYTE).min()
				.orElse(occupied.stream().mapToLong(Occupied::start).min().orElse(0));
	}

	/** Keeps what is placed later out of a range. */
	void keepFree(String what, long guestPhysical, long size) {
		occupied.add(new Occupied(what, guestPhysical, guestPhysical + size));
	}

	private ImageException doesNotFit(String what, long start, long size) {
		long end = start + size;
		if (start < 0 || size < 0 || end < 0 || end > 1L << 40) {
			return error(String.format("%s wants to be at guest-physical 0x%x (0x%x bytes), beyond any memory", what,
					start, size));
		}
		long ramEnd = map.ranges().get(map.ranges().size() - 1).end();
		if (end > ramEnd && start >= MemoryMap.MEGABYTE) {
			return error(String.format(
					"does not fit into memory: %s ends at 0x%x, so the guest needs at least %d MB; it has %d MB",
					what, end, (end + MEGABYTE - 1) / MEGABYTE, ramEnd / MEGABYTE));
		}
		return error(String.format("%s (0x%x to 0x%x) does not lie in free RAM: %s", what, start, end - 1, freeRam()));
	}

	private String freeRam() {
		StringBuilder text = new StringBuilder("free are");
		for (MemoryMap.Range range : map.ranges()) {
			if (range.kind() == MemoryMap.Kind.USABLE) {
				text.append(String.format(" 0x%x-0x%x", range.start(), range.end() - 1));
			}
		}
		return text.toString();
	}

	/** Finds room for information for the guest, below 4 GB and as low as possible, and places it. */
	long placeLow(String what, byte[] source, int alignment) throws ImageException {
		long start = firstFit(source.length, alignment, INFORMATION);
		if (start < 0) {
			throw error("leaves no memory free for " + what);
		}
		place(what, source, 0, source.length, start, source.length);
		return start;
	}

	/** Keeps zeroed memory for the guest, such as a stack. */
	long reserveLow(String what, int size, int alignment) throws ImageException {
		return placeLow(what, new byte[size], alignment);
	}

	/** Places a module on pages of its own, above all that is placed above 1 MB. */
	long placeAboveImage(String what, byte[] source) throws ImageException {
		long from = MemoryMap.MEGABYTE;
		for (Occupied other : occupied) {
			from = Math.max(from, other.end);
		}
		return placeModule(what, source, firstFit(source.length, MemoryMap.PAGE, from));
	}

	/** Places a module on pages of its own at the end of the RAM below 4 GB. */
	long placeAtTop(String what, byte[] source) throws ImageException {
		return placeBelow(what, source, MemoryMap.DEVICES);
	}

	/** Places a module on pages of its own at the end of the RAM below {@code limit}, which is below the devices. */
	long placeBelow(String what, byte[] source, long limit) throws ImageException {
		long top = 0;
		for (MemoryMap.Range range : map.ranges()) {
			if (range.kind() == MemoryMap.Kind.USABLE && range.start() < limit) {
				top = Math.min(range.end(), limit);
			}
		}
		long start = top - source.length & -MemoryMap.PAGE;
		for (boolean moved = true; moved;) {
			moved = false;
			for (Occupied other : occupied) {
				if (other.overlaps(start, start + source.length)) {
					start = other.start - source.length & -MemoryMap.PAGE;
					moved = true;
				}
			}
		}
		return placeModule(what, source, start);
	}

	private long placeModule(String what, byte[] source, long start) throws ImageException {
		if (start < MemoryMap.MEGABYTE || !map.isUsable(start, source.length)) {
			throw error(String.format(
					"%s of %d bytes does not fit into memory beside the image; give the guest more memory", what,
					source.length));
		}
		place(what, source, 0, source.length, start, source.length);
		return start;
	}

	private long firstFit(long size, int alignment, long from) {
		for (MemoryMap.Range range : map.ranges()) {
			if (range.kind() != MemoryMap.Kind.USABLE || range.start() >= MemoryMap.DEVICES) {
				continue;
			}
			long start = alignUp(Math.max(range.start(), from), alignment);
			for (boolean moved = true; moved;) {
				moved = false;
				for (Occupied other : occupied) {
					if (other.overlaps(start, start + size)) {
						start = alignUp(other.end, alignment);
						moved = true;
					}
				}
			}
			if (start + size <= range.end()) {
				return start;
			}
		}
		return -1;
	}

	private static long alignUp(long address, int alignment) {
		return (address + alignment - 1) / alignment * alignment;
	}

	/** Places a text with a zero at its end. */
	long placeText(String what, String text) throws ImageException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return placeLow(what, java.util.Arrays.copyOf(bytes, bytes.length + 1), 1);
	}

	/** Places a table of 64-bit words. */
	long placeWords(String what, long[] words, int alignment) throws ImageException {
		return placeLow(what, bytes(words), alignment);
	}

	/** Fills what was reserved; for tables that hold their own addresses. */
	void fill(long guestPhysical, long[] words) {
		pieces.add(new Piece(bytes(words), 0, 8 * words.length, guestPhysical));
	}

	private static byte[] bytes(long[] words) {
		ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
		buffer.asLongBuffer().put(words);
		return buffer.array();
	}

	/** Copies all pieces. */
	void carryOut() {
		roms.forEach(rom -> memory.addRom(rom.guestPhysical, rom.contents));
		for (Piece piece : pieces) {
			int copied = memory.copyIn(piece.guestPhysical, piece.source, piece.offset, piece.length);
			if (copied != piece.length) {
				throw new IllegalStateException(
						"memory map and memory disagree at 0x" + Long.toHexString(piece.guestPhysical));
			}
		}
	}

	ImageException error(String message) {
		return new ImageException(name + ": " + message);
	}
}
