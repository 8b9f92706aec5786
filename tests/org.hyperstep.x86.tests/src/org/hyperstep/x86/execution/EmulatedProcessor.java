/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** The processor under test, asked what {@link HostProcessor} is asked. */
final class EmulatedProcessor {
	private final FlatMachine machine = arena();

	/** 64-bit mode with the first gigabyte mapped but only 64 KiB around the window backed like the host's. */
	private static FlatMachine arena() {
		FlatMachine machine = FlatMachine.in64BitMode(0x2001_0000L);
		// What the host does not map is not mapped here either: 0x20000000 to 0x2000ffff by 4-KiB pages.
		machine.memory.write(0x3000 + 8 * 256, 8, 0x5003);
		for (int i = 0; i < 16; i++) {
			machine.memory.write(0x5000 + 8L * i, 8, HostProcessor.ARENA + (i << 12) | 3);
		}
		for (int i = 1; i < 512; i++) {
			if (i != 256) {
				machine.memory.write(0x3000 + 8L * i, 8, 0);
			}
		}
		machine.state.cr4 |= CpuState.CR4_OSXSAVE;
		machine.state.xcr0 = 7;
		machine.processor.stateReplaced();
		return machine;
	}

	/** Executes one case. */
	HostProcessor.Outcome execute(HostProcessor.Case start) {
		CpuState state = machine.state;
		System.arraycopy(start.registers(), 0, state.general, 0, 16);
		System.arraycopy(start.xmm(), 0, state.extended.xmm, 0, 32);
		System.arraycopy(start.xmm(), 32, state.extended.ymmUpper, 0, 32);
		state.extended.mxcsr = (int) start.mxcsr();
		loadX87(start.x87(), state.extended);
		state.rflags = start.flags();
		state.rip = FlatMachine.CODE;
		machine.memory.copyIn(FlatMachine.CODE, start.code(), 0, start.code().length);
		byte[] window = window(start);
		machine.memory.copyIn(HostProcessor.WINDOW, window, 0, window.length);
		machine.processor.stateReplaced();
		RunOutcome outcome;
		do {
			outcome = machine.processor.emulateOne();
		} while (outcome == RunOutcome.EXECUTED && state.rip == FlatMachine.CODE);
		machine.memory.copyOut(HostProcessor.WINDOW, window, 0, window.length);
		long hash = 0xcbf29ce484222325L;
		for (int at = 0; at < window.length; at += 8) {
			hash = (hash ^ LittleEndian.get(window, at, 8)) * 1099511628211L;
			hash ^= hash >>> 29;
		}
		long trap = outcome == RunOutcome.FAULT ? machine.processor.fault().vector() + 1L : 0;
		return new HostProcessor.Outcome(trap, Arrays.copyOf(state.general, 16), state.rflags, hash,
				state.extended.mxcsr, vectors(state.extended), x87(state.extended), stored(start, window));
	}

	private static long[] vectors(ExtendedState state) {
		long[] all = Arrays.copyOf(state.xmm, 64);
		System.arraycopy(state.ymmUpper, 0, all, 32, 32);
		return all;
	}

	private static byte[] window(HostProcessor.Case start) {
		byte[] window = new byte[HostProcessor.WINDOW_SIZE];
		long x = start.seed();
		for (int at = 0; at < window.length; at += 8) {
			x ^= x << 13;
			x ^= x >>> 7;
			x ^= x << 17;
			LittleEndian.set(window, at, 8, x);
		}
		HostProcessor.Patch patch = start.patch();
		if (patch.offset() != 0) {
			LittleEndian.set(window, patch.offset(), 8, patch.low());
			LittleEndian.set(window, patch.offset() + 8, 8, patch.high());
		}
		return window;
	}

	private static HostProcessor.Patch stored(HostProcessor.Case start, byte[] window) {
		int offset = start.patch().offset();
		return new HostProcessor.Patch(offset, LittleEndian.get(window, offset, 8),
				LittleEndian.get(window, offset + 8, 8));
	}

	private static void loadX87(HostProcessor.X87 from, ExtendedState to) {
		to.controlWord = from.control();
		boolean pending = (from.status() & ~from.control() & 0x3f) != 0;
		to.statusWord = from.status() | (pending ? 0x8080 : 0);
		to.validRegisters = 0;
		for (int n = 0; n < 8; n++) {
			to.validRegisters |= (from.tags() >> 2 * n & 3) == 3 ? 0 : 1 << n;
		}
		for (int k = 0; k < 8; k++) {
			to.significand[to.physical(k)] = from.significands()[k];
			to.signAndExponent[to.physical(k)] = from.words()[k];
		}
	}

	private HostProcessor.X87 x87(ExtendedState from) {
		int tags = 0;
		long[] significands = new long[8];
		int[] words = new int[8];
		for (int k = 0; k < 8; k++) {
			tags |= machine.processor.x87().tag(k) << 2 * k;
			significands[k] = from.significand[from.physical(k)];
			words[k] = from.signAndExponent[from.physical(k)] & 0xffff;
		}
		return new HostProcessor.X87(from.controlWord, from.statusWord, tags, significands, words);
	}
}
