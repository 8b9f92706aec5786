/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.image.InitialState.Mode;
import org.hyperstep.samples.Sample;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the loaders put where, by the protocols' documents. */
@SuppressWarnings("nls")
class GuestImageTest {
	private static final byte[] CODE = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	private final Pc pc = new Pc();
	private final PhysicalMemory memory = pc.machine.physicalMemory();

	private InitialState load(byte[] image, LoadRequest request) throws ImageException {
		return pc.machine.load(GuestImage.of("image", image), request);
	}

	private static LoadRequest by(BootProtocol protocol) {
		return new LoadRequest("some words", List.of(), Optional.of(protocol));
	}

	private byte[] bytes(long address, int length) {
		byte[] bytes = new byte[length];
		memory.copyOut(address, bytes, 0, length);
		return bytes;
	}

	private String text(long address) {
		StringBuilder text = new StringBuilder();
		for (long at = address; memory.read(at, 1) != 0; at++) {
			text.append((char) memory.read(at, 1));
		}
		return text.toString();
	}

	private static byte[] sample(Sample sample) throws IOException {
		try (InputStream in = sample.image()) {
			return in.readAllBytes();
		}
	}

	@Test
	void everySampleOffersAllProtocolsAndLoadsTheSameByEach() throws Exception {
		for (Sample sample : Sample.values()) {
			GuestImage image = GuestImage.of(sample.label(), sample(sample));
			assertEquals(EnumSet.of(BootProtocol.PVH, BootProtocol.MULTIBOOT, BootProtocol.ELF64), image.protocols());
			Pc one = new Pc();
			Pc other = new Pc();
			InitialState pvh = one.machine.load(image, by(BootProtocol.PVH));
			InitialState multiboot = other.machine.load(image, by(BootProtocol.MULTIBOOT));
			byte[] first = new byte[1 << 20];
			byte[] second = new byte[1 << 20];
			one.machine.physicalMemory().copyOut(0x100000, first, 0, first.length);
			other.machine.physicalMemory().copyOut(0x100000, second, 0, second.length);
			assertArrayEquals(first, second, sample.label());
			assertEquals(Mode.PROTECTED_32, pvh.mode());
			assertEquals(0x2badb002, multiboot.rax());
			CpuState cpu = new CpuState();
			multiboot.applyTo(cpu);
			assertEquals(8, cpu.segments[CpuState.CS].selector, "as kernels that never load CS expect");
		}
	}

	@Test
	void pvhIsPreferredToMultibootAndMultibootToPlainElf() throws Exception {
		byte[] header = ElfBuilder.multibootHeader(0);
		ElfBuilder elf = new ElfBuilder(true).entry(0x100000).load(0x100000, header, 4096);
		assertEquals(BootProtocol.MULTIBOOT, load(elf.build(), LoadRequest.PLAIN).protocol());
		assertEquals(BootProtocol.PVH, new Pc().machine
				.load(GuestImage.of("image", elf.pvhNote(0x100010).build()), LoadRequest.PLAIN).protocol());
	}

	@Test
	void pvhHandsOverStartInfoModulesAndMemoryMap(@TempDir Path directory) throws Exception {
		Path module = Files.write(directory.resolve("initrd"), new byte[] { 9, 8, 7 });
		byte[] image = new ElfBuilder(true).load(0xffffffff80200000L, 0x200000, CODE, 0x3000).pvhNote(0x200004).build();
		InitialState state = load(image,
				new LoadRequest("console=ttyS0", List.of(new BootModule(module, "with words")), Optional.empty()));
		long info = state.rbx();
		assertEquals(0x200004, state.rip());
		assertArrayEquals(CODE, bytes(0x200000, CODE.length));
		assertEquals(0x336ec578, memory.read(info, 4));
		assertEquals(1, memory.read(info + 4, 4));
		assertEquals(1, memory.read(info + 12, 4));
		long moduleList = memory.read(info + 16, 8);
		assertArrayEquals(new byte[] { 9, 8, 7 }, bytes(memory.read(moduleList, 8), 3));
		assertEquals(3, memory.read(moduleList + 8, 8));
		assertEquals("with words", text(memory.read(moduleList + 16, 8)));
		assertEquals(0, memory.read(moduleList, 8) % 4096);
		assertEquals("console=ttyS0", text(memory.read(info + 24, 8)));
		assertEquals(MemoryMap.ACPI, memory.read(info + 32, 8));
		assertEquals(6, memory.read(info + 48, 4));
		long map = memory.read(info + 40, 8);
		assertEquals(0x100000, memory.read(map + 5 * 24, 8));
		assertEquals(15 << 20, memory.read(map + 5 * 24 + 8, 8));
		assertEquals(1, memory.read(map + 5 * 24 + 16, 4));
	}

