/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The fields of a VMCS: one row each (Intel SDM, appendix "Field Encoding in VMCS"). Width and group are part of the
 * encoding. A field exists "only on processors that support the 1-setting of" its control: rows whose control this
 * processor does not have are not found by VMREAD and VMWRITE.
 */
public enum VmcsField {
	VIRTUAL_PROCESSOR_IDENTIFIER(0x0000), POSTED_INTERRUPT_NOTIFICATION_VECTOR(0x0002), EPTP_INDEX(0x0004),
	HLAT_PREFIX_SIZE(0x0006, false), LAST_PID_POINTER_INDEX(0x0008, false),

	GUEST_ES_SELECTOR(0x0800), GUEST_CS_SELECTOR(0x0802), GUEST_SS_SELECTOR(0x0804), GUEST_DS_SELECTOR(0x0806),
	GUEST_FS_SELECTOR(0x0808), GUEST_GS_SELECTOR(0x080a), GUEST_LDTR_SELECTOR(0x080c), GUEST_TR_SELECTOR(0x080e),
	GUEST_INTERRUPT_STATUS(0x0810), PML_INDEX(0x0812), GUEST_UINV(0x0814, false),

	HOST_ES_SELECTOR(0x0c00), HOST_CS_SELECTOR(0x0c02), HOST_SS_SELECTOR(0x0c04), HOST_DS_SELECTOR(0x0c06),
	HOST_FS_SELECTOR(0x0c08), HOST_GS_SELECTOR(0x0c0a), HOST_TR_SELECTOR(0x0c0c),

	ADDRESS_OF_IO_BITMAP_A(0x2000), ADDRESS_OF_IO_BITMAP_B(0x2002), ADDRESS_OF_MSR_BITMAPS(0x2004),
	VM_EXIT_MSR_STORE_ADDRESS(0x2006), VM_EXIT_MSR_LOAD_ADDRESS(0x2008), VM_ENTRY_MSR_LOAD_ADDRESS(0x200a),
	EXECUTIVE_VMCS_POINTER(0x200c), PML_ADDRESS(0x200e), TSC_OFFSET(0x2010), VIRTUAL_APIC_ADDRESS(0x2012),
	APIC_ACCESS_ADDRESS(0x2014), POSTED_INTERRUPT_DESCRIPTOR_ADDRESS(0x2016), VM_FUNCTION_CONTROLS(0x2018),
	EPT_POINTER(0x201a), EOI_EXIT_BITMAP_0(0x201c), EOI_EXIT_BITMAP_1(0x201e), EOI_EXIT_BITMAP_2(0x2020),
	EOI_EXIT_BITMAP_3(0x2022), EPTP_LIST_ADDRESS(0x2024), VMREAD_BITMAP_ADDRESS(0x2026),
	VMWRITE_BITMAP_ADDRESS(0x2028), VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS(0x202a),
	XSS_EXITING_BITMAP(0x202c), ENCLS_EXITING_BITMAP(0x202e, false),
	SUB_PAGE_PERMISSION_TABLE_POINTER(0x2030, false), TSC_MULTIPLIER(0x2032),
	TERTIARY_PROCESSOR_BASED_CONTROLS(0x2034, false), ENCLV_EXITING_BITMAP(0x2036, false),
	LOW_PASID_DIRECTORY_ADDRESS(0x2038, false), HIGH_PASID_DIRECTORY_ADDRESS(0x203a, false),
	SHARED_EPT_POINTER(0x203c, false), PCONFIG_EXITING_BITMAP(0x203e, false), HLAT_POINTER(0x2040, false),
	PID_POINTER_TABLE_ADDRESS(0x2042, false), SECONDARY_VM_EXIT_CONTROLS(0x2044, false),
	IA32_SPEC_CTRL_MASK(0x204a, false), IA32_SPEC_CTRL_SHADOW(0x204c, false), INJECTED_EVENT_DATA(0x2052, false),

	GUEST_PHYSICAL_ADDRESS(0x2400), ORIGINAL_EVENT_DATA(0x2404, false),

	VMCS_LINK_POINTER(0x2800), GUEST_IA32_DEBUGCTL(0x2802), GUEST_IA32_PAT(0x2804), GUEST_IA32_EFER(0x2806),
	GUEST_IA32_PERF_GLOBAL_CTRL(0x2808, false), GUEST_PDPTE0(0x280a), GUEST_PDPTE1(0x280c), GUEST_PDPTE2(0x280e),
	GUEST_PDPTE3(0x2810), GUEST_IA32_BNDCFGS(0x2812, false), GUEST_IA32_RTIT_CTL(0x2814, false),
	GUEST_IA32_LBR_CTL(0x2816, false), GUEST_IA32_PKRS(0x2818, false), GUEST_IA32_FRED_CONFIG(0x281a, false),
	GUEST_IA32_FRED_RSP1(0x281c, false), GUEST_IA32_FRED_RSP2(0x281e, false), GUEST_IA32_FRED_RSP3(0x2820, false),
	GUEST_IA32_FRED_STKLVLS(0x2822, false), GUEST_IA32_FRED_SSP1(0x2824, false), GUEST_IA32_FRED_SSP2(0x2826, false),
	GUEST_IA32_FRED_SSP3(0x2828, false),

