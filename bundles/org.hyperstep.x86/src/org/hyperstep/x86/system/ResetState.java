/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** "Processor State After Reset". */
final class ResetState {
	private static final int DATA = 0x93, CODE = 0x9b, LDT = 0x82, TSS = 0x8b;

	private ResetState() {
	}

	/** RESET. */
	static void apply(CpuState state, ProcessorModel model) {
		initialize(state, model);
		state.extended.reset();
		state.cr0 = CpuState.CR0_CD | CpuState.CR0_NW | CpuState.CR0_ET;
		state.xcr0 = CpuState.XCR0_X87;
		state.xss = 0;
		state.debugControl = 0;
		state.branches.clear();
		state.lastBranchFrom = 0;
		state.lastBranchTo = 0;
		state.lastExceptionFrom = 0;
		state.lastExceptionTo = 0;
		clearModelSpecific(state);
	}

	/**
	 * INIT: x87, SSE and AVX state, model-specific registers but EFER, and the base of system-management mode stay, and so
	 * do the cache controls in CR0.
	 */
	static void initialize(CpuState state, ProcessorModel model) {
		java.util.Arrays.fill(state.general, 0, 16, 0);
		state.general[CpuState.RDX] = model.signature();
		state.rip = 0xfff0;
		state.rflags = 2;
		for (SegmentState segment : state.segments) {
			segment.set(0, 0, 0xffff, DATA);
		}
		state.segments[CpuState.CS].set(0xf000, 0xffff_0000L, 0xffff, CODE);
		state.segments[CpuState.LDTR].set(0, 0, 0xffff, LDT);
		state.segments[CpuState.TR].set(0, 0, 0xffff, TSS);
		state.cpl = 0;
		state.gdtrBase = 0;
		state.gdtrLimit = 0xffff;
		state.idtrBase = 0;
		state.idtrLimit = 0xffff;
		state.cr0 = state.cr0 & (CpuState.CR0_CD | CpuState.CR0_NW) | CpuState.CR0_ET;
		state.cr2 = 0;
		state.cr3 = 0;
		state.cr4 = 0;
		state.cr8 = 0;
		state.efer = 0;
		java.util.Arrays.fill(state.pdpte, 0);
		java.util.Arrays.fill(state.breakpointAddress, 0);
		state.dr6 = DebugRegisters.DR6_FIXED;
		state.dr7 = DebugRegisters.DR7_FIXED;
		state.inSystemManagementMode = false;
		Interruptibility events = state.interruptibility;
		events.shadow = Interruptibility.Shadow.NONE;
		events.blockingByNmi = false;
		events.blockingBySmi = false;
		events.globalInterruptFlag = true;
		events.pendingDebugExceptions = 0;
		state.activity = CpuState.Activity.ACTIVE;
	}

	private static void clearModelSpecific(CpuState state) {
		state.star = 0;
		state.lstar = 0;
		state.cstar = 0;
		state.syscallMask = 0;
		state.kernelGsBase = 0;
		state.tscAux = 0;
		state.tscAdjust = 0;
		state.smbase = CpuState.INITIAL_SMBASE;
		state.sysenterCs = 0;
		state.sysenterEsp = 0;
		state.sysenterEip = 0;
		state.svmControl = 0;
		state.svmKey = 0;
		state.pat = 0x0007040600070406L;
		state.apicBase = 0xfee0_0900L;
	}
}
