/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.meaning.XsaveArea.Format;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.system.StateComponent;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/** XSAVE, XSAVEOPT, XSAVEC, XSAVES, XRSTOR and XRSTORS. */
final class StateManagement {
	private StateManagement() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.XSAVE, Feature.XSAVE,
				enabled((p, i) -> XsaveArea.save(p, i, area(p, i, true), Format.STANDARD, requested(p, 0))));
		table.define(Mnemonic.XSAVEOPT, Feature.XSAVEOPT,
				enabled((p, i) -> XsaveArea.save(p, i, area(p, i, true), Format.OPTIMIZED, requested(p, 0))));
		table.define(Mnemonic.XSAVEC, Feature.XSAVEC,
				enabled((p, i) -> XsaveArea.save(p, i, area(p, i, true), Format.COMPACTED, requested(p, 0))));
		table.define(Mnemonic.XRSTOR, Feature.XSAVE,
				enabled((p, i) -> XsaveArea.restore(p, i, area(p, i, false), false, requested(p, 0))));
		table.define(Mnemonic.XSAVES, Feature.XSAVES, ofSupervisor(InterceptedInstruction.XSAVES, (p, i) -> {
			long supervisor = privileged(p, i, InterceptedInstruction.XSAVES);
			XsaveArea.save(p, i, area(p, i, true), Format.COMPACTED, requested(p, supervisor));
		}));
		table.define(Mnemonic.XRSTORS, Feature.XSAVES, ofSupervisor(InterceptedInstruction.XRSTORS, (p, i) -> {
			long supervisor = privileged(p, i, InterceptedInstruction.XRSTORS);
			XsaveArea.restore(p, i, area(p, i, false), true, requested(p, supervisor));
		}));
	}

	/** Virtualization has to enable the instruction, too. */
	private static Meaning ofSupervisor(InterceptedInstruction instruction, Routine routine) {
		return (block, i) -> {
			block.callInline((p, decoded) -> p.interception().requireEnabled(instruction));
			enabled(routine).emit(block, i);
		};
	}

	/** Returns IA32_XSS, after #GP for lack of privilege and the intercept. */
	private static long privileged(Processor processor, Instruction i, InterceptedInstruction instruction) {
		CpuState state = processor.state();
		if (state.cpl != 0) {
			throw processor.fault().generalProtection(0);
		}
		processor.interception().instruction(instruction, i.length(), mask(state) & state.xss);
		return state.xss;
	}

	private static long mask(CpuState state) {
		return state.general[CpuState.RDX] << 32 | state.general[CpuState.RAX] & 0xffff_ffffL;
	}

	/** RFBM: what EDX:EAX asks for of the components that are enabled. */
	private static long requested(Processor processor, long supervisor) {
		return mask(processor.state()) & (processor.state().xcr0 | supervisor);
	}

	/** The linear address of the area, after the checks of its segment for all that any of the instructions reaches. */
	private static long area(Processor processor, Instruction i, boolean write) {
		Operand.Mem mem = (Operand.Mem) i.operand(0);
		int size = StateComponent.standardSize(requested(processor, 0));
		return processor.segments().linear(mem.segment().number(), processor.argument(0), size, write);
	}

	/** #UD without CR4.OSXSAVE, #NM with CR0.TS; else the routine, whose first argument is the effective address. */
	private static Meaning enabled(Routine routine) {
		return (block, i) -> {
			if (!block.xsaveEnabled()) {
				block.raise(Vector.UD);
				block.end();
				return;
			}
			if (block.taskSwitched()) {
				block.raise(Vector.NM);
				block.end();
				return;
			}
			block.effectiveAddress(block.temporary(), (Operand.Mem) i.operand(0));
			block.callInline(routine);
		};
	}
}
