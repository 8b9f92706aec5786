/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Every register of a virtual CPU that a debugger reads and writes, by its manual's name. */
public enum GuestRegister {
	RAX(Group.GENERAL, 64), RBX(Group.GENERAL, 64), RCX(Group.GENERAL, 64), RDX(Group.GENERAL, 64),
	RSI(Group.GENERAL, 64), RDI(Group.GENERAL, 64), RBP(Group.GENERAL, 64), RSP(Group.GENERAL, 64),
	R8(Group.GENERAL, 64), R9(Group.GENERAL, 64), R10(Group.GENERAL, 64), R11(Group.GENERAL, 64),
	R12(Group.GENERAL, 64), R13(Group.GENERAL, 64), R14(Group.GENERAL, 64), R15(Group.GENERAL, 64),
	RIP(Group.GENERAL, 64),
	RFLAGS(Group.FLAGS, 64),
	CS(Group.SEGMENT, 16), SS(Group.SEGMENT, 16), DS(Group.SEGMENT, 16), ES(Group.SEGMENT, 16),
	FS(Group.SEGMENT, 16), GS(Group.SEGMENT, 16), LDTR(Group.SEGMENT, 16), TR(Group.SEGMENT, 16),
	CS_BASE(Group.SEGMENT, 64), SS_BASE(Group.SEGMENT, 64), DS_BASE(Group.SEGMENT, 64), ES_BASE(Group.SEGMENT, 64),
	FS_BASE(Group.SEGMENT, 64), GS_BASE(Group.SEGMENT, 64), LDTR_BASE(Group.SEGMENT, 64), TR_BASE(Group.SEGMENT, 64),
	CS_LIMIT(Group.SEGMENT, 32), SS_LIMIT(Group.SEGMENT, 32), DS_LIMIT(Group.SEGMENT, 32),
	ES_LIMIT(Group.SEGMENT, 32), FS_LIMIT(Group.SEGMENT, 32), GS_LIMIT(Group.SEGMENT, 32),
	LDTR_LIMIT(Group.SEGMENT, 32), TR_LIMIT(Group.SEGMENT, 32),
	CS_RIGHTS(Group.SEGMENT, 32), SS_RIGHTS(Group.SEGMENT, 32), DS_RIGHTS(Group.SEGMENT, 32),
	ES_RIGHTS(Group.SEGMENT, 32), FS_RIGHTS(Group.SEGMENT, 32), GS_RIGHTS(Group.SEGMENT, 32),
	LDTR_RIGHTS(Group.SEGMENT, 32), TR_RIGHTS(Group.SEGMENT, 32),
	GDTR_BASE(Group.SEGMENT, 64), GDTR_LIMIT(Group.SEGMENT, 16), IDTR_BASE(Group.SEGMENT, 64),
	IDTR_LIMIT(Group.SEGMENT, 16),
	CR0(Group.CONTROL, 64), CR2(Group.CONTROL, 64), CR3(Group.CONTROL, 64), CR4(Group.CONTROL, 64),
	CR8(Group.CONTROL, 4), XCR0(Group.CONTROL, 64), EFER(Group.CONTROL, 64),
	DR0(Group.DEBUG, 64), DR1(Group.DEBUG, 64), DR2(Group.DEBUG, 64), DR3(Group.DEBUG, 64), DR6(Group.DEBUG, 64),
	DR7(Group.DEBUG, 64), DEBUGCTL(Group.DEBUG, 64),
	STAR(Group.MSR, 64), LSTAR(Group.MSR, 64), CSTAR(Group.MSR, 64), SFMASK(Group.MSR, 64),
	KERNEL_GS_BASE(Group.MSR, 64), TSC_AUX(Group.MSR, 64), SYSENTER_CS(Group.MSR, 64), SYSENTER_ESP(Group.MSR, 64),
	SYSENTER_EIP(Group.MSR, 64), PAT(Group.MSR, 64), APIC_BASE(Group.MSR, 64), TSC(Group.MSR, 64);

	/** How registers are grouped for display. */
	public enum Group {
		GENERAL, FLAGS, SEGMENT, CONTROL, DEBUG, MSR
	}

	private final Group group;
	private final int bits;

	GuestRegister(Group group, int bits) {
		this.group = group;
		this.bits = bits;
	}

	public Group group() {
		return group;
	}

	/** Width in bits, 4 to 64. */
	public int bits() {
		return bits;
	}
}