	@Test
	void multibootHandsOverInformationModulesAndMemoryMap(@TempDir Path directory) throws Exception {
		Path first = Files.write(directory.resolve("first"), new byte[5000]);
		Path second = Files.write(directory.resolve("second"), new byte[] { 4, 2 });
		byte[] image = new ElfBuilder(false).entry(0x100004).load(0x100000, ElfBuilder.multibootHeader(3), 0x2345)
				.build();
		InitialState state = load(image, new LoadRequest("a b",
				List.of(BootModule.of(first), new BootModule(second, "a=b,c d")), Optional.empty()));
		long info = state.rbx();
		assertEquals(0x2badb002, state.rax());
		assertEquals(0x100004, state.rip());
		assertEquals(1 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9, memory.read(info, 4));
		assertEquals(639, memory.read(info + 4, 4));
		assertEquals(15 << 10, memory.read(info + 8, 4));
		assertEquals("a b", text(memory.read(info + 16, 4)));
		assertEquals(2, memory.read(info + 20, 4));
		long modules = memory.read(info + 24, 4);
		assertEquals(0x103000, memory.read(modules, 4));
		assertEquals(0x103000 + 5000, memory.read(modules + 4, 4));
		assertEquals(0x105000, memory.read(modules + 16, 4));
		assertEquals("second a=b,c d", text(memory.read(modules + 24, 4)));
		assertArrayEquals(new byte[] { 4, 2 }, bytes(0x105000, 2));
		long map = memory.read(info + 48, 4);
		assertEquals(6 * 24, memory.read(info + 44, 4));
		assertEquals(20, memory.read(map, 4));
		assertEquals(0x9fc00, memory.read(map + 12, 8));
		assertEquals("Hyperstep", text(memory.read(info + 64, 4)));
	}

	/** As xv6's kernel: {@code ENTRY(_start)} with {@code _start = entry - KERNBASE}. */
	@Test
	void anEntryGivenByWhereItIsLoadedIsTakenAsItIs() throws Exception {
		byte[] image = new ElfBuilder(false).entry(0x10000c)
				.load(0x8010_0000L, 0x100000, ElfBuilder.multibootHeader(0), 0x1000).build();
		assertEquals(0x10000c, new Pc().machine.load(GuestImage.of("image", image), by(BootProtocol.MULTIBOOT)).rip());
	}

	@Test
	void multibootsAddressFieldsLoadAFlatFile() throws Exception {
		byte[] image = new byte[0x100 + 0x40];
		byte[] header = ElfBuilder.multibootHeader(1 << 16, 0x200020, 0x200000, 0, 0x201000, 0x200030);
		System.arraycopy(header, 0, image, 0x100, header.length);
		image[0xe0] = 0x11;
		image[0x13f] = 0x22;
		InitialState state = load(image, LoadRequest.PLAIN);
		assertEquals(0x200030, state.rip());
		assertEquals(0x11, memory.read(0x200000, 1));
		assertEquals(0x22, memory.read(0x20005f, 1));
	}

	@Test
	void plainElf64EntersLongModeWithTheFirst4GbMappedOneToOne() throws Exception {
		InitialState state = load(new ElfBuilder(true).entry(0x100008).load(0x100000, CODE, 4096).build(),
				LoadRequest.PLAIN);
		CpuState cpu = new CpuState();
		state.applyTo(cpu);
		assertEquals(0x100008, cpu.rip);
		assertTrue(cpu.segments[CpuState.CS].longMode());
		assertEquals(1 << 8 | 1 << 10, cpu.efer);
		assertEquals(8, cpu.general[CpuState.RSP] % 16);
		for (long linear : new long[] { 0, 0x100008, 0xfee00000L, 0xffffffffL }) {
			long pml4 = memory.read(cpu.cr3, 8);
			long pdpt = memory.read((pml4 & -4096) + 8 * (linear >>> 30), 8);
			long pd = memory.read((pdpt & -4096) + 8 * (linear >>> 21 & 511), 8);
			assertEquals(linear & -(2 << 20) | 0x83, pd);
		}
	}

	@Test
	void protectedModeEntryIsTheMultibootSpecificationsMachineState() throws Exception {
		InitialState state = load(sample(Sample.TICKER), by(BootProtocol.MULTIBOOT));
		CpuState cpu = new CpuState();
		cpu.general[CpuState.RDI] = 5;
		cpu.extended.reset();
		state.applyTo(cpu);
		assertEquals(0x11, cpu.cr0);
		assertEquals(0x37f, cpu.extended.controlWord, "x87 exceptions masked, as firmware leaves them");
		assertEquals(0, cpu.cr4 | cpu.efer | cpu.general[CpuState.RDI]);
		assertEquals(2, cpu.rflags);
		assertTrue(cpu.segments[CpuState.CS].defaultBig());
		assertFalse(cpu.segments[CpuState.CS].longMode());
		for (int segment = CpuState.ES; segment <= CpuState.GS; segment++) {
			assertEquals(0, cpu.segments[segment].base);
			assertEquals(0xffffffffL, cpu.segments[segment].limit);
		}
		assertEquals(0x00cf9b000000ffffL, memory.read(state.gdt() + cpu.segments[CpuState.CS].selector, 8));
		assertEquals(0x00cf93000000ffffL, memory.read(state.gdt() + cpu.segments[CpuState.DS].selector, 8));
	}

	@Test
	void informationAvoidsAnImageInLowMemory() throws Exception {
		byte[] image = new ElfBuilder(true).entry(0x1000).load(0x1000, CODE, 0x20000).build();
		InitialState state = load(image, LoadRequest.PLAIN);
		assertTrue(state.gdt() >= 0x21000);
		assertArrayEquals(CODE, bytes(0x1000, CODE.length));
		assertEquals(0, memory.read(0x1000 + CODE.length, 8));
	}

	@Test
	void aCommandLineIsHandedOverInUtf8() throws Exception {
		InitialState state = load(sample(Sample.TICKER), LoadRequest.withCommandLine("grüß"));
		long line = memory.read(state.rbx() + 24, 8);
		assertArrayEquals("grüß\0".getBytes(StandardCharsets.UTF_8), bytes(line, 7));
	}
}
