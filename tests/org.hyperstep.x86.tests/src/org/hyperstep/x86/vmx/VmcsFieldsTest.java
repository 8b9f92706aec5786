/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.hyperstep.x86.vmx.VmcsField.Group.*;
import static org.hyperstep.x86.vmx.VmcsField.Width.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.vmx.VmcsField.Group;
import org.hyperstep.x86.vmx.VmcsField.Width;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The fields of Intel SDM, appendix "Field Encoding in VMCS": each of the appendix's tables is a row here, with its
 * fields in the order of their index, from 0. Names in parentheses are of fields whose control this processor does not
 * have; - is an index that the appendix does not give away.
 */
@SuppressWarnings("nls")
class VmcsFieldsTest {
	private record Table(Width width, Group group, String fields) {
	}

	private static final String SEGMENTS = "ES CS SS DS FS GS LDTR TR ";

	private static final List<Table> APPENDIX = List.of(
			new Table(BITS_16, CONTROL, """
					VIRTUAL_PROCESSOR_IDENTIFIER POSTED_INTERRUPT_NOTIFICATION_VECTOR EPTP_INDEX (HLAT_PREFIX_SIZE)
					(LAST_PID_POINTER_INDEX)"""),
			new Table(BITS_16, GUEST_STATE,
					each(SEGMENTS, "GUEST_%s_SELECTOR ") + "GUEST_INTERRUPT_STATUS PML_INDEX (GUEST_UINV)"),
			new Table(BITS_16, HOST_STATE, each("ES CS SS DS FS GS TR", "HOST_%s_SELECTOR ")),
			new Table(BITS_64, CONTROL, """
					ADDRESS_OF_IO_BITMAP_A ADDRESS_OF_IO_BITMAP_B ADDRESS_OF_MSR_BITMAPS VM_EXIT_MSR_STORE_ADDRESS
					VM_EXIT_MSR_LOAD_ADDRESS VM_ENTRY_MSR_LOAD_ADDRESS EXECUTIVE_VMCS_POINTER PML_ADDRESS TSC_OFFSET
					VIRTUAL_APIC_ADDRESS APIC_ACCESS_ADDRESS POSTED_INTERRUPT_DESCRIPTOR_ADDRESS VM_FUNCTION_CONTROLS
					EPT_POINTER EOI_EXIT_BITMAP_0 EOI_EXIT_BITMAP_1 EOI_EXIT_BITMAP_2 EOI_EXIT_BITMAP_3
					EPTP_LIST_ADDRESS VMREAD_BITMAP_ADDRESS VMWRITE_BITMAP_ADDRESS
					VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS XSS_EXITING_BITMAP (ENCLS_EXITING_BITMAP)
					(SUB_PAGE_PERMISSION_TABLE_POINTER) TSC_MULTIPLIER (TERTIARY_PROCESSOR_BASED_CONTROLS)
					(ENCLV_EXITING_BITMAP) (LOW_PASID_DIRECTORY_ADDRESS) (HIGH_PASID_DIRECTORY_ADDRESS)
					(SHARED_EPT_POINTER) (PCONFIG_EXITING_BITMAP) (HLAT_POINTER) (PID_POINTER_TABLE_ADDRESS)
					(SECONDARY_VM_EXIT_CONTROLS) - - (IA32_SPEC_CTRL_MASK) (IA32_SPEC_CTRL_SHADOW) - -
					(INJECTED_EVENT_DATA)"""),
			new Table(BITS_64, EXIT_INFORMATION, "GUEST_PHYSICAL_ADDRESS - (ORIGINAL_EVENT_DATA)"),
			new Table(BITS_64, GUEST_STATE, """
					VMCS_LINK_POINTER GUEST_IA32_DEBUGCTL GUEST_IA32_PAT GUEST_IA32_EFER (GUEST_IA32_PERF_GLOBAL_CTRL)
					GUEST_PDPTE0 GUEST_PDPTE1 GUEST_PDPTE2 GUEST_PDPTE3 (GUEST_IA32_BNDCFGS) (GUEST_IA32_RTIT_CTL)
					(GUEST_IA32_LBR_CTL) (GUEST_IA32_PKRS) (GUEST_IA32_FRED_CONFIG) (GUEST_IA32_FRED_RSP1)
					(GUEST_IA32_FRED_RSP2) (GUEST_IA32_FRED_RSP3) (GUEST_IA32_FRED_STKLVLS) (GUEST_IA32_FRED_SSP1)
					(GUEST_IA32_FRED_SSP2) (GUEST_IA32_FRED_SSP3)"""),
			new Table(BITS_64, HOST_STATE, """
					HOST_IA32_PAT HOST_IA32_EFER (HOST_IA32_PERF_GLOBAL_CTRL) (HOST_IA32_PKRS) (HOST_IA32_FRED_CONFIG)
					(HOST_IA32_FRED_RSP1) (HOST_IA32_FRED_RSP2) (HOST_IA32_FRED_RSP3) (HOST_IA32_FRED_STKLVLS)
					(HOST_IA32_FRED_SSP1) (HOST_IA32_FRED_SSP2) (HOST_IA32_FRED_SSP3)"""),
			new Table(BITS_32, CONTROL, """
					PIN_BASED_CONTROLS PRIMARY_PROCESSOR_BASED_CONTROLS EXCEPTION_BITMAP PAGE_FAULT_ERROR_CODE_MASK
					PAGE_FAULT_ERROR_CODE_MATCH CR3_TARGET_COUNT VM_EXIT_CONTROLS VM_EXIT_MSR_STORE_COUNT
					VM_EXIT_MSR_LOAD_COUNT VM_ENTRY_CONTROLS VM_ENTRY_MSR_LOAD_COUNT VM_ENTRY_INTERRUPTION_INFORMATION
					VM_ENTRY_EXCEPTION_ERROR_CODE VM_ENTRY_INSTRUCTION_LENGTH TPR_THRESHOLD
					SECONDARY_PROCESSOR_BASED_CONTROLS PLE_GAP PLE_WINDOW (INSTRUCTION_TIMEOUT)"""),
			new Table(BITS_32, EXIT_INFORMATION, """
					VM_INSTRUCTION_ERROR EXIT_REASON VM_EXIT_INTERRUPTION_INFORMATION VM_EXIT_INTERRUPTION_ERROR_CODE
					IDT_VECTORING_INFORMATION IDT_VECTORING_ERROR_CODE VM_EXIT_INSTRUCTION_LENGTH
					VM_EXIT_INSTRUCTION_INFORMATION"""),
			new Table(BITS_32, GUEST_STATE,
					each(SEGMENTS, "GUEST_%s_LIMIT ") + "GUEST_GDTR_LIMIT GUEST_IDTR_LIMIT "
							+ each(SEGMENTS, "GUEST_%s_ACCESS_RIGHTS ")
							+ "GUEST_INTERRUPTIBILITY_STATE GUEST_ACTIVITY_STATE GUEST_SMBASE GUEST_IA32_SYSENTER_CS - "
							+ "VMX_PREEMPTION_TIMER_VALUE"),
			new Table(BITS_32, HOST_STATE, "HOST_IA32_SYSENTER_CS"),
			new Table(NATURAL, CONTROL, """
					CR0_GUEST_HOST_MASK CR4_GUEST_HOST_MASK CR0_READ_SHADOW CR4_READ_SHADOW CR3_TARGET_VALUE_0
					CR3_TARGET_VALUE_1 CR3_TARGET_VALUE_2 CR3_TARGET_VALUE_3"""),
			new Table(NATURAL, EXIT_INFORMATION,
					"EXIT_QUALIFICATION IO_RCX IO_RSI IO_RDI IO_RIP GUEST_LINEAR_ADDRESS"),
			new Table(NATURAL, GUEST_STATE,
					"GUEST_CR0 GUEST_CR3 GUEST_CR4 " + each(SEGMENTS, "GUEST_%s_BASE ") + """
							GUEST_GDTR_BASE GUEST_IDTR_BASE GUEST_DR7 GUEST_RSP GUEST_RIP GUEST_RFLAGS
							GUEST_PENDING_DEBUG_EXCEPTIONS GUEST_IA32_SYSENTER_ESP GUEST_IA32_SYSENTER_EIP
							(GUEST_IA32_S_CET) (GUEST_SSP) (GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR)"""),
			new Table(NATURAL, HOST_STATE, """
					HOST_CR0 HOST_CR3 HOST_CR4 HOST_FS_BASE HOST_GS_BASE HOST_TR_BASE HOST_GDTR_BASE HOST_IDTR_BASE
					HOST_IA32_SYSENTER_ESP HOST_IA32_SYSENTER_EIP HOST_RSP HOST_RIP (HOST_IA32_S_CET) (HOST_SSP)
					(HOST_IA32_INTERRUPT_SSP_TABLE_ADDR)"""));

