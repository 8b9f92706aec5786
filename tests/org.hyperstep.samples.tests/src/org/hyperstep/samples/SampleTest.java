/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("nls")
class SampleTest {

	private static final int EM_X86_64 = 62;
	private static final int MULTIBOOT_HEADER = 4096;
	private static final int MULTIBOOT_MAGIC = 0x1badb002;
	private static final int ADDRESS_FIELDS_VALID = 1 << 16;

	private static byte[] bytes(Sample sample) throws IOException {
		try (InputStream image = sample.image()) {
			return image.readAllBytes();
		}
	}

	@ParameterizedTest
	@EnumSource
	void everySampleIsAnElf64ImageLoadedOneToOne(Sample sample) throws IOException {
		Elf64 elf = new Elf64(bytes(sample));
		assertEquals(EM_X86_64, elf.machine());
		assertFalse(elf.segments(Elf64.PT_LOAD).isEmpty());
		for (Elf64.Segment segment : elf.segments(Elf64.PT_LOAD)) {
			assertEquals(segment.linear(), segment.physical());
			assertTrue(segment.physical() >= 0x100000, "below 1 MB");
		}
	}

	@ParameterizedTest
	@EnumSource
	void multibootAddressFieldsLoadTheSameMemoryAsTheProgramHeaders(Sample sample) throws IOException {
		byte[] content = bytes(sample);
		Elf64 elf = new Elf64(content);
		ByteBuffer header = ByteBuffer.wrap(content, MULTIBOOT_HEADER, 32).slice().order(ByteOrder.LITTLE_ENDIAN);
		assertEquals(MULTIBOOT_MAGIC, header.getInt(0));
		assertEquals(ADDRESS_FIELDS_VALID, header.getInt(4));
		assertEquals(0, header.getInt(0) + header.getInt(4) + header.getInt(8), "checksum");
		long fileToAddress = header.getInt(12) - MULTIBOOT_HEADER;
		Elf64.Segment last = elf.segments(Elf64.PT_LOAD).getLast();
		for (Elf64.Segment segment : elf.segments(Elf64.PT_LOAD)) {
			assertEquals(fileToAddress, segment.physical() - segment.offset());
		}
		assertEquals(last.physical() + last.fileSize(), header.getInt(20), "load_end_addr");
		assertEquals(last.physical() + last.memorySize(), header.getInt(24), "bss_end_addr");
		assertEquals(elf.entry(), header.getInt(28), "entry_addr");
	}

	@ParameterizedTest
	@EnumSource
	void everySampleHasAPvhEntryInItsText(Sample sample) throws IOException {
		Elf64 elf = new Elf64(bytes(sample));
		Elf64.Segment text = elf.segments(Elf64.PT_LOAD).getFirst();
		long entry = elf.pvhEntry().orElseThrow();
		assertTrue(entry > text.physical() && entry < text.physical() + text.fileSize());
	}

	@ParameterizedTest
	@EnumSource
	void noMachinePathIsInAnyImage(Sample sample) throws IOException {
		String content = new String(bytes(sample), StandardCharsets.ISO_8859_1);
		assertTrue(content.contains(Sample.SOURCE_ROOT));
		for (String path : new String[] { "/home/", "/root/", "/tmp/", "/work/", "/build" }) {
			assertFalse(content.contains(path), path);
		}
	}

	@ParameterizedTest
	@EnumSource
	void everySampleIsFoundByItsLabel(Sample sample) {
		assertEquals(Optional.of(sample), Sample.byName(sample.label()));
	}

	@Test
	void unknownNameFindsNoSample() {
		assertEquals(Optional.empty(), Sample.byName("tock"));
	}

	@Test
	void copyReplacesAnOlderFile(@TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("ticker.elf"), "old");
		assertArrayEquals(bytes(Sample.TICKER), Files.readAllBytes(Sample.TICKER.copyTo(directory)));
	}
}
