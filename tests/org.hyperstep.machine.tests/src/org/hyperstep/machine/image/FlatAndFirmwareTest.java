/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.image.InitialState.Mode;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;
import org.junit.jupiter.api.Test;

/** Files that no format describes: bytes at an address, firmware in ROM, plain ELF32. */
@SuppressWarnings("nls")
class FlatAndFirmwareTest {
	private final Pc pc = new Pc();
	private final PhysicalMemory memory = pc.machine.physicalMemory();

	private InitialState flat(String placement, byte[] contents) throws ImageException {
		return pc.machine.load(GuestImage.flat("image", contents, FlatPlacement.parse(placement)), LoadRequest.PLAIN);
	}

	private static String refusal(org.junit.jupiter.api.function.Executable what) {
		return String.valueOf(assertThrows(ImageException.class, what).getMessage());
	}

	@Test
	void aBootSectorIsEnteredInRealModeWhereFirmwareWouldHaveIt() throws Exception {
		byte[] sector = new byte[512];
		sector[0] = (byte) 0xf4;
		InitialState state = flat("0x7c00", sector);
		CpuState cpu = new CpuState();
		state.applyTo(cpu);
		assertEquals(0x7c00, cpu.rip);
		assertEquals(0, cpu.segments[CpuState.CS].selector);
		assertEquals(0x7c00, cpu.general[CpuState.RSP]);
		assertEquals(0xf4, memory.read(0x7c00, 1));
	}

	@Test
	void aPlacementMayNameModeAndEntry() throws Exception {
		assertEquals(new FlatPlacement(0x100000, Mode.PROTECTED_32, 0x100000), FlatPlacement.parse("0x100000"));
		assertEquals(new FlatPlacement(1 << 21, Mode.LONG_64, 0x200010),
				FlatPlacement.parse("2097152,64,entry=0x200010"));
		assertEquals(0x200010, flat("0x200000,64,entry=0x200010", new byte[64]).rip());
		InitialState real = flat("0x10000,16,entry=0x10008", new byte[64]);
		assertEquals(0x1000, real.code());
		assertEquals(8, real.rip());
	}

	@Test
	void badPlacementsAreSaid() {
		assertTrue(refusal(() -> FlatPlacement.parse("here")).contains("'here' is not an address"));
		assertTrue(refusal(() -> FlatPlacement.parse("0x1000,48")).contains("'48' is neither 16, 32, 64"));
		assertTrue(refusal(() -> FlatPlacement.parse("0x100000,16")).contains("real mode does not reach"));
		assertTrue(refusal(() -> flat("0x1000,entry=0x2000", new byte[16])).contains("nothing is loaded at the entry"));
		assertTrue(refusal(() -> flat("0xfffff000", new byte[16])).contains("wants")
				|| refusal(() -> flat("0xfffff000", new byte[16])).contains("does not fit"));
	}

	@Test
	void firmwareEndsBelow4GbWithItsEndBelow1MbAndStartsAtTheResetVector() throws Exception {
		byte[] rom = new byte[256 << 10];
		rom[0] = 1;
		rom[rom.length - 16] = (byte) 0xea;
		InitialState state = pc.machine.load(GuestImage.firmware("rom", rom), LoadRequest.PLAIN);
		assertEquals(Mode.RESET, state.mode());
		assertEquals(0xea, memory.read(0xfffffff0L, 1));
		assertEquals(0xfffffff0L, memory.routed(0xffff0, Interception.READ));
		assertEquals(1, memory.read(0xfffc0000L, 1));
		memory.write(0xfffffff0L, 1, 0);
		assertEquals(0xea, memory.read(0xfffffff0L, 1));
	}

	@Test
	void whatIsNoFirmwareIsSaid() {
		assertTrue(refusal(() -> GuestImage.firmware("rom", new byte[1000])).contains("a multiple of 64 KB"));
		assertTrue(refusal(() -> pc.machine.load(GuestImage.firmware("rom", new byte[64 << 10]),
				LoadRequest.withCommandLine("x"))).contains("takes no command line"));
	}

	@Test
	void plainElf32IsEnteredInProtectedMode() throws Exception {
		InitialState state = pc.machine.load(GuestImage.of("image",
				new ElfBuilder(false).entry(0x100004).load(0x100000, new byte[16], 4096).build()),
				new LoadRequest("", List.of(), Optional.of(BootProtocol.ELF32)));
		assertEquals(Mode.PROTECTED_32, state.mode());
		assertEquals(0x100004, state.rip());
	}
}