	private static String each(String names, String pattern) {
		StringBuilder text = new StringBuilder();
		for (String name : names.trim().split(" ")) {
			text.append(String.format(pattern, name));
		}
		return text.toString();
	}

	/** "Structure of VMCS Component Encoding". */
	private static int encoding(Table table, int index) {
		return table.width.ordinal() << 13 | table.group.ordinal() << 10 | index << 1;
	}

	private static Stream<String> names(Table table) {
		return Stream.of(table.fields.strip().split("\\s+"));
	}

	@TestFactory
	Stream<DynamicTest> tableHasTheFieldsOfTheAppendix() {
		return APPENDIX.stream()
				.map(table -> DynamicTest.dynamicTest(table.width + " " + table.group, () -> compare(table)));
	}

	private static void compare(Table table) {
		List<String> names = names(table).toList();
		for (int i = 0; i < names.size(); i++) {
			String name = names.get(i);
			int encoding = encoding(table, i);
			if (name.equals("-") || name.startsWith("(")) {
				assertNull(VmcsField.find(encoding), name);
			} else {
				assertEquals(VmcsField.valueOf(name), VmcsField.find(encoding));
			}
			if (!name.equals("-")) {
				VmcsField field = VmcsField.valueOf(name.replaceAll("[()]", ""));
				assertEquals(encoding, field.encoding(), name);
				assertEquals(table.width, field.width(), name);
				assertEquals(table.group, field.group(), name);
				assertEquals(table.group == EXIT_INFORMATION, field.readOnly(), name);
			}
		}
		assertNull(VmcsField.find(encoding(table, names.size())), "behind the last");
	}

