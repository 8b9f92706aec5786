/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** As much of an ELF64 file as these tests look at; the offsets are those of "ELF-64 Object File Format". */
@SuppressWarnings("nls")
final class Elf64 {

	static final int PT_LOAD = 1;
	static final int PT_NOTE = 4;
	private static final int XEN_ELFNOTE_PHYS32_ENTRY = 18;

	/** A program header. */
	record Segment(int type, int flags, long offset, long linear, long physical, long fileSize, long memorySize) {
	}

	private final ByteBuffer file;

	Elf64(byte[] content) {
		file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
		if (file.getInt(0) != 0x464c457f || file.get(4) != 2) {
			throw new IllegalArgumentException("not an ELF64 file");
		}
	}

	int machine() {
		return file.getShort(18);
	}

	long entry() {
		return file.getLong(24);
	}

	List<Segment> segments(int type) {
		List<Segment> segments = new ArrayList<>();
		for (int i = 0; i < file.getShort(56); i++) {
			int at = (int) file.getLong(32) + i * file.getShort(54);
			if (file.getInt(at) == type) {
				segments.add(new Segment(type, file.getInt(at + 4), file.getLong(at + 8), file.getLong(at + 16),
						file.getLong(at + 24), file.getLong(at + 32), file.getLong(at + 40)));
			}
		}
		return segments;
	}

	byte[] contentOf(Segment segment) {
		byte[] content = new byte[(int) segment.fileSize()];
		file.get((int) segment.offset(), content);
		return content;
	}

	/** The 32-bit physical entry of the PVH note. */
	OptionalLong pvhEntry() {
		for (Segment segment : segments(PT_NOTE)) {
			ByteBuffer notes = ByteBuffer.wrap(contentOf(segment)).order(ByteOrder.LITTLE_ENDIAN);
			int at = 0;
			while (at + 12 <= notes.limit()) {
				int description = at + 12 + align(notes.getInt(at));
				if (notes.getInt(at + 8) == XEN_ELFNOTE_PHYS32_ENTRY) {
					return OptionalLong.of(Integer.toUnsignedLong(notes.getInt(description)));
				}
				at = description + align(notes.getInt(at + 4));
			}
		}
		return OptionalLong.empty();
	}

	private static int align(int size) {
		return size + 3 & ~3;
	}
}
