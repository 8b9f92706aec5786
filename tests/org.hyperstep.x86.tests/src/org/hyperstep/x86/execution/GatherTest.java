/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;
import org.junit.jupiter.api.Test;

/** Gathers of AVX2: as the host does them, and restartable. */
@SuppressWarnings("nls")
class GatherTest {
	private static final int CASES = Boolean.getBoolean("hyperstep.nightly") ? 500_000 : 5_000, BATCH = 500;

	private final SplittableRandom random = new SplittableRandom(0x6a74e5);

	/** A gather with random registers, all of whose elements lie in the window; sometimes two registers are the same. */
	private HostProcessor.Case next() {
		int opcode = 0x90 + random.nextInt(4);
		int w = random.nextInt(2);
		int length = random.nextInt(2);
		int destination = random.nextInt(16);
		int mask = (destination + random.nextInt(8)) & 15;
		int index = (destination - random.nextInt(8)) & 15;
		int scale = random.nextInt(4);
		byte displacement = (byte) random.nextInt(-16, 16);
		byte[] code = { (byte) 0xc4, (byte) ((~destination >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | 0x22),
				(byte) (w << 7 | (~mask & 15) << 3 | length << 2 | 1), (byte) opcode,
				(byte) (0x40 | (destination & 7) << 3 | 4), (byte) (scale << 6 | (index & 7) << 3 | 3), displacement };
		long[] registers = new long[16];
		registers[CpuState.RBX] = HostProcessor.WINDOW + 250;
		registers[CpuState.RSP] = HostProcessor.WINDOW + 200;
		long[] vectors = new long[64];
		for (int k = 0; k < vectors.length; k++) {
			vectors[k] = random.nextLong();
		}
		boolean wideIndex = (opcode & 1) != 0;
		for (int k : new int[] { 2 * index, 2 * index + 1, 2 * index + 32, 2 * index + 33 }) {
			vectors[k] = wideIndex ? random.nextInt(-25, 25)
					: random.nextInt(-25, 25) & 0xffff_ffffL | (long) random.nextInt(-25, 25) << 32;
		}
		return new HostProcessor.Case(code, HostProcessor.Mode.LONG, registers, 0x202, random.nextLong() | 1, 0x1f80,
				Arrays.copyOf(vectors, 32), Arrays.copyOfRange(vectors, 32, 64), HostProcessor.X87.initial(),
				HostProcessor.Patch.NONE);
	}

	@Test
	void gathersLeaveWhatTheHostLeaves() throws Exception {
		EmulatedProcessor emulated = new EmulatedProcessor();
		try (HostProcessor host = new HostProcessor()) {
			for (int done = 0; done < CASES; done += BATCH) {
				List<HostProcessor.Case> batch = new ArrayList<>();
				for (int k = 0; k < BATCH; k++) {
					batch.add(next());
				}
				HostProcessor.Outcome[] expected = host.execute(batch);
				for (int k = 0; k < BATCH; k++) {
					HostProcessor.Outcome actual = emulated.execute(batch.get(k));
					String text = HexFormat.ofDelimiter(" ").formatHex(batch.get(k).code());
					assertEquals(expected[k].trap(), actual.trap(), text);
					assertArrayEquals(expected[k].xmm(), actual.xmm(), text);
					assertArrayEquals(expected[k].upper(), actual.upper(), text);
				}
			}
		}
	}

	/** vpgatherdd ymm1, [rbx + ymm2 * 4], ymm3, its fifth element in a page that is not there. */
	private static FlatMachine faulting() {
		FlatMachine machine = FlatMachine.in64BitMode(4 << 20).code("c4e26590 0c93");
		machine.state.cr4 |= CpuState.CR4_OSXSAVE;
		machine.state.xcr0 = 7;
		machine.state.general[CpuState.RBX] = 0x20_0000;
		ExtendedState state = machine.state.extended;
		Arrays.fill(state.xmm, 6, 8, -1);
		Arrays.fill(state.ymmUpper, 6, 8, -1);
		for (int k = 0; k < 8; k++) {
			machine.memory.write(0x20_0000 + 4L * k, 4, 0x100 + k);
		}
		state.xmm[4] = 1L << 32;
		state.xmm[5] = 2 | 3L << 32;
		// 512 GB are not mapped, but no index of 32 bits reaches as far: one gigabyte up is enough.
		state.ymmUpper[4] = 0x1000_0000 | 5L << 32;
		state.ymmUpper[5] = 6 | 7L << 32;
		return machine;
	}

	@Test
	void faultKeepsTheElementsBeforeItAndTheirMaskCleared() {
		FlatMachine machine = faulting();
		machine.processor.emulateOne();
		ExtendedState state = machine.state.extended;
		assertEquals(Vector.PF, machine.processor.fault().vector());
		assertEquals(FlatMachine.CODE, machine.state.rip);
		assertEquals(0x100 | 0x101L << 32, state.xmm[2]);
		assertEquals(0x102 | 0x103L << 32, state.xmm[3]);
		assertEquals(0, state.xmm[6] | state.xmm[7]);
		assertEquals(-1, state.ymmUpper[6] & state.ymmUpper[7]);
		state.ymmUpper[4] = 4 | 5L << 32;
		machine.run(1);
		assertEquals(0x104 | 0x105L << 32, state.ymmUpper[2]);
		assertEquals(0x106 | 0x107L << 32, state.ymmUpper[3]);
		assertEquals(0, state.ymmUpper[6] | state.ymmUpper[7]);
	}

	@Test
	void twoRegistersThatAreTheSameAreUndefined() {
		// vpgatherdd ymm1, [rbx + ymm1 * 4], ymm3
		FlatMachine machine = faulting().code("c4e26590 0c8b");
		machine.processor.emulateOne();
		assertEquals(Vector.UD, machine.processor.fault().vector());
	}
}