	@Test
	void tableHasNoOtherFields() {
		Set<VmcsField> rest = EnumSet.allOf(VmcsField.class);
		APPENDIX.stream().flatMap(VmcsFieldsTest::names).filter(name -> !name.equals("-"))
				.forEach(name -> assertTrue(rest.remove(VmcsField.valueOf(name.replaceAll("[()]", ""))), name));
		assertEquals(Set.of(), rest);
	}

	/** VMWRITE and VMREAD by the processor: the field keeps what its width holds; bit 0 is for 64-bit fields alone. */
	@Test
	void vmwriteAndVmreadReachEachFieldByItsEncoding() {
		GuestHypervisorFixture fixture = launching(NOP);
		List<String> wrong = new ArrayList<>();
		for (VmcsField field : VmcsField.values()) {
			if (!field.present()) {
				execute(fixture, VMREAD_RBX, field.encoding(), 0);
				fixture.assertFails(VmFail.UNSUPPORTED_COMPONENT);
				continue;
			}
			execute(fixture, VMWRITE_RBX, field.encoding(), 0x8765_4321_fedc_ba98L);
			fixture.assertSucceeds();
			execute(fixture, VMREAD_RBX, field.encoding(), 0);
			if (fixture.state.general[CpuState.RBX] != (0x8765_4321_fedc_ba98L & field.width().mask())) {
				wrong.add(field.name());
			}
			execute(fixture, VMREAD_RBX, field.encoding() | 1, 0);
			if (field.width() == BITS_64) {
				assertEquals(0x8765_4321L, fixture.state.general[CpuState.RBX], field.name());
			} else {
				fixture.assertFails(VmFail.UNSUPPORTED_COMPONENT);
			}
		}
		assertEquals(List.of(), wrong);
	}

	private static void execute(GuestHypervisorFixture fixture, String instruction, int encoding, long value) {
		fixture.state.general[CpuState.RAX] = encoding;
		fixture.state.general[CpuState.RBX] = value;
		fixture.execute(instruction);
	}

	@Test
	void highAccessReachesTheUpperHalf() {
		Vmcs vmcs = new Vmcs();
		vmcs.write(VmcsField.EPT_POINTER.encoding() | 1, 0x1234);
		assertEquals(0x1234L << 32, vmcs.read(VmcsField.EPT_POINTER));
	}

	/** IA32_VMX_VMCS_ENUM, bits 9:1: the highest index of the fields that are there. */
	@Test
	void enumerationSaysTheHighestIndex() {
		long index = VmxCapability.IA32_VMX_VMCS_ENUM.value() >> 1;
		assertNotNull(VmcsField.find((int) index << 1 | 1 << 13));
		assertEquals(VmcsField.TSC_MULTIPLIER.encoding() >> 1 & 0x1ff, index);
	}
}
