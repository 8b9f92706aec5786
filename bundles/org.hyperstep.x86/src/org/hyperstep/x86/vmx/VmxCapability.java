/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;

/** The VMX capability MSRs (Intel SDM, appendix "VMX Capability Reporting Facility"): one row each. */
public enum VmxCapability {
	/** Revision identifier 1, region of 4096 bytes, write-back, INS and OUTS information, TRUE controls. */
	IA32_VMX_BASIC(0x480, 1 | 4096L << 32 | 6L << 50 | 1L << 54 | 1L << 55),
	IA32_VMX_PINBASED_CTLS(0x481, controls(PIN_BASED_CONTROLS, 0x16)),
	IA32_VMX_PROCBASED_CTLS(0x482, controls(PRIMARY_PROCESSOR_BASED_CONTROLS, 0x0401_e172)),
	IA32_VMX_EXIT_CTLS(0x483, controls(VM_EXIT_CONTROLS, 0x3_6dff)),
	IA32_VMX_ENTRY_CTLS(0x484, controls(VM_ENTRY_CONTROLS, 0x11ff)),
	/**
	 * Preemption timer counts every TSC tick; EFER.LMA is stored; HLT, shutdown, wait-for-SIPI; 4 CR3 targets; VMWRITE to
	 * exit information; injection of software events with length 0.
	 */
	IA32_VMX_MISC(0x485, 1 << 5 | 7 << 6 | 4 << 16 | 1L << 29 | 1L << 30),
	IA32_VMX_CR0_FIXED0(0x486, Architecture.CR0_FIXED_0), IA32_VMX_CR0_FIXED1(0x487, Architecture.CR0_FIXED_1),
	IA32_VMX_CR4_FIXED0(0x488, Architecture.CR4_FIXED_0), IA32_VMX_CR4_FIXED1(0x489, Architecture.CR4_FIXED_1),
	IA32_VMX_VMCS_ENUM(0x48a, highestIndex() << 1),
	IA32_VMX_PROCBASED_CTLS2(0x48b, controls(SECONDARY_PROCESSOR_BASED_CONTROLS, 0)),
	/**
	 * Execute-only, walk length 4, UC and WB, 2-MByte and 1-GByte pages, INVEPT of both types, accessed and dirty flags,
	 * INVVPID of all types.
	 */
	IA32_VMX_EPT_VPID_CAP(0x48c, 1 | 1 << 6 | 1 << 8 | 1 << 14 | 1 << 16 | 1 << 17 | 1 << 20 | 1 << 21 | 1 << 25
			| 1 << 26 | 1L << 32 | 0xfL << 40),
	IA32_VMX_TRUE_PINBASED_CTLS(0x48d, controls(PIN_BASED_CONTROLS, VmxControl.allowedZero(PIN_BASED_CONTROLS))),
	IA32_VMX_TRUE_PROCBASED_CTLS(0x48e,
			controls(PRIMARY_PROCESSOR_BASED_CONTROLS, VmxControl.allowedZero(PRIMARY_PROCESSOR_BASED_CONTROLS))),
	IA32_VMX_TRUE_EXIT_CTLS(0x48f, controls(VM_EXIT_CONTROLS, VmxControl.allowedZero(VM_EXIT_CONTROLS))),
	IA32_VMX_TRUE_ENTRY_CTLS(0x490, controls(VM_ENTRY_CONTROLS, VmxControl.allowedZero(VM_ENTRY_CONTROLS))),
	/** EPTP switching. */
	IA32_VMX_VMFUNC(0x491, 1L << VmFunctions.EPTP_SWITCHING);

	/** The VMX-preemption timer counts down when this bit of the time-stamp counter changes. */
	static final int TIMER_RATE = 0;

	private final int msr;
	private final long value;

	VmxCapability(int msr, long value) {
		this.msr = msr;
		this.value = value;
	}

	/** Index of the MSR. */
	public int msr() {
		return msr;
	}

	public long value() {
		return value;
	}

	/** Allowed 0-settings in the low half, allowed 1-settings in the high half. */
	private static long controls(VmcsField field, long allowedZero) {
		return allowedZero | (VmxControl.allowedOne(field) | allowedZero) << 32;
	}

	private static long highestIndex() {
		long highest = 0;
		for (VmcsField field : VmcsField.values()) {
			highest = field.present() ? Math.max(highest, field.encoding() >> 1 & 0x1ff) : highest;
		}
		return highest;
	}
}
