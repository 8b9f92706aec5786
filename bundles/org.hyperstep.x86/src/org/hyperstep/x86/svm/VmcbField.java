/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

/**
 * The fields of a VMCB: one row each, by byte offset and width (AMD APM volume 2, appendix "Layout of VMCB"). Offsets
 * from 0x400 on are the state save area.
 */
public enum VmcbField {
	INTERCEPT_CR(0x000, 4), INTERCEPT_DR(0x004, 4), INTERCEPT_EXCEPTIONS(0x008, 4), INTERCEPT_MISC1(0x00c, 4),
	INTERCEPT_MISC2(0x010, 4), INTERCEPT_MISC3(0x014, 4), PAUSE_FILTER_THRESHOLD(0x03c, 2),
	PAUSE_FILTER_COUNT(0x03e, 2), IOPM_BASE_PA(0x040, 8), MSRPM_BASE_PA(0x048, 8), TSC_OFFSET(0x050, 8),
	GUEST_ASID(0x058, 4), TLB_CONTROL(0x05c, 1),
	/** V_TPR, V_IRQ, VGIF, V_INTR_PRIO, V_IGN_TPR, V_INTR_MASKING, V_INTR_VECTOR. */
	VIRTUAL_INTERRUPT(0x060, 8),
	/** Interrupt shadow (bit 0), and RFLAGS.IF of a guest whose registers are encrypted (bit 1). */
	INTERRUPT_SHADOW(0x068, 8), EXITCODE(0x070, 8), EXITINFO1(0x078, 8), EXITINFO2(0x080, 8), EXITINTINFO(0x088, 8),
	NP_ENABLE(0x090, 8), AVIC_APIC_BAR(0x098, 8), GHCB_GPA(0x0a0, 8, Group.ABSENT), EVENTINJ(0x0a8, 8),
	N_CR3(0x0b0, 8), LBR_VIRTUALIZATION_ENABLE(0x0b8, 8), VMCB_CLEAN(0x0c0, 4), NRIP(0x0c8, 8),
	/** Number of bytes fetched (byte 0) and guest instruction bytes 0 to 6. */
	INSTRUCTION_BYTES_LOW(0x0d0, 8),
	/** Guest instruction bytes 7 to 14. */
	INSTRUCTION_BYTES_HIGH(0x0d8, 8), AVIC_BACKING_PAGE(0x0e0, 8), AVIC_LOGICAL_TABLE(0x0f0, 8),
	AVIC_PHYSICAL_TABLE(0x0f8, 8), VMSA_PA(0x108, 8, Group.ABSENT), VMGEXIT_RAX(0x110, 8, Group.ABSENT),
	VMGEXIT_CPL(0x118, 1, Group.ABSENT), BUS_LOCK_THRESHOLD(0x120, 2, Group.ABSENT),
	UPDATE_IRR(0x134, 4, Group.ABSENT), ALLOWED_SEV_FEATURES(0x138, 8, Group.ABSENT),
	GUEST_SEV_FEATURES(0x140, 8, Group.ABSENT),

	ES_SELECTOR(0x400, 2), ES_ATTRIB(0x402, 2), ES_LIMIT(0x404, 4), ES_BASE(0x408, 8),
	CS_SELECTOR(0x410, 2), CS_ATTRIB(0x412, 2), CS_LIMIT(0x414, 4), CS_BASE(0x418, 8),
	SS_SELECTOR(0x420, 2), SS_ATTRIB(0x422, 2), SS_LIMIT(0x424, 4), SS_BASE(0x428, 8),
	DS_SELECTOR(0x430, 2), DS_ATTRIB(0x432, 2), DS_LIMIT(0x434, 4), DS_BASE(0x438, 8),
	FS_SELECTOR(0x440, 2, Group.VMLOAD), FS_ATTRIB(0x442, 2, Group.VMLOAD), FS_LIMIT(0x444, 4, Group.VMLOAD),
	FS_BASE(0x448, 8, Group.VMLOAD), GS_SELECTOR(0x450, 2, Group.VMLOAD), GS_ATTRIB(0x452, 2, Group.VMLOAD),
	GS_LIMIT(0x454, 4, Group.VMLOAD), GS_BASE(0x458, 8, Group.VMLOAD), GDTR_LIMIT(0x464, 4), GDTR_BASE(0x468, 8),
	LDTR_SELECTOR(0x470, 2, Group.VMLOAD), LDTR_ATTRIB(0x472, 2, Group.VMLOAD), LDTR_LIMIT(0x474, 4, Group.VMLOAD),
	LDTR_BASE(0x478, 8, Group.VMLOAD), IDTR_LIMIT(0x484, 4), IDTR_BASE(0x488, 8),
	TR_SELECTOR(0x490, 2, Group.VMLOAD), TR_ATTRIB(0x492, 2, Group.VMLOAD), TR_LIMIT(0x494, 4, Group.VMLOAD),
	TR_BASE(0x498, 8, Group.VMLOAD), CPL(0x4cb, 1), EFER(0x4d0, 8), CR4(0x548, 8), CR3(0x550, 8), CR0(0x558, 8),
	DR7(0x560, 8), DR6(0x568, 8), RFLAGS(0x570, 8), RIP(0x578, 8), RSP(0x5d8, 8), S_CET(0x5e0, 8, Group.ABSENT),
	SSP(0x5e8, 8, Group.ABSENT), ISST_ADDR(0x5f0, 8, Group.ABSENT), RAX(0x5f8, 8), STAR(0x600, 8, Group.VMLOAD),
	LSTAR(0x608, 8, Group.VMLOAD), CSTAR(0x610, 8, Group.VMLOAD), SFMASK(0x618, 8, Group.VMLOAD),
	KERNEL_GS_BASE(0x620, 8, Group.VMLOAD), SYSENTER_CS(0x628, 8, Group.VMLOAD),
	SYSENTER_ESP(0x630, 8, Group.VMLOAD), SYSENTER_EIP(0x638, 8, Group.VMLOAD), CR2(0x640, 8), G_PAT(0x668, 8),
	DBGCTL(0x670, 8), BR_FROM(0x678, 8), BR_TO(0x680, 8), LASTEXCPFROM(0x688, 8), LASTEXCPTO(0x690, 8),
	DBGEXTNCFG(0x698, 8, Group.ABSENT), SPEC_CTRL(0x6e0, 8, Group.ABSENT);

	/** Who moves a field between the VMCB and the processor. */
	public enum Group {
		/** The control area: VMRUN reads it, #VMEXIT writes what tells about the exit. */
		CONTROL,
		/** State that VMRUN loads and #VMEXIT saves. */
		VMRUN,
		/** State that VMLOAD loads and VMSAVE saves. */
		VMLOAD,
		/** Of a feature that the processor does not have; nothing reads or writes it. */
		ABSENT
	}

	private final int offset;
	private final int bytes;
	private final Group group;

	VmcbField(int offset, int bytes) {
		this(offset, bytes, offset < 0x400 ? Group.CONTROL : Group.VMRUN);
	}

	VmcbField(int offset, int bytes, Group group) {
		this.offset = offset;
		this.bytes = bytes;
		this.group = group;
	}

	/** Byte offset in the VMCB. */
	public int offset() {
		return offset;
	}

	/** Width in bytes. */
	public int bytes() {
		return bytes;
	}

	/** Who moves it. */
	public Group group() {
		return group;
	}

	/** All bits that the field holds. */
	public long mask() {
		return bytes == 8 ? -1L : (1L << bytes * 8) - 1;
	}
}
