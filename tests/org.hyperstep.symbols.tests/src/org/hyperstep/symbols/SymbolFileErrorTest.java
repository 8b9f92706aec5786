/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.hyperstep.symbols.elf.ElfFile;
import org.hyperstep.symbols.elf.ElfNote;
import org.hyperstep.symbols.elf.ElfSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of unusable file gets a message that names the file and what is wrong with it. */
@SuppressWarnings("nls")
class SymbolFileErrorTest {
	private static final int E_TYPE = 16;
	private static final int E_MACHINE = 18;
	private static final int E_SHOFF = 40;
	private static final int SECTION_HEADER = 64;

	private final CompiledProgram compressed = CompiledProgram.with("-O0", "-gdwarf-5", "-gz");

	private static void assertRefused(Path file, String reason) {
		SymbolFileException failure = assertThrows(SymbolFileException.class, () -> SymbolFile.read(file));
		assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
		assertTrue(failure.getMessage().contains(reason), failure.getMessage());
	}

	private static void assertRefused(byte[] bytes, String reason) {
		SymbolFileException failure = assertThrows(SymbolFileException.class,
				() -> SymbolFile.of(Path.of("guest.elf"), bytes).checkAll());
		assertTrue(failure.getMessage().startsWith("guest.elf: "), failure.getMessage());
		assertTrue(failure.getMessage().contains(reason), failure.getMessage());
	}

	private static ByteBuffer view(byte[] bytes) {
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

	/** File offset of a section header of a 64-bit file. */
	private static int header(byte[] bytes, String section) throws SymbolFileException {
		int index = ElfFile.of(Path.of("guest.elf"), bytes).section(section).orElseThrow().index();
		return (int) view(bytes).getLong(E_SHOFF) + index * SECTION_HEADER;
	}

	@Test
	void missingFileIsNamed(@TempDir Path directory) {
		assertRefused(directory.resolve("absent"), "no such file");
	}

	@Test
	void directoryIsNamed(@TempDir Path directory) {
		assertRefused(directory, "is a directory");
	}

	@Test
	void emptyFileIsNamed(@TempDir Path directory) throws IOException {
		assertRefused(Files.createFile(directory.resolve("empty")), "the file is empty");
	}

	@Test
	void textIsNotAnElfFile() {
		assertRefused("#!/bin/sh\necho hello, world\n".getBytes(), "not an ELF file");
		assertRefused(new byte[] { 0x7f, 'E', 'L' }, "not an ELF file");
	}

	@Test
	void otherMachinesAreNamed() throws IOException {
		byte[] bytes = compressed.bytes();
		view(bytes).putShort(E_MACHINE, (short) 40);
		assertRefused(bytes, "not an x86 file: machine 40 (ARM)");
	}

	@Test
	void objectFileIsNotLinked() throws IOException {
		byte[] bytes = compressed.bytes();
		view(bytes).putShort(E_TYPE, (short) 1);
		assertRefused(bytes, "not linked");
	}

	@Test
	void everyTruncationOfTheTablesSaysSo() throws IOException {
		byte[] bytes = compressed.bytes();
		assertRefused(Arrays.copyOf(bytes, 40), "bytes wanted");
		assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "truncated file?");
		assertRefused(Arrays.copyOf(bytes, bytes.length / 2), "outside of");
	}

	@Test
	void zstdCompressionIsRefusedWithTheCure() throws IOException, SymbolFileException {
		byte[] bytes = compressed.bytes();
		int offset = (int) view(bytes).getLong(header(bytes, ".debug_info") + 24);
		view(bytes).putInt(offset, 2);
		assertRefused(bytes, "objcopy --decompress-debug-sections");
	}

	@Test
	void damagedCompressedDataIsNamedByItsSection() throws IOException, SymbolFileException {
		byte[] bytes = compressed.bytes();
		int offset = (int) view(bytes).getLong(header(bytes, ".debug_info") + 24);
		Arrays.fill(bytes, offset + 40, offset + 60, (byte) 0xff);
		assertRefused(bytes, ".debug_info");
	}

	@Test
	void claimOfAnImpossibleDecompressedSizeIsRefused() throws IOException, SymbolFileException {
		byte[] bytes = compressed.bytes();
		int offset = (int) view(bytes).getLong(header(bytes, ".debug_line") + 24);
		view(bytes).putLong(offset + 8, 1L << 40);
		assertRefused(bytes, "cannot be");
	}

	@Test
	void damagedLineProgramLeavesTheRestUsable() throws IOException, SymbolFileException {
		CompiledProgram program = CompiledProgram.with("-O0", "-gdwarf-5");
		byte[] bytes = program.bytes();
		int offset = (int) view(bytes).getLong(header(bytes, ".debug_line") + 24);
		view(bytes).putShort(offset + 4, (short) 9);
		SymbolFile symbols = SymbolFile.of(Path.of("guest.elf"), bytes);
		long start = symbols.symbol("start").orElseThrow().linear();
		assertTrue(symbols.sourceAt(start).isEmpty());
		assertEquals("start", symbols.functionAt(start).orElseThrow().name());
		assertTrue(symbols.sourceAt(symbols.symbol("helper").orElseThrow().linear()).isPresent());
		assertTrue(symbols.problems().get(0).getMessage().contains("version 9 is not supported"));
		assertEquals(".debug_line", symbols.problems().get(0).place());
	}

	@Test
	void buildIdIsAmongTheNotes() throws SymbolFileException, IOException {
		CompiledProgram program = CompiledProgram.with("-O0", "-gdwarf-5", "-Wl,--build-id=0x0123456789abcdef");
		ElfNote note = ElfFile.read(program.file()).notes().stream()
				.filter(n -> n.owner().equals("GNU") && n.type() == 3).findFirst()
				.orElseThrow();
		assertEquals(8, note.descriptor().length);
		assertEquals(0xef, note.descriptor()[7] & 0xff);
	}

	@Test
	void notesOfAFileWithoutSectionsComeFromTheSegments() throws SymbolFileException, IOException {
		CompiledProgram program = CompiledProgram.with("-O0", "-gdwarf-5", "-Wl,--build-id=0x0123456789abcdef");
		byte[] bytes = program.bytes();
		view(bytes).putLong(E_SHOFF, 0);
		ElfFile file = ElfFile.of(Path.of("guest.elf"), bytes);
		assertTrue(file.sections().isEmpty());
		assertTrue(file.notes().stream().anyMatch(n -> n.owner().equals("GNU") && n.type() == 3));
		assertTrue(file.isCode(file.header().entry()));
	}

	@Test
	void sectionFlagsTellCode() throws SymbolFileException {
		ElfFile file = ElfFile.read(compressed.file());
		assertTrue(file.section(".text").orElseThrow().isCode());
		assertEquals(0, file.section(".debug_info").orElseThrow().flags() & ElfSection.SHF_ALLOC);
	}

	@Test
	void fileThatIsNoElfHasNoSymbolsWhereThatIsAllowed(@TempDir Path directory) throws Exception {
		Path flat = Files.write(directory.resolve("flat.img"), new byte[] { (byte) 0xfa, (byte) 0xf4 });
		SymbolFile symbols = SymbolFile.readIfElf(flat);
		assertTrue(symbols.symbols().isEmpty());
		assertTrue(symbols.symbolAt(0x100000).isEmpty());
		assertTrue(symbols.sourceAt(0x100000).isEmpty());
		assertRefused(flat, "");
	}
}
