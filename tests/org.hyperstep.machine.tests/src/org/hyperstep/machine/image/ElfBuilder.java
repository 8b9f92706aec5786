/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes small ELF files whose every header field a test can set. */
public final class ElfBuilder {
	static final int PT_LOAD = 1, PT_NOTE = 4;

	private record Header(int type, byte[] contents, long linear, long physical, long memorySize, long align) {
	}

	private final boolean wide;
	private final List<Header> headers = new ArrayList<>();
	int machine;
	int type = 2;
	long entry;

	/** A file of ELF64, or of ELF32. */
	public ElfBuilder(boolean wide) {
		this.wide = wide;
		this.machine = wide ? 62 : 3;
	}

	/** Sets the entry point. */
	public ElfBuilder entry(long address) {
		entry = address;
		return this;
	}

	ElfBuilder machine(int number) {
		machine = number;
		return this;
	}

	ElfBuilder type(int number) {
		type = number;
		return this;
	}

	/** Adds a segment that is loaded where it is linked. */
	public ElfBuilder load(long address, byte[] contents, long memorySize) {
		return load(address, address, contents, memorySize);
	}

	ElfBuilder load(long linear, long physical, byte[] contents, long memorySize) {
		headers.add(new Header(PT_LOAD, contents, linear, physical, memorySize, 4096));
		return this;
	}

	ElfBuilder note(String owner, int noteType, byte[] description) {
		int ownerSize = owner.length() + 1;
		ByteBuffer note = buffer(12 + up(ownerSize) + up(description.length));
		note.putInt(ownerSize).putInt(description.length).putInt(noteType);
		note.put(owner.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).position(12 + up(ownerSize));
		note.put(description);
		headers.add(new Header(PT_NOTE, note.array(), 0, 0, note.capacity(), 4));
		return this;
	}

	/** A note of this owner and type with a 32-bit address. */
	ElfBuilder pvhNote(long address) {
		return note("Xen", 18, buffer(4).putInt((int) address).array()); //$NON-NLS-1$
	}

	/** The file. */
	public byte[] build() {
		int headerSize = wide ? 64 : 52;
		int entrySize = wide ? 56 : 32;
		int at = headerSize + entrySize * headers.size();
		int size = at;
		for (Header header : headers) {
			size += header.contents.length;
		}
		ByteBuffer file = buffer(size);
		file.putInt(ElfFile.MAGIC).put((byte) (wide ? 2 : 1)).put((byte) 1).put((byte) 1).position(16);
		file.putShort((short) type).putShort((short) machine).putInt(1);
		word(file, entry);
		word(file, headerSize);
		word(file, 0);
		file.putInt(0).putShort((short) headerSize).putShort((short) entrySize).putShort((short) headers.size());
		file.position(headerSize);
		for (Header header : headers) {
			putHeader(file, header, at);
			file.put(at, header.contents);
			at += header.contents.length;
		}
		return file.array();
	}

	private void putHeader(ByteBuffer file, Header header, int at) {
		file.putInt(header.type);
		if (wide) {
			file.putInt(7);
		}
		word(file, at);
		word(file, header.linear);
		word(file, header.physical);
		word(file, header.contents.length);
		word(file, header.memorySize);
		if (!wide) {
			file.putInt(7);
		}
		word(file, header.align);
	}

	private void word(ByteBuffer file, long value) {
		if (wide) {
			file.putLong(value);
		} else {
			file.putInt((int) value);
		}
	}

	private static ByteBuffer buffer(int size) {
		return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
	}

	private static int up(int size) {
		return size + 3 & ~3;
	}

	/** A multiboot 1 header with these fields after the magic, the checksum put in. */
	static byte[] multibootHeader(int flags, int... addresses) {
		ByteBuffer header = buffer(12 + 4 * addresses.length);
		header.putInt(0x1badb002).putInt(flags).putInt(-(0x1badb002 + flags));
		for (int address : addresses) {
			header.putInt(address);
		}
		return header.array();
	}
}
