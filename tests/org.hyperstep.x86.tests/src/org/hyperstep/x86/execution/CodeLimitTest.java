/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

/** The limit of CS and the edge of the canonical addresses, inside blocks and for near branches. */
@SuppressWarnings("nls")
class CodeLimitTest {
	/** Offset of the code within CS, which begins at linear address 0. */
	private static final int CODE = FlatMachine.CODE;

	private final FlatMachine machine = FlatMachine.in32BitMode(4 << 20);
	private final CpuState state = machine.state;

	/** Runs code in 32-bit protected mode whose CS ends behind {@code bytes} of it; RIP of the fault, or -1. */
	private long faultOf(String code, int bytes) {
		state.rip = CODE;
		machine.code(code);
		state.segments[CpuState.CS].set(8, 0, CODE + bytes - 1, 0x409b);
		state.general[CpuState.RSP] = 0x8000;
		machine.processor.stateReplaced();
		for (int i = 0; i < 10; i++) {
			if (machine.processor.emulateOne() == RunOutcome.FAULT) {
				assertEquals(Vector.GP, machine.processor.fault().vector());
				assertEquals(0, machine.processor.fault().errorCode());
				return state.rip - CODE;
			}
		}
		return -1;
	}

	@Test
	void executionStopsAtTheLimit() {
		assertEquals(3, faultOf("40 40 40 40 40", 3));
		assertEquals(3, state.general[CpuState.RAX]);
	}

	@Test
	void instructionAcrossTheLimitFaults() {
		assertEquals(1, faultOf("40 b8 11111111", 4));
		assertEquals(1, state.general[CpuState.RAX]);
	}

	@Test
	void branchBeyondTheLimitFaultsAtTheBranch() {
		assertEquals(1, faultOf("40 eb20", 8), "JMP");
		assertEquals(1, faultOf("40 e820000000", 8), "CALL");
		assertEquals(0x8000, state.general[CpuState.RSP], "nothing is pushed");
		assertEquals(5, faultOf("b900009000 ffe1", 8), "indirect");
		assertEquals(5, faultOf("6800009000 c3", 8), "RET");
		assertEquals(0x7ffc, state.general[CpuState.RSP], "nothing is popped");
	}

	@Test
	void conditionalBranchFaultsOnlyWhereItIsTaken() {
		assertEquals(2, faultOf("31c0 7420", 8), "JZ");
		assertEquals(-1, faultOf("31c0 7520 ebfa", 8), "JNZ");
		assertEquals(5, faultOf("b902000000 e220", 9), "LOOP");
		assertEquals(2, state.general[CpuState.RCX], "the counter stays");
		assertEquals(-1, faultOf("b901000000 e220 ebfe", 9), "LOOP that ends");
		assertEquals(2, faultOf("31c9 e320", 8), "JECXZ");
	}

	@Test
	void faultInARepeatedComparisonGivesTheFlagsBack() {
		machine.code("f3a6");
		state.segments[CpuState.ES].limit = 0x2003;
		state.segments[CpuState.ES].base = 0;
		state.general[CpuState.RSI] = 0x2000;
		state.general[CpuState.RDI] = 0x2000;
		state.general[CpuState.RCX] = 9;
		state.rflags = 2 | CpuState.CF;
		machine.processor.stateReplaced();
		RunOutcome outcome = RunOutcome.EXECUTED;
		for (int i = 0; i < 6 && outcome == RunOutcome.EXECUTED; i++) {
			outcome = machine.processor.emulateOne();
			machine.processor.events().boundary();
		}
		assertEquals(RunOutcome.FAULT, outcome);
		assertEquals(5, state.general[CpuState.RCX]);
		assertEquals(CpuState.CF, state.rflags & Flags.STATUS);
	}

	@Test
	void relativeBranchToANonCanonicalAddressFaultsAtTheBranch() {
		FlatMachine long64 = FlatMachine.in64BitMode(new FlatMachine(4 << 20));
		CpuState cpu = long64.state;
		long table = cpu.cr3;
		long page = 0x7fff_ffff_f000L;
		// The last canonical page of the lower half is mapped to the code.
		for (int level = 4, next = 0x20_0000; level > 1; level--, next += 0x1000) {
			long64.memory.write(table + (page >>> level * 9 & 0xff8), 8, next | 7);
			table = next;
		}
		long64.memory.write(table + (page >>> 9 & 0xff8), 8, 0x20_8000 | 7);
		long64.memory.write(0x20_8000, 8, 0x0000_1000_00e9L);
		cpu.rip = page;
		long64.processor.stateReplaced();
		assertEquals(RunOutcome.FAULT, long64.processor.emulateOne());
		assertEquals(Vector.GP, long64.processor.fault().vector());
		assertEquals(page, cpu.rip);
	}

	@Test
	void nonCanonicalOperandOfARoutineThroughSsIsAStackFault() {
		FlatMachine long64 = FlatMachine.in64BitMode(new FlatMachine(4 << 20)).code("0fae0424 0fae00");
		long64.state.general[CpuState.RSP] = 1L << 50;
		assertEquals(RunOutcome.FAULT, long64.processor.emulateOne());
		assertEquals(Vector.SS, long64.processor.fault().vector(), "FXSAVE [RSP]");
		long64.state.rip += 4;
		long64.state.general[CpuState.RAX] = 1L << 50;
		assertEquals(RunOutcome.FAULT, long64.processor.emulateOne());
		assertEquals(Vector.GP, long64.processor.fault().vector(), "FXSAVE [RAX]");
	}
}
