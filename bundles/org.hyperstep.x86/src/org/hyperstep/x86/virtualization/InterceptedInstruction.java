/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/** Instructions that one of the vendors' virtualization can intercept by name. */
public enum InterceptedInstruction {
	CPUID, HLT, INVD, WBINVD, INVLPG, INVPCID, RDPMC, RDTSC, RDTSCP, RDPID, RSM, MONITOR, MWAIT, PAUSE, XSETBV, RDRAND,
	RDSEED,
	XSAVES, XRSTORS, SGDT, LGDT, SIDT, LIDT, SLDT, LLDT, STR, LTR, PUSHF, POPF, INT_N, IRET, ICEBP,
	VMCALL, VMCLEAR, VMLAUNCH, VMPTRLD, VMPTRST, VMREAD, VMRESUME, VMWRITE, VMXOFF, VMXON, INVEPT, INVVPID, VMFUNC,
	VMRUN, VMMCALL, VMLOAD, VMSAVE, STGI, CLGI, SKINIT, INVLPGA, GETSEC
}
