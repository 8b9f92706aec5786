/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/** Exit codes of the instructions that have an intercept bit of their own: one row each. */
enum InstructionIntercept {
	CPUID(SvmExitCode.CPUID), HLT(SvmExitCode.HLT), INVD(SvmExitCode.INVD), WBINVD(SvmExitCode.WBINVD),
	INVLPG(SvmExitCode.INVLPG), INVPCID(SvmExitCode.INVPCID), RDPMC(SvmExitCode.RDPMC), RDTSC(SvmExitCode.RDTSC),
	RDTSCP(SvmExitCode.RDTSCP), RSM(SvmExitCode.RSM), MONITOR(SvmExitCode.MONITOR), MWAIT(SvmExitCode.MWAIT),
	PAUSE(SvmExitCode.PAUSE), XSETBV(SvmExitCode.XSETBV), SGDT(SvmExitCode.GDTR_READ), LGDT(SvmExitCode.GDTR_WRITE),
	SIDT(SvmExitCode.IDTR_READ), LIDT(SvmExitCode.IDTR_WRITE), SLDT(SvmExitCode.LDTR_READ),
	LLDT(SvmExitCode.LDTR_WRITE), STR(SvmExitCode.TR_READ), LTR(SvmExitCode.TR_WRITE), PUSHF(SvmExitCode.PUSHF),
	POPF(SvmExitCode.POPF), INT_N(SvmExitCode.SWINT), IRET(SvmExitCode.IRET), ICEBP(SvmExitCode.ICEBP),
	VMRUN(SvmExitCode.VMRUN), VMMCALL(SvmExitCode.VMMCALL), VMLOAD(SvmExitCode.VMLOAD), VMSAVE(SvmExitCode.VMSAVE),
	STGI(SvmExitCode.STGI), CLGI(SvmExitCode.CLGI), SKINIT(SvmExitCode.SKINIT), INVLPGA(SvmExitCode.INVLPGA);

	private final SvmExitCode code;

	InstructionIntercept(SvmExitCode code) {
		this.code = code;
	}

	private static final @Nullable SvmExitCode[] BY_INSTRUCTION = byInstruction();

	private static @Nullable SvmExitCode[] byInstruction() {
		@Nullable
		SvmExitCode[] table = new @Nullable SvmExitCode[InterceptedInstruction.values().length];
		for (InstructionIntercept row : values()) {
			table[InterceptedInstruction.valueOf(row.name()).ordinal()] = row.code;
		}
		return table;
	}

	/** The exit code of an instruction, or null when SVM has no intercept for it. */
	static @Nullable SvmExitCode code(InterceptedInstruction instruction) {
		return BY_INSTRUCTION[instruction.ordinal()];
	}
}
