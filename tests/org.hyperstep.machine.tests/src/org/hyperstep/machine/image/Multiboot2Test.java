/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.Pc;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading by the Multiboot2 Specification. */
@SuppressWarnings("nls")
class Multiboot2Test {
	private final Pc pc = new Pc();
	private final PhysicalMemory memory = pc.machine.physicalMemory();

	/** A header of these tags: type, size with the tag's head, 32-bit words. */
	static byte[] header(int[]... tags) {
		ByteBuffer header = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN).position(16);
		for (int[] tag : tags) {
			int start = header.position();
			for (int word : tag) {
				header.putInt(word);
			}
			header.position(start + (tag[1] + 7 & ~7));
		}
		header.putInt(0).putInt(8);
		int length = header.position();
		header.putInt(0, 0xe85250d6).putInt(8, length).putInt(12, -(0xe85250d6 + length));
		return java.util.Arrays.copyOf(header.array(), length);
	}

	private static byte[] elf(byte[] header) {
		return new ElfBuilder(true).entry(0x100000).load(0x100000, header, 0x1000).build();
	}

	private InitialState load(byte[] image, BootModule... modules) throws ImageException {
		return pc.machine.load(GuestImage.of("image", image),
				new LoadRequest("a b", List.of(modules), Optional.of(BootProtocol.MULTIBOOT_2)));
	}

	private void refused(byte[] image, String words) {
		String message = String.valueOf(assertThrows(ImageException.class, () -> load(image)).getMessage());
		assertTrue(message.startsWith("image: ") && message.contains(words), message);
	}

	/** Addresses of the information's tags by type. */
	private Map<Long, Long> tags(long information) {
		Map<Long, Long> tags = new HashMap<>();
		long end = information + memory.read(information, 4);
		long at = information + 8;
		while (at < end) {
			tags.put(memory.read(at, 4), at);
			at += memory.read(at + 4, 4) + 7 & ~7L;
		}
		assertEquals(end, at);
		return tags;
	}

	@Test
	void informationIsHandedOverAsTags(@TempDir Path directory) throws Exception {
		Path module = Files.write(directory.resolve("first"), new byte[] { 4, 2 });
		InitialState state = load(elf(header()), new BootModule(module, "w x"));
		assertEquals(0x36d76289, state.rax());
		assertEquals(0x100000, state.rip());
		assertEquals(0, state.rbx() % 8);
		Map<Long, Long> tags = tags(state.rbx());
		byte[] line = new byte[4];
		memory.copyOut(tags.get(1L) + 8, line, 0, 4);
		assertArrayEquals(new byte[] { 'a', ' ', 'b', 0 }, line);
		long start = memory.read(tags.get(3L) + 8, 4);
		assertEquals(0x0204, memory.read(start, 2));
		assertEquals(start + 2, memory.read(tags.get(3L) + 12, 4));
		byte[] string = new byte[10];
		memory.copyOut(tags.get(3L) + 16, string, 0, string.length);
		assertArrayEquals("first w x\0".getBytes(), string);
		assertEquals(639, memory.read(tags.get(4L) + 8, 4));
		assertEquals(24, memory.read(tags.get(6L) + 8, 4));
		assertEquals(16 + 6 * 24, memory.read(tags.get(6L) + 4, 4));
		assertEquals(0x9fc00, memory.read(tags.get(6L) + 24, 8));
		assertEquals(memory.read(MemoryMap.ACPI, 8), memory.read(tags.get(15L) + 8, 8));
		assertEquals(8, memory.read(tags.get(0L) + 4, 4));
	}

	@Test
	void addressAndEntryTagsLoadAFlatFile() throws Exception {
		byte[] header = header(new int[] { 2, 24, 0x200000, 0x200000, 0, 0x201000 }, new int[] { 3, 12, 0x200010 });
		InitialState state = load(header);
		assertEquals(0x200010, state.rip());
		assertEquals(0xe85250d6L, memory.read(0x200000, 4));
	}

	@Test
	void badHeadersAreSaid() {
		refused(elf(header(new int[] { 99, 8 })), "offset 0x88: its type 99 is unknown");
		refused(elf(header(new int[] { 1, 12, 77 })), "information of the unknown type 77");
		refused(elf(header(new int[] { 3, 8 })), "bad multiboot 2 tag at offset 0x88");
		refused(elf(header(new int[] { 3, 12, 0x300000 })), "without an entry point in what is loaded (0x300000)");
		refused(header(), "nothing says where to load it");
	}
}
