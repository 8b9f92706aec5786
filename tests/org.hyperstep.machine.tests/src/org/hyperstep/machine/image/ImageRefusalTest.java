/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.hyperstep.machine.Pc;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bad file gets one line that names it, says what is wrong, and what to do. */
@SuppressWarnings("nls")
class ImageRefusalTest {
	private static final byte[] CODE = new byte[64];

	private static void refused(byte[] image, String... words) {
		refused(image, LoadRequest.PLAIN, words);
	}

	private static void refused(byte[] image, LoadRequest request, String... words) {
		Pc pc = new Pc();
		ImageException e = assertThrows(ImageException.class,
				() -> pc.machine.load(GuestImage.of("dir/name", image), request));
		check(e, "dir/name: ", words);
		byte[] low = new byte[1 << 20];
		pc.machine.physicalMemory().copyOut(0x100000, low, 0, low.length);
		assertTrue(Arrays.equals(new byte[1 << 20], low), "memory was changed by a refused image");
	}

	private static void check(ImageException e, String start, String... words) {
		String message = String.valueOf(e.getMessage());
		assertTrue(message.startsWith(start), message);
		assertFalse(message.contains("\n"), message);
		for (String word : words) {
			assertTrue(message.contains(word), message + " -- lacks: " + word);
		}
	}

	private static void unreadable(Path file, String... words) {
		check(assertThrows(ImageException.class, () -> GuestImage.open(file)), file.toString(), words);
	}

	private static byte[] ticker() throws IOException {
		try (InputStream in = Sample.TICKER.image()) {
			return in.readAllBytes();
		}
	}

	private static ElfBuilder elf() {
		return new ElfBuilder(true).entry(0x100000).load(0x100000, CODE, 4096);
	}

	@Test
	void aMissingFileADirectoryAndAnEmptyFileAreNamed(@TempDir Path directory) throws IOException {
		unreadable(directory.resolve("none"), "no such file");
		unreadable(directory, "is a directory");
		unreadable(Files.createFile(directory.resolve("empty")), "is empty");
	}

	@Test
	void whatIsNoImageIsSaidToBeNone() {
		refused("just text, and more of it, so that nothing is missing".getBytes(), "is not a guest image");
		refused(new byte[] { 1 }, "is not a guest image");
	}

	@Test
	void commonMistakesAreRecognised() {
		refused(new byte[] { 0x1f, (byte) 0x8b, 8, 0 }, "gzip", "gunzip");
		refused(new byte[] { (byte) 0xfd, '7', 'z', 'X', 'Z', 0 }, "xz");
		refused("#!/bin/sh\n".getBytes(), "script");
		byte[] bzImage = new byte[0x400];
		bzImage[0x1fe] = 0x55;
		bzImage[0x1ff] = (byte) 0xaa;
		System.arraycopy("HdrS".getBytes(), 0, bzImage, 0x202, 4);
		refused(bzImage, "Linux kernel of an old kind");
		bzImage[0x202] = 0;
		refused(bzImage, "boot sector");
	}

	@Test
	void anotherMachinesExecutableIsNamed() {
		refused(new ElfBuilder(false).machine(40).load(0x8000, CODE, 64).build(), "32-bit", "ARM", "x86 code only");
		refused(new ElfBuilder(true).machine(183).load(0x8000, CODE, 64).build(), "64-bit", "AArch64");
		refused(new ElfBuilder(true).machine(0x7777).load(0x8000, CODE, 64).build(), "unknown machine");
		byte[] big = new ElfBuilder(false).machine(8 << 8).load(0x8000, CODE, 64).build();
		big[5] = 2;
		refused(big, "MIPS");
		refused(new ElfBuilder(false).machine(62).load(0x8000, CODE, 64).build(), "x32");
	}

	@Test
	void unlinkedAndPositionIndependentFilesAreRefused() {
		refused(elf().type(1).build(), "not linked");
		refused(elf().type(3).build(), "-no-pie");
		refused(elf().type(4).build(), "core dump");
		refused(elf().type(9).build(), "unknown type 9", "0x10");
	}

	@Test
	void filesWithoutAnythingToLoadAreRefused() {
		refused(new ElfBuilder(true).build(), "no program headers");
		refused(new ElfBuilder(true).pvhNote(0).build(), "nothing to load");
		refused(new ElfBuilder(false).load(0x100000, CODE, 64).build(), "entry point 0x0");
	}

