/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.EnumMap;
import java.util.Map;

import org.hyperstep.x86.vmx.VmExitReason;

/** What each basic exit reason means to the hypervisor: one row each. */
final class VmxExits {
	private static final Map<VmExitReason, Exit.Kind> ROWS = rows();

	private VmxExits() {
	}

	private static Map<VmExitReason, Exit.Kind> rows() {
		Map<VmExitReason, Exit.Kind> rows = new EnumMap<>(VmExitReason.class);
		rows.put(VmExitReason.EXCEPTION_OR_NMI, Exit.Kind.EXCEPTION);
		rows.put(VmExitReason.EXTERNAL_INTERRUPT, Exit.Kind.HOST_INTERRUPT);
		rows.put(VmExitReason.TRIPLE_FAULT, Exit.Kind.TRIPLE_FAULT);
		rows.put(VmExitReason.INTERRUPT_WINDOW, Exit.Kind.WINDOW);
		rows.put(VmExitReason.NMI_WINDOW, Exit.Kind.WINDOW);
		rows.put(VmExitReason.CPUID, Exit.Kind.CPUID);
		rows.put(VmExitReason.HLT, Exit.Kind.HLT);
		rows.put(VmExitReason.PAUSE, Exit.Kind.PAUSE);
		rows.put(VmExitReason.MWAIT, Exit.Kind.MWAIT);
		rows.put(VmExitReason.INVD, Exit.Kind.CACHE);
		rows.put(VmExitReason.WBINVD, Exit.Kind.CACHE);
		rows.put(VmExitReason.CONTROL_REGISTER_ACCESS, Exit.Kind.CONTROL_REGISTER);
		rows.put(VmExitReason.MOV_DR, Exit.Kind.DEBUG_REGISTER);
		rows.put(VmExitReason.IO_INSTRUCTION, Exit.Kind.UNEXPECTED);
		rows.put(VmExitReason.RDMSR, Exit.Kind.RDMSR);
		rows.put(VmExitReason.WRMSR, Exit.Kind.WRMSR);
		rows.put(VmExitReason.MONITOR_TRAP_FLAG, Exit.Kind.MONITOR_TRAP);
		rows.put(VmExitReason.EPT_VIOLATION, Exit.Kind.SECOND_LEVEL);
		rows.put(VmExitReason.EPT_MISCONFIGURATION, Exit.Kind.SECOND_LEVEL);
		rows.put(VmExitReason.APIC_WRITE, Exit.Kind.APIC_WRITE);
		rows.put(VmExitReason.APIC_ACCESS, Exit.Kind.APIC_ACCESS);
		rows.put(VmExitReason.VIRTUALIZED_EOI, Exit.Kind.END_OF_INTERRUPT);
		rows.put(VmExitReason.RSM, Exit.Kind.RSM);
		rows.put(VmExitReason.TASK_SWITCH, Exit.Kind.TASK_SWITCH);
		rows.put(VmExitReason.XSETBV, Exit.Kind.XSETBV);
		for (VmExitReason reason : new VmExitReason[] { VmExitReason.GETSEC, VmExitReason.VMCALL, VmExitReason.VMCLEAR,
				VmExitReason.VMLAUNCH, VmExitReason.VMPTRLD, VmExitReason.VMPTRST, VmExitReason.VMREAD,
				VmExitReason.VMRESUME, VmExitReason.VMWRITE, VmExitReason.VMXOFF, VmExitReason.VMXON,
				VmExitReason.INVEPT, VmExitReason.INVVPID, VmExitReason.VMFUNC }) {
			rows.put(reason, Exit.Kind.UNDEFINED_INSTRUCTION);
		}
		for (VmExitReason reason : new VmExitReason[] { VmExitReason.INIT_SIGNAL, VmExitReason.START_UP_IPI,
				VmExitReason.IO_SMI, VmExitReason.OTHER_SMI, VmExitReason.INVLPG,
				VmExitReason.RDPMC, VmExitReason.RDTSC, VmExitReason.ENTRY_FAILURE_GUEST_STATE,
				VmExitReason.ENTRY_FAILURE_MSR_LOADING, VmExitReason.MONITOR,
				VmExitReason.ENTRY_FAILURE_MACHINE_CHECK, VmExitReason.TPR_BELOW_THRESHOLD,
				VmExitReason.ACCESS_TO_GDTR_OR_IDTR, VmExitReason.ACCESS_TO_LDTR_OR_TR,
				VmExitReason.RDTSCP, VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED,
				VmExitReason.RDRAND, VmExitReason.INVPCID, VmExitReason.ENCLS, VmExitReason.RDSEED,
				VmExitReason.PAGE_MODIFICATION_LOG_FULL, VmExitReason.XSAVES, VmExitReason.XRSTORS }) {
			rows.put(reason, Exit.Kind.UNEXPECTED);
		}
		return rows;
	}

	/** What the reason means. */
	static Exit.Kind kind(VmExitReason reason) {
		return ROWS.get(reason);
	}

	static String name(long number) {
		return VmExitReason.of((int) number).name();
	}
}
