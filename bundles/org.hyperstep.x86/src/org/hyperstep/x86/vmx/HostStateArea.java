/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.Architecture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;

/** Loads the state of a guest hypervisor at VM exits of its guest (Intel SDM, "Loading Host State"). */
final class HostStateArea {
	/** CR0 bits that VM exits leave: ET, CD, NW and the reserved ones. */
	private static final long CR0_KEPT = CR0_ET | CR0_CD | CR0_NW | 0x1ff8_ffc0L;
	private static final int CODE_64 = 0xa09b, CODE_32 = 0xc09b, DATA = 0xc093, TSS = 0x8b;
	private static final long FLAT = 0xffff_ffffL;
	private static final VmcsField[] SELECTORS = { HOST_ES_SELECTOR, HOST_CS_SELECTOR, HOST_SS_SELECTOR,
			HOST_DS_SELECTOR, HOST_FS_SELECTOR, HOST_GS_SELECTOR };

	private HostStateArea() {
	}

	static void load(Vmcs vmcs, CpuState state) {
		loadControlRegisters(vmcs, state);
		state.sysenterCs = vmcs.read(HOST_IA32_SYSENTER_CS);
		state.sysenterEsp = vmcs.read(HOST_IA32_SYSENTER_ESP);
		state.sysenterEip = vmcs.read(HOST_IA32_SYSENTER_EIP);
		if (vmcs.has(LOAD_HOST_IA32_PAT)) {
			state.pat = vmcs.read(HOST_IA32_PAT);
		}
		loadSegments(vmcs, state);
		state.general[CpuState.RSP] = vmcs.read(HOST_RSP);
		state.rip = vmcs.read(HOST_RIP);
		state.rflags = 2;
		Interruptibility interruptibility = state.interruptibility;
		interruptibility.shadow = Shadow.NONE;
		interruptibility.pendingDebugExceptions = 0;
		interruptibility.blockingBySmi = false;
		state.activity = Activity.ACTIVE;
	}

	private static void loadControlRegisters(Vmcs vmcs, CpuState state) {
		boolean wide = vmcs.has(HOST_ADDRESS_SPACE_SIZE);
		state.cr0 = state.cr0 & CR0_KEPT | vmcs.read(HOST_CR0) & ~CR0_KEPT;
		state.cr3 = vmcs.read(HOST_CR3);
		long cr4 = vmcs.read(HOST_CR4);
		state.cr4 = wide ? cr4 | CR4_PAE : cr4 & ~CR4_PCIDE;
		state.dr7 = 0x400;
		state.debugControl = 0;
		long modes = wide ? EFER_LMA | EFER_LME : 0;
		state.efer = vmcs.has(LOAD_HOST_IA32_EFER) ? vmcs.read(HOST_IA32_EFER)
				: state.efer & ~(EFER_LMA | EFER_LME) | modes;
	}

	private static void loadSegments(Vmcs vmcs, CpuState state) {
		boolean wide = vmcs.has(HOST_ADDRESS_SPACE_SIZE);
		for (int i = 0; i < SELECTORS.length; i++) {
			int selector = (int) vmcs.read(SELECTORS[i]);
			SegmentState segment = state.segments[i];
			if (i == CpuState.CS) {
				segment.set(selector, 0, FLAT, wide ? CODE_64 : CODE_32);
			} else {
				segment.set(selector, 0, FLAT, selector == 0 ? SegmentState.UNUSABLE : DATA);
			}
		}
		state.segments[CpuState.FS].base = vmcs.read(HOST_FS_BASE);
		state.segments[CpuState.GS].base = vmcs.read(HOST_GS_BASE);
		state.segments[CpuState.LDTR].set(0, 0, 0, SegmentState.UNUSABLE);
		state.segments[CpuState.TR].set((int) vmcs.read(HOST_TR_SELECTOR), vmcs.read(HOST_TR_BASE), 0x67, TSS);
		state.cpl = 0;
		state.gdtrBase = vmcs.read(HOST_GDTR_BASE);
		state.gdtrLimit = 0xffff;
		state.idtrBase = vmcs.read(HOST_IDTR_BASE);
		state.idtrLimit = 0xffff;
	}
}
