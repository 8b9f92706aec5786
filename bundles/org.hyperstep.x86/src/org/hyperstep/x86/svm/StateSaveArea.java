/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;

/**
 * Moves guest state between the VMCB and the processor (AMD APM volume 2, "VMRUN", "#VMEXIT", "VMSAVE and VMLOAD
 * Instructions"). What VMLOAD and VMSAVE move goes along: the software that runs guests here would execute them around
 * each VMRUN.
 */
final class StateSaveArea {
	private static final VmcbField[] SELECTOR = { ES_SELECTOR, CS_SELECTOR, SS_SELECTOR, DS_SELECTOR, FS_SELECTOR,
			GS_SELECTOR, LDTR_SELECTOR, TR_SELECTOR };
	private static final long INTERRUPT_SHADOW_BIT = 1;

	private StateSaveArea() {
	}

	private static VmcbField after(VmcbField selector, int rows) {
		return FIELDS[selector.ordinal() + rows];
	}

	private static final VmcbField[] FIELDS = VmcbField.values();

	/** VMCB attributes are bits 55:52 and 47:40 of a descriptor in 12 bits; bit 16 of access rights is a null segment. */
	private static int accessRights(long attributes) {
		int rights = (int) (attributes & 0xff | (attributes & 0xf00) << 4);
		return (rights & 0x80) != 0 ? rights : rights | SegmentState.UNUSABLE;
	}

	private static long attributes(SegmentState segment) {
		int rights = segment.accessRights;
		return segment.unusable() ? 0 : rights & 0xff | rights >> 4 & 0xf00;
	}

	static void load(Vmcb vmcb, CpuState state) {
		for (int i = 0; i < SELECTOR.length; i++) {
			VmcbField first = SELECTOR[i];
			state.segments[i].set((int) vmcb.read(first), vmcb.read(after(first, 3)), vmcb.read(after(first, 2)),
					accessRights(vmcb.read(after(first, 1))));
		}
		state.cpl = (int) vmcb.read(CPL);
		state.gdtrBase = vmcb.read(GDTR_BASE);
		state.gdtrLimit = (int) vmcb.read(GDTR_LIMIT) & 0xffff;
		state.idtrBase = vmcb.read(IDTR_BASE);
		state.idtrLimit = (int) vmcb.read(IDTR_LIMIT) & 0xffff;
		state.cr0 = vmcb.read(CR0);
		state.cr2 = vmcb.read(CR2);
		state.cr3 = vmcb.read(CR3);
		state.cr4 = vmcb.read(CR4);
		state.efer = vmcb.read(EFER);
		state.dr6 = vmcb.read(DR6);
		state.dr7 = vmcb.read(DR7);
		state.rflags = vmcb.read(RFLAGS);
		state.rip = vmcb.read(RIP);
		state.general[CpuState.RSP] = vmcb.read(RSP);
		state.general[CpuState.RAX] = vmcb.read(RAX);
		loadSystemRegisters(vmcb, state);
		loadEventState(vmcb, state);
	}

	private static void loadSystemRegisters(Vmcb vmcb, CpuState state) {
		state.star = vmcb.read(STAR);
		state.lstar = vmcb.read(LSTAR);
		state.cstar = vmcb.read(CSTAR);
		state.syscallMask = vmcb.read(SFMASK);
		state.kernelGsBase = vmcb.read(KERNEL_GS_BASE);
		state.sysenterCs = vmcb.read(SYSENTER_CS);
		state.sysenterEsp = vmcb.read(SYSENTER_ESP);
		state.sysenterEip = vmcb.read(SYSENTER_EIP);
		if ((vmcb.read(NP_ENABLE) & 1) != 0) {
			state.pat = vmcb.read(G_PAT);
		}
		state.debugControl = vmcb.read(DBGCTL);
	}

	/**
	 * The VMCB has one bit for the interrupt shadow and no field for debug traps that MOV SS holds off. Which shadow it is,
	 * and the traps, the processor keeps in itself from #VMEXIT to the next VMRUN, so that an exit between MOV SS and the
	 * next instruction takes nothing from the guest.
	 */
	private static void loadEventState(Vmcb vmcb, CpuState state) {
		if ((vmcb.read(INTERRUPT_SHADOW) & INTERRUPT_SHADOW_BIT) == 0) {
			state.interruptibility.shadow = Shadow.NONE;
		} else if (state.interruptibility.shadow == Shadow.NONE) {
			state.interruptibility.shadow = Shadow.STI;
		}
		if ((vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_NMI_ENABLE) != 0) {
			state.interruptibility.blockingByNmi = (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_NMI_MASK) != 0;
		}
		state.interruptibility.globalInterruptFlag = true;
		state.activity = Activity.ACTIVE;
	}

	static void save(CpuState state, Vmcb vmcb) {
		for (int i = 0; i < SELECTOR.length; i++) {
			VmcbField first = SELECTOR[i];
			SegmentState segment = state.segments[i];
			vmcb.write(first, segment.selector);
			vmcb.write(after(first, 1), attributes(segment));
			vmcb.write(after(first, 2), segment.limit);
			vmcb.write(after(first, 3), segment.base);
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
		saveSystemRegisters(state, vmcb);
		vmcb.write(INTERRUPT_SHADOW, state.interruptibility.shadow == Shadow.NONE ? 0 : INTERRUPT_SHADOW_BIT);
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		if ((control & Vmcb.V_NMI_ENABLE) != 0) {
			vmcb.write(VIRTUAL_INTERRUPT, state.interruptibility.blockingByNmi ? control | Vmcb.V_NMI_MASK
					: control & ~Vmcb.V_NMI_MASK);
		}
	}

	private static void saveSystemRegisters(CpuState state, Vmcb vmcb) {
		vmcb.write(STAR, state.star);
		vmcb.write(LSTAR, state.lstar);
		vmcb.write(CSTAR, state.cstar);
		vmcb.write(SFMASK, state.syscallMask);
		vmcb.write(KERNEL_GS_BASE, state.kernelGsBase);
		vmcb.write(SYSENTER_CS, state.sysenterCs);
		vmcb.write(SYSENTER_ESP, state.sysenterEsp);
		vmcb.write(SYSENTER_EIP, state.sysenterEip);
		vmcb.write(G_PAT, state.pat);
		vmcb.write(DBGCTL, state.debugControl);
	}
}