	@Test
	void truncationIsSaidWithTheOffset() throws IOException {
		refused(Arrays.copyOf(ticker(), 0x1100), "truncated", "offset 0x");
		refused(Arrays.copyOf(ticker(), 0x30), "truncated", "offset 0x");
	}

	@Test
	void anImageThatDoesNotFitSaysHowMuchIsNeeded() {
		refused(elf().load(0x200000, CODE, 64 << 20).build(), "does not fit into memory", "66 MB", "has 16 MB");
		refused(elf().load(0x100_0000_0000L, CODE, 64).build(), "beyond any memory");
		refused(elf().load(-4096L, CODE, 4096).build(), "beyond any memory");
	}

	@Test
	void aSegmentInAHoleSaysWhereRamIsFree() {
		refused(elf().load(0xb8000, CODE, 64).build(), "does not lie in free RAM", "0x0-0x9fbff", "0x100000-0xffffff");
	}

	@Test
	void overlappingSegmentsAreNamed() {
		refused(elf().load(0x100800, CODE, 64).build(), "segment 1", "overlaps segment 0", "0x100800");
	}

	@Test
	void aSegmentLargerInTheFileThanInMemoryIsDamage() {
		refused(elf().load(0x200000, CODE, 32).build(), "0x40 bytes in the file, 0x20 in memory");
	}

	@Test
	void badNotesAreSaidWithTheirOffset() {
		refused(elf().note("Xen", 18, new byte[3]).build(), "bad PVH note", "3 bytes", "offset 0x");
		refused(elf().pvhNote(0x900000).build(), "bad PVH note", "0x900000", "nothing is loaded");
		byte[] image = elf().pvhNote(0x100000).build();
		image[image.length - 16] = 0x7f;
		refused(image, "bad note at offset 0x");
	}

	@Test
	void badMultibootAddressesAreSaid() {
		int flag = 1 << 16;
		refused(ElfBuilder.multibootHeader(flag, 0x100000, 0x200000, 0, 0, 0x100000), "header_addr 0x100000");
		refused(ElfBuilder.multibootHeader(flag, 0x200000, 0x200000, 0x100000, 0, 0x200000), "load_end_addr 0x100000");
		refused(ElfBuilder.multibootHeader(flag, 0x200000, 0x200000, 0x200020, 0x200010, 0x200000),
				"bss_end_addr 0x200010");
		refused(ElfBuilder.multibootHeader(flag, 0x200000, 0x200000, 0, 0, 0x300000), "entry_addr 0x300000");
		refused(ElfBuilder.multibootHeader(flag, 0x200000, 0x200000, 0x300000, 0, 0x200000), "truncated");
		refused(ElfBuilder.multibootHeader(0x10), "unknown features", "0x10");
		refused(ElfBuilder.multibootHeader(0), "nothing says where to load it");
	}

	@Test
	void anEntryPointOutsideOfWhatIsLoadedIsSaid() {
		refused(elf().entry(0x500000).build(), "entry point 0x500000", "ENTRY");
	}

	@Test
	void aPlainElfLinkedElsewhereThanLoadedIsSaidToNeedAProtocol() {
		refused(new ElfBuilder(true).entry(0xffffffff80100000L).load(0xffffffff80100000L, 0x100000, CODE, 4096).build(),
				"is linked at 0xffffffff80100000 but loaded at 0x100000", "PVH");
	}

	@Test
	void aProtocolThatTheImageDoesNotOfferIsRefusedNamingThoseItDoes() {
		refused(elf().build(), new LoadRequest("", List.of(), Optional.of(BootProtocol.PVH)), "cannot be booted by PVH",
				"it offers ELF64");
	}

	@Test
	void modulesAreCheckedLikeImages(@TempDir Path directory) throws IOException {
		Pc pc = new Pc();
		Path missing = directory.resolve("missing");
		check(assertThrows(ImageException.class, () -> pc.machine.load(GuestImage.of("ticker", ticker()),
				new LoadRequest("", List.of(BootModule.of(missing)), Optional.empty()))), missing.toString(),
				"no such file");
		Path large = Files.write(directory.resolve("large"), new byte[16 << 20]);
		refused(ticker(), new LoadRequest("", List.of(BootModule.of(large)), Optional.empty()), "does not fit",
				"large");
		refused(elf().build(), new LoadRequest("", List.of(BootModule.of(large)), Optional.empty()),
				"no way to take modules");
	}

	@Test
	void protocolsHaveNamesForUsers() {
		assertEquals("PVH", BootProtocol.PVH.label());
	}
}
