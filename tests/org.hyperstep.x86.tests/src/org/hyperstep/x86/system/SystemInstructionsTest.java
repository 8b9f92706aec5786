/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

/** System instructions as the processor executes them, in the real mode of reset. */
@SuppressWarnings("nls")
class SystemInstructionsTest {
	private final PhysicalMemory memory = new PhysicalMemory();
	private final Processor processor;
	private final CpuState state;

	SystemInstructionsTest() {
		memory.addRam(0, 1 << 20);
		processor = new Processor(ProcessorModel.intel(0, 1), memory);
		state = processor.state();
		state.segments[CpuState.CS].set(0, 0, 0xffff, 0x9b);
		state.rip = 0x1000;
		state.general[CpuState.RSP] = 0x8000;
		processor.stateReplaced();
	}

	private RunOutcome run(String hex) {
		byte[] code = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
		memory.copyIn(0x1000, code, 0, code.length);
		return processor.run();
	}

	@Test
	void rdtscInTheMiddleOfABlockCountsTheInstructionsBeforeIt() {
		// nop; nop; pause; rdtsc; mov bx, ax; rdtsc; hlt
		assertEquals(RunOutcome.HALTED, run("90 90 f390 0f31 89c3 0f31 f4"));
		assertEquals(3, state.general[CpuState.RBX] & 0xffff);
		assertEquals(5, state.general[CpuState.RAX]);
		assertEquals(7, processor.retired());
	}

	@Test
	void movSsHoldsTheTrapUntilTheNextInstructionHasRun() {
		// #DB handler at 0:2000 halts; TF is set by popf, then: mov ss, ax; nop; nop
		memory.write(4, 4, 0x2000);
		memory.write(0x2000, 1, 0xf4);
		// pushf; or byte [esp+1], 1 as: mov bp, sp; or byte [bp+1], 1; popf; mov ss, ax; nop; nop
		assertEquals(RunOutcome.HALTED, run("9c 89e5 804e0101 9d 8ed0 90 90"));
		assertEquals(0x100a + 1, memory.read(state.general[CpuState.RSP], 2));
		assertEquals(0xffff4ff0L, state.dr6);
	}
}
