/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.state.BranchStack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ModelSpecificRegisters;
import org.hyperstep.x86.system.MsrRow;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;

/** Intel SDM, "Last Branch, Interrupt, and Exception Recording": the LBR stack and the registers it is read by. */
@SuppressWarnings("nls")
class BranchRecordsTest {
	private static final int DEBUGCTL = 0x1d9, TOS = 0x1c9, FROM_0 = 0x680, TO_0 = 0x6c0;
	/** mov $20,%ecx; loop .; hlt. */
	private static final String LOOP = "b914000000 e2fe f4";
	private final LongModeMemory memory = new LongModeMemory(LOOP);
	private final Processor processor = new Processor(ProcessorModel.intel(0, 1), memory.physical);
	private final CpuState state = processor.state();
	private final ModelSpecificRegisters registers = processor.system().modelSpecificRegisters;

	private void run(String code) {
		memory.load(state);
		memory.put(LongModeMemory.CODE, code);
		processor.stateReplaced();
		registers.write(DEBUGCTL, CpuState.DEBUGCTL_LBR);
		assertEquals(RunOutcome.HALTED, processor.run());
	}

	@Test
	void topOfStackNamesTheMostRecentOfTheLastBranches() {
		// jmp over two NOPs; jmp over one; hlt
		run("eb02 9090 eb01 90 f4");
		int top = (int) registers.read(TOS);
		assertEquals(LongModeMemory.CODE + 4, registers.read(FROM_0 + top));
		assertEquals(LongModeMemory.CODE + 7, registers.read(TO_0 + top));
		assertEquals(LongModeMemory.CODE, registers.read(FROM_0 + top - 1));
		assertEquals(LongModeMemory.CODE + 4, registers.read(TO_0 + top - 1));
	}

	@Test
	void oldestRecordIsReplaced() {
		run(LOOP);
		assertEquals(19 % BranchStack.DEPTH, registers.read(TOS), "19 jumps taken");
		for (int i = 0; i < BranchStack.DEPTH; i++) {
			assertEquals(LongModeMemory.CODE + 5, registers.read(FROM_0 + i));
			assertEquals(LongModeMemory.CODE + 5, registers.read(TO_0 + i));
		}
	}

	@Test
	void nothingIsRecordedWhileTheFlagIsClear() {
		memory.load(state);
		processor.stateReplaced();
		assertEquals(RunOutcome.HALTED, processor.run());
		assertEquals(0, registers.read(FROM_0 + 1));
		assertEquals(0, registers.read(MsrRow.LASTBRANCH_TOS.index));
	}
}
