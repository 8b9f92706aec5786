/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.state.CpuState;

/** What "LBR Virtualization" moves between the VMCB and the processor. */
final class BranchRecords {
	private BranchRecords() {
	}

	static void load(Vmcb vmcb, CpuState state) {
		state.debugControl = vmcb.read(DBGCTL) & (CpuState.DEBUGCTL_LBR | CpuState.DEBUGCTL_BTF);
		state.lastBranchFrom = vmcb.read(BR_FROM);
		state.lastBranchTo = vmcb.read(BR_TO);
		state.lastExceptionFrom = vmcb.read(LASTEXCPFROM);
		state.lastExceptionTo = vmcb.read(LASTEXCPTO);
	}

	static void save(CpuState state, Vmcb vmcb) {
		vmcb.write(DBGCTL, state.debugControl);
		vmcb.write(BR_FROM, state.lastBranchFrom);
		vmcb.write(BR_TO, state.lastBranchTo);
		vmcb.write(LASTEXCPFROM, state.lastExceptionFrom);
		vmcb.write(LASTEXCPTO, state.lastExceptionTo);
	}
}
