/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.virtualization.LongModeMemory;

/** A small guest under a VMCB without nested paging. Tests set intercepts and registers, then run. */
final class SvmFixture {
	private static final SvmExitCode[] INTERCEPTS = { SvmExitCode.INTR, SvmExitCode.HLT, SvmExitCode.CPUID,
			SvmExitCode.SHUTDOWN, SvmExitCode.VMRUN };

	final LongModeMemory memory;
	final Processor processor;
	final CpuState state;
	final Svm svm;
	final Vmcb vmcb = new Vmcb();

	SvmFixture(String code) {
		memory = new LongModeMemory(code);
		processor = new Processor(ProcessorModel.amd(0, 1), memory.physical);
		state = processor.state();
		svm = new Svm(processor);
		for (SvmExitCode intercept : INTERCEPTS) {
			vmcb.intercept(intercept, true);
		}
		vmcb.write(GUEST_ASID, 1);
		memory.load(state);
		state.efer |= CpuState.EFER_SVME;
		store();
	}

	/** Carries changed registers into the VMCB. */
	void store() {
		svm.saveGuestState(vmcb);
	}

	void flags(long flags) {
		state.rflags = flags | 2;
		store();
	}

	/** Runs; the exit must have this code. */
	void run(SvmExitCode code) {
		assertEquals(Svm.Outcome.VM_EXIT, svm.run(vmcb));
		assertEquals(code, SvmExitCode.of(vmcb.read(EXITCODE)),
				() -> "RIP " + Long.toHexString(state.rip) + " " + svm.brokenRule()); //$NON-NLS-1$ //$NON-NLS-2$
	}

	void runAndLeaveAtOnce(SvmExitCode code) {
		processor.assertHostInterrupt();
		run(code);
	}

	/** RIP as an offset in the code. */
	long offset() {
		return vmcb.read(RIP) - LongModeMemory.CODE;
	}
}