	HOST_IA32_PAT(0x2c00), HOST_IA32_EFER(0x2c02), HOST_IA32_PERF_GLOBAL_CTRL(0x2c04, false),
	HOST_IA32_PKRS(0x2c06, false), HOST_IA32_FRED_CONFIG(0x2c08, false), HOST_IA32_FRED_RSP1(0x2c0a, false),
	HOST_IA32_FRED_RSP2(0x2c0c, false), HOST_IA32_FRED_RSP3(0x2c0e, false), HOST_IA32_FRED_STKLVLS(0x2c10, false),
	HOST_IA32_FRED_SSP1(0x2c12, false), HOST_IA32_FRED_SSP2(0x2c14, false), HOST_IA32_FRED_SSP3(0x2c16, false),

	PIN_BASED_CONTROLS(0x4000), PRIMARY_PROCESSOR_BASED_CONTROLS(0x4002), EXCEPTION_BITMAP(0x4004),
	PAGE_FAULT_ERROR_CODE_MASK(0x4006), PAGE_FAULT_ERROR_CODE_MATCH(0x4008), CR3_TARGET_COUNT(0x400a),
	VM_EXIT_CONTROLS(0x400c), VM_EXIT_MSR_STORE_COUNT(0x400e), VM_EXIT_MSR_LOAD_COUNT(0x4010),
	VM_ENTRY_CONTROLS(0x4012), VM_ENTRY_MSR_LOAD_COUNT(0x4014), VM_ENTRY_INTERRUPTION_INFORMATION(0x4016),
	VM_ENTRY_EXCEPTION_ERROR_CODE(0x4018), VM_ENTRY_INSTRUCTION_LENGTH(0x401a), TPR_THRESHOLD(0x401c),
	SECONDARY_PROCESSOR_BASED_CONTROLS(0x401e), PLE_GAP(0x4020), PLE_WINDOW(0x4022), INSTRUCTION_TIMEOUT(0x4024, false),

	VM_INSTRUCTION_ERROR(0x4400), EXIT_REASON(0x4402), VM_EXIT_INTERRUPTION_INFORMATION(0x4404),
	VM_EXIT_INTERRUPTION_ERROR_CODE(0x4406), IDT_VECTORING_INFORMATION(0x4408), IDT_VECTORING_ERROR_CODE(0x440a),
	VM_EXIT_INSTRUCTION_LENGTH(0x440c), VM_EXIT_INSTRUCTION_INFORMATION(0x440e),

	GUEST_ES_LIMIT(0x4800), GUEST_CS_LIMIT(0x4802), GUEST_SS_LIMIT(0x4804), GUEST_DS_LIMIT(0x4806),
	GUEST_FS_LIMIT(0x4808), GUEST_GS_LIMIT(0x480a), GUEST_LDTR_LIMIT(0x480c), GUEST_TR_LIMIT(0x480e),
	GUEST_GDTR_LIMIT(0x4810), GUEST_IDTR_LIMIT(0x4812), GUEST_ES_ACCESS_RIGHTS(0x4814),
	GUEST_CS_ACCESS_RIGHTS(0x4816), GUEST_SS_ACCESS_RIGHTS(0x4818), GUEST_DS_ACCESS_RIGHTS(0x481a),
	GUEST_FS_ACCESS_RIGHTS(0x481c), GUEST_GS_ACCESS_RIGHTS(0x481e), GUEST_LDTR_ACCESS_RIGHTS(0x4820),
	GUEST_TR_ACCESS_RIGHTS(0x4822), GUEST_INTERRUPTIBILITY_STATE(0x4824), GUEST_ACTIVITY_STATE(0x4826),
	GUEST_SMBASE(0x4828), GUEST_IA32_SYSENTER_CS(0x482a), VMX_PREEMPTION_TIMER_VALUE(0x482e),

	HOST_IA32_SYSENTER_CS(0x4c00),

	CR0_GUEST_HOST_MASK(0x6000), CR4_GUEST_HOST_MASK(0x6002), CR0_READ_SHADOW(0x6004), CR4_READ_SHADOW(0x6006),
	CR3_TARGET_VALUE_0(0x6008), CR3_TARGET_VALUE_1(0x600a), CR3_TARGET_VALUE_2(0x600c), CR3_TARGET_VALUE_3(0x600e),

