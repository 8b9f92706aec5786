/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.HostProcessor.ARENA;
import static org.hyperstep.x86.execution.HostProcessor.INSTRUCTION;
import static org.hyperstep.x86.execution.HostProcessor.WINDOW;
import static org.hyperstep.x86.execution.HostProcessor.WINDOW_SIZE;

import java.util.Arrays;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/** The processor under test, asked at CPL 3 what {@link HostProcessor} is asked. */
final class EmulatedProcessor {
	private static final int DIRECTORY = 0x3000, ARENA_TABLE = 0x5000, PRESENT_USER = 7;
	private static final int CODE_64 = 0xa0fb, CODE_32 = 0xc0fb, DATA = 0xc0f3;

	private final FlatMachine machine;
	private static final int TAIL_SIZE = 64, TAIL = ARENA + HostProcessor.ARENA_SIZE - TAIL_SIZE;
	/** The window, and behind it the end of what is mapped. */
	private final byte[] contents = new byte[WINDOW_SIZE + TAIL_SIZE];
	private byte[] code = new byte[0];
	private HostProcessor.Mode mode = HostProcessor.Mode.LONG;

	/** Paging that maps what the host's program has mapped where cases get to: its code and the arena. */
	EmulatedProcessor() {
		machine = FlatMachine.in64BitMode(
				new FlatMachine(0x2001_0000L, ProcessorModel.of(Vendor.AMD, Level.V3, 0, 1)));
		machine.memory.write(0x1000, 8, 0x2000 | PRESENT_USER);
		machine.memory.write(0x2000, 8, DIRECTORY | PRESENT_USER);
		for (int i = 0; i < 512; i++) {
			machine.memory.write(DIRECTORY + 8L * i, 8, 0);
		}
		machine.memory.write(DIRECTORY + 8L * (INSTRUCTION >> 21), 8, INSTRUCTION >> 21 << 21 | 0x80 | PRESENT_USER);
		machine.memory.write(DIRECTORY + 8L * (ARENA >> 21), 8, ARENA_TABLE | PRESENT_USER);
		for (int i = 0; i < HostProcessor.ARENA_SIZE >> 12; i++) {
			machine.memory.write(ARENA_TABLE + 8L * i, 8, ARENA + (i << 12) | PRESENT_USER);
		}
		CpuState state = machine.state;
		for (int i : new int[] { CpuState.ES, CpuState.SS, CpuState.DS, CpuState.FS, CpuState.GS }) {
			state.segments[i].set(0x2b, 0, 0xffff_ffffL, DATA);
		}
		// A task-state segment without an I/O permission map.
		state.segments[CpuState.TR].set(0x40, 0, 0x66, 0x8b);
		state.cpl = 3;
		state.cr4 |= CpuState.CR4_OSXSAVE & machine.processor.model().cr4Allowed();
		state.xcr0 = 7 & machine.processor.model().xcr0Allowed();
		enter(HostProcessor.Mode.LONG);
	}

	private void enter(HostProcessor.Mode next) {
		mode = next;
		boolean compatibility = next.compatibility();
		machine.state.segments[CpuState.CS].set(compatibility ? 0x23 : 0x33, 0, 0xffff_ffffL,
				compatibility ? CODE_32 : CODE_64);
		machine.processor.stateReplaced();
	}

	/** The processor that executes. */
	ProcessorModel model() {
		return machine.processor.model();
	}

	/** Executes one case. */
	HostProcessor.Outcome execute(HostProcessor.Case start) {
		CpuState state = machine.state;
		System.arraycopy(start.registers(), 0, state.general, 0, 16);
		System.arraycopy(start.xmm(), 0, state.extended.xmm, 0, 32);
		System.arraycopy(start.upper(), 0, state.extended.ymmUpper, 0, 32);
		state.extended.mxcsr = (int) start.mxcsr();
		loadX87(start.x87(), state.extended);
		state.rflags = start.flags();
		state.rip = INSTRUCTION;
		if (mode.compatibility() != start.mode().compatibility()) {
			enter(start.mode());
		}
		if (!Arrays.equals(code, start.code())) {
			code = start.code();
			machine.memory.copyIn(INSTRUCTION, code, 0, code.length);
		}
		fillWindow(start);
		machine.memory.copyIn(WINDOW, contents, 0, WINDOW_SIZE);
		machine.memory.copyIn(TAIL, contents, WINDOW_SIZE, TAIL_SIZE);
		RunOutcome outcome = run(start);
		machine.memory.copyOut(WINDOW, contents, 0, WINDOW_SIZE);
		machine.memory.copyOut(TAIL, contents, WINDOW_SIZE, TAIL_SIZE);
		long hash = 0xcbf29ce484222325L;
		for (int at = 0; at < contents.length; at += 8) {
			hash = (hash ^ LittleEndian.get(contents, at, 8)) * 1099511628211L;
			hash ^= hash >>> 29;
		}
		long trap = outcome == RunOutcome.FAULT ? machine.processor.fault().vector() + 1L : 0;
		return new HostProcessor.Outcome(trap, trap == Vector.PF + 1 ? machine.processor.fault().payload() : 0,
				state.rip, Arrays.copyOf(state.general, 16), state.rflags, hash, state.extended.mxcsr,
				state.extended.xmm.clone(), state.extended.ymmUpper.clone(), x87(state.extended), stored(start));
	}

	/** A repeated instruction is executed to its end, a branch once. */
	private RunOutcome run(HostProcessor.Case start) {
		RunOutcome outcome;
		do {
			outcome = machine.processor.emulateOne();
		} while (outcome == RunOutcome.EXECUTED && machine.state.rip == INSTRUCTION && !start.mode().branches());
		return outcome;
	}

	private void fillWindow(HostProcessor.Case start) {
		long x = start.seed();
		for (int at = 0; at < contents.length; at += 8) {
			x ^= x << 13;
			x ^= x >>> 7;
			x ^= x << 17;
			LittleEndian.set(contents, at, 8, x);
		}
		HostProcessor.Patch patch = start.patch();
		if (patch.offset() != 0) {
			LittleEndian.set(contents, patch.offset(), 8, patch.low());
			LittleEndian.set(contents, patch.offset() + 8, 8, patch.high());
		}
	}

	private HostProcessor.Patch stored(HostProcessor.Case start) {
		int offset = start.patch().offset();
		return new HostProcessor.Patch(offset, LittleEndian.get(contents, offset, 8),
				LittleEndian.get(contents, offset + 8, 8));
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
