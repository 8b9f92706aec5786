/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/**
 * Moves guest state between the VMCB and the processor (AMD APM volume 2, "VMRUN", "#VMEXIT", "VMSAVE and VMLOAD
 * Instructions"): what VMRUN and #VMEXIT move, and what VMLOAD and VMSAVE do.
 */
final class StateSaveArea {
	private static final VmcbField[] FIELDS = VmcbField.values();
	/** By number of the segment register. */
	private static final VmcbField[] SELECTOR = { ES_SELECTOR, CS_SELECTOR, SS_SELECTOR, DS_SELECTOR, FS_SELECTOR,
			GS_SELECTOR, LDTR_SELECTOR, TR_SELECTOR };
	private static final long DR6_FIXED = 0xffff_0ff0L, DR7_FIXED = 0x400,
			RFLAGS_DEFINED = 0x3f7fd7;

	private StateSaveArea() {
	}

	private static VmcbField after(VmcbField selector, int rows) {
		return FIELDS[selector.ordinal() + rows];
	}

	/** VMCB attributes are bits 55:52 and 47:40 of a descriptor in 12 bits; bit 16 of access rights is a null segment. */
	private static int accessRights(long attributes) {
		int rights = (int) (attributes & 0xff | (attributes & 0xf00) << 4);
		return (rights & 0x80) != 0 ? rights : rights | SegmentState.UNUSABLE;
	}

	private static long attributes(SegmentState segment) {
		int rights = segment.accessRights;
		return segment.unusable() ? 0 : rights & 0xff | rights >> 4 & 0xf00;
	}

	private static void loadSegment(Vmcb vmcb, CpuState state, int segment) {
		VmcbField first = SELECTOR[segment];
		state.segments[segment].set((int) vmcb.read(first), canonical(vmcb, vmcb.read(after(first, 3))),
				vmcb.read(after(first, 2)), accessRights(vmcb.read(after(first, 1))));
	}

	private static void saveSegment(CpuState state, Vmcb vmcb, int segment) {
		VmcbField first = SELECTOR[segment];
		SegmentState from = state.segments[segment];
		vmcb.write(first, from.selector);
		vmcb.write(after(first, 1), attributes(from));
		vmcb.write(after(first, 2), from.limit);
		vmcb.write(after(first, 3), from.base);
	}

	/** "Canonicalization and Consistency Checks": segment bases are sign-extended. */
	private static long canonical(Vmcb vmcb, long base) {
		int unused = 64 - vmcb.linearAddressBits;
		return base << unused >> unused;
	}

	/** What VMRUN loads. */
	static void load(Vmcb vmcb, CpuState state) {
		for (int segment = CpuState.ES; segment <= CpuState.DS; segment++) {
			loadSegment(vmcb, state, segment);
		}
		state.cpl = (int) vmcb.read(CPL) & 3;
		state.gdtrBase = canonical(vmcb, vmcb.read(GDTR_BASE));
		state.gdtrLimit = (int) vmcb.read(GDTR_LIMIT) & 0xffff;
		state.idtrBase = canonical(vmcb, vmcb.read(IDTR_BASE));
		state.idtrLimit = (int) vmcb.read(IDTR_LIMIT) & 0xffff;
		state.cr0 = vmcb.read(CR0) | CpuState.CR0_ET;
		state.cr2 = vmcb.read(CR2);
		state.cr3 = vmcb.read(CR3);
		state.cr4 = vmcb.read(CR4);
		state.efer = vmcb.read(EFER);
		state.dr6 = vmcb.read(DR6) | DR6_FIXED;
		state.dr7 = vmcb.read(DR7) | DR7_FIXED;
		state.rflags = vmcb.read(RFLAGS) & RFLAGS_DEFINED | 2;
		state.rip = vmcb.read(RIP);
		state.general[CpuState.RSP] = vmcb.read(RSP);
		state.general[CpuState.RAX] = vmcb.read(RAX);
		if ((vmcb.read(NP_ENABLE) & Vmcb.NESTED_PAGING) != 0) {
			state.pat = vmcb.read(G_PAT);
		}
	}

	/** What #VMEXIT saves. */
	static void save(CpuState state, Vmcb vmcb) {
		for (int segment = CpuState.ES; segment <= CpuState.DS; segment++) {
			saveSegment(state, vmcb, segment);
		}
		vmcb.write(CPL, state.cpl);
		vmcb.write(GDTR_BASE, state.gdtrBase);
		vmcb.write(GDTR_LIMIT, state.gdtrLimit);
		vmcb.write(IDTR_BASE, state.idtrBase);
		vmcb.write(IDTR_LIMIT, state.idtrLimit);
		vmcb.write(CR0, state.cr0);
		vmcb.write(CR2, state.cr2);
		vmcb.write(CR3, state.cr3);
		vmcb.write(CR4, state.cr4);
		vmcb.write(EFER, state.efer);
		vmcb.write(DR6, state.dr6);
		vmcb.write(DR7, state.dr7);
		vmcb.write(RFLAGS, state.rflags);
		vmcb.write(RIP, state.rip);
		vmcb.write(RSP, state.general[CpuState.RSP]);
		vmcb.write(RAX, state.general[CpuState.RAX]);
		if ((vmcb.read(NP_ENABLE) & Vmcb.NESTED_PAGING) != 0) {
			vmcb.write(G_PAT, state.pat);
		}
	}

	/** What #VMEXIT and VMSAVE save together. */
	static void saveAll(CpuState state, Vmcb vmcb) {
		save(state, vmcb);
		saveSystem(state, vmcb);
		vmcb.write(DBGCTL, state.debugControl);
	}

	/** What VMLOAD loads. */
	static void loadSystem(Vmcb vmcb, CpuState state) {
		for (int segment = CpuState.FS; segment <= CpuState.TR; segment++) {
			loadSegment(vmcb, state, segment);
		}
		state.star = vmcb.read(STAR);
		state.lstar = vmcb.read(LSTAR);
		state.cstar = vmcb.read(CSTAR);
		state.syscallMask = vmcb.read(SFMASK);
		state.kernelGsBase = canonical(vmcb, vmcb.read(KERNEL_GS_BASE));
		state.sysenterCs = vmcb.read(SYSENTER_CS);
		state.sysenterEsp = vmcb.read(SYSENTER_ESP);
		state.sysenterEip = vmcb.read(SYSENTER_EIP);
	}

	/** What VMSAVE saves. */
	static void saveSystem(CpuState state, Vmcb vmcb) {
		for (int segment = CpuState.FS; segment <= CpuState.TR; segment++) {
			saveSegment(state, vmcb, segment);
		}
		vmcb.write(STAR, state.star);
		vmcb.write(LSTAR, state.lstar);
		vmcb.write(CSTAR, state.cstar);
		vmcb.write(SFMASK, state.syscallMask);
		vmcb.write(KERNEL_GS_BASE, state.kernelGsBase);
		vmcb.write(SYSENTER_CS, state.sysenterCs);
		vmcb.write(SYSENTER_ESP, state.sysenterEsp);
		vmcb.write(SYSENTER_EIP, state.sysenterEip);
	}
}