	EXIT_QUALIFICATION(0x6400), IO_RCX(0x6402), IO_RSI(0x6404), IO_RDI(0x6406), IO_RIP(0x6408),
	GUEST_LINEAR_ADDRESS(0x640a),

	GUEST_CR0(0x6800), GUEST_CR3(0x6802), GUEST_CR4(0x6804), GUEST_ES_BASE(0x6806), GUEST_CS_BASE(0x6808),
	GUEST_SS_BASE(0x680a), GUEST_DS_BASE(0x680c), GUEST_FS_BASE(0x680e), GUEST_GS_BASE(0x6810),
	GUEST_LDTR_BASE(0x6812), GUEST_TR_BASE(0x6814), GUEST_GDTR_BASE(0x6816), GUEST_IDTR_BASE(0x6818),
	GUEST_DR7(0x681a), GUEST_RSP(0x681c), GUEST_RIP(0x681e), GUEST_RFLAGS(0x6820),
	GUEST_PENDING_DEBUG_EXCEPTIONS(0x6822), GUEST_IA32_SYSENTER_ESP(0x6824), GUEST_IA32_SYSENTER_EIP(0x6826),
	GUEST_IA32_S_CET(0x6828, false), GUEST_SSP(0x682a, false), GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR(0x682c, false),

	HOST_CR0(0x6c00), HOST_CR3(0x6c02), HOST_CR4(0x6c04), HOST_FS_BASE(0x6c06), HOST_GS_BASE(0x6c08),
	HOST_TR_BASE(0x6c0a), HOST_GDTR_BASE(0x6c0c), HOST_IDTR_BASE(0x6c0e), HOST_IA32_SYSENTER_ESP(0x6c10),
	HOST_IA32_SYSENTER_EIP(0x6c12), HOST_RSP(0x6c14), HOST_RIP(0x6c16),
	HOST_IA32_S_CET(0x6c18, false), HOST_SSP(0x6c1a, false), HOST_IA32_INTERRUPT_SSP_TABLE_ADDR(0x6c1c, false);

	/** Areas of the VMCS, by bits 11:10 of the encoding. */
	public enum Group {
		CONTROL, EXIT_INFORMATION, GUEST_STATE, HOST_STATE
	}

	/** Widths, by bits 14:13 of the encoding. Natural width is 64 bits on a processor with Intel 64 architecture. */
	public enum Width {
		BITS_16(0xffffL), BITS_64(-1L), BITS_32(0xffff_ffffL), NATURAL(-1L);

		private final long mask;

		Width(long mask) {
			this.mask = mask;
		}

		/** All bits that a field of the width holds. */
		public long mask() {
			return mask;
		}
	}

	private final int encoding;
	private final Group group;
	private final Width width;
	private final boolean present;

	VmcsField(int encoding) {
		this(encoding, true);
	}

	VmcsField(int encoding, boolean present) {
		this.encoding = encoding;
		this.present = present;
		this.group = Group.values()[encoding >> 10 & 3];
		this.width = Width.values()[encoding >> 13 & 3];
	}

	/** The encoding for full access. */
	public int encoding() {
		return encoding;
	}

	public Group group() {
		return group;
	}

	public Width width() {
		return width;
	}

	/** Whether the field exists on this processor. */
	public boolean present() {
		return present;
	}

	/** VM-exit information, which VMWRITE can write on this processor all the same. */
	public boolean readOnly() {
		return group == Group.EXIT_INFORMATION;
	}

	/** By bits 14:1 of the encoding. */
	private static final @Nullable VmcsField[] BY_ENCODING = byEncoding();

	private static @Nullable VmcsField[] byEncoding() {
		@Nullable
		VmcsField[] table = new @Nullable VmcsField[1 << 14];
		for (VmcsField field : values()) {
			if (field.present) {
				table[field.encoding >> 1] = field;
			}
		}
		return table;
	}

	/** The row of an encoding, high access to a 64-bit field included; null when the VMCS has no such component. */
	public static @Nullable VmcsField find(int encoding) {
		if (encoding >>> 15 != 0) {
			return null;
		}
		VmcsField field = BY_ENCODING[encoding >> 1];
		return field == null || (encoding & 1) != 0 && field.width != Width.BITS_64 ? null : field;
	}

	/**
	 * The row of an encoding, high access to the upper half of a 64-bit field included.
	 *
	 * @throws IllegalArgumentException when the VMCS has no such field
	 */
	public static VmcsField of(int encoding) {
		VmcsField field = find(encoding);
		if (field == null) {
			throw new IllegalArgumentException("no VMCS field has the encoding 0x" + Integer.toHexString(encoding)); //$NON-NLS-1$
		}
		return field;
	}
}
