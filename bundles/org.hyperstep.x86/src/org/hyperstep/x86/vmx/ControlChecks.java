/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.Architecture.CR0_PE;
import static org.hyperstep.x86.vmx.Architecture.physical;
import static org.hyperstep.x86.vmx.Architecture.physicalAligned;
import static org.hyperstep.x86.vmx.Architecture.pushesErrorCode;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import java.util.List;
import java.util.function.Predicate;

import org.hyperstep.x86.event.EventType;

/** Intel SDM, "Checks on VMX Controls". */
@SuppressWarnings("nls")
final class ControlChecks {

	/** Those of the event to inject, which changes from entry to entry. */
	static final List<EntryCheck> INJECTION = List.of(
			injection("VM-entry interruption type is not reserved", i -> i.type() != 1),
			injection("VM-entry interruption vector fits its type", Injection::vectorFitsType),
			injection("the error-code bit is 1 exactly for a hardware exception that has one, in protected mode",
					Injection::errorCodeFits),
			injection("VM-entry interruption information: reserved bits 30:12",
					i -> (i.information & 0x7fff_f000) == 0),
			injection("VM-entry exception error code: bits 31:16 are 0",
					i -> !i.hasErrorCode() || i.vmcs.read(VM_ENTRY_EXCEPTION_ERROR_CODE) >>> 16 == 0),
			injection("VM-entry instruction length is 1 to 15 for software events", Injection::instructionLengthFits));

	/** The others. */
	static final List<EntryCheck> ALL = List.of(
			reserved("pin-based VM-execution controls: reserved bits", PIN_BASED_CONTROLS),
			reserved("primary processor-based VM-execution controls: reserved bits", PRIMARY_PROCESSOR_BASED_CONTROLS),
			check("secondary processor-based VM-execution controls: reserved bits",
					v -> !v.has(ACTIVATE_SECONDARY_CONTROLS) || allowed(v, SECONDARY_PROCESSOR_BASED_CONTROLS)),
			check("CR3-target count is at most 4", v -> v.read(CR3_TARGET_COUNT) <= 4),
			check("I/O-bitmap addresses are page-aligned and physical", v -> !v.has(USE_IO_BITMAPS)
					|| page(v, ADDRESS_OF_IO_BITMAP_A) && page(v, ADDRESS_OF_IO_BITMAP_B)),
			check("the MSR-bitmap address is page-aligned and physical",
					v -> !v.has(USE_MSR_BITMAPS) || page(v, ADDRESS_OF_MSR_BITMAPS)),
			check("the virtual-APIC address is page-aligned and physical",
					v -> !v.has(USE_TPR_SHADOW) || page(v, VIRTUAL_APIC_ADDRESS)),
			check("TPR threshold: bits 31:4 are 0",
					v -> !v.has(USE_TPR_SHADOW) || v.has(VIRTUAL_INTERRUPT_DELIVERY)
							|| v.read(TPR_THRESHOLD) >>> 4 == 0),
			check("x2APIC mode, APIC-register virtualization and virtual-interrupt delivery need the TPR shadow",
					v -> v.has(USE_TPR_SHADOW) || !v.has(VIRTUALIZE_X2APIC_MODE) && !v.has(APIC_REGISTER_VIRTUALIZATION)
							&& !v.has(VIRTUAL_INTERRUPT_DELIVERY)),
			check("the APIC-access address is page-aligned and physical",
					v -> !v.has(VIRTUALIZE_APIC_ACCESSES) || page(v, APIC_ACCESS_ADDRESS)),
			check("virtualize x2APIC mode excludes virtualize APIC accesses",
					v -> !v.has(VIRTUALIZE_X2APIC_MODE) || !v.has(VIRTUALIZE_APIC_ACCESSES)),
			check("virtual-interrupt delivery needs external-interrupt exiting",
					v -> !v.has(VIRTUAL_INTERRUPT_DELIVERY) || v.has(EXTERNAL_INTERRUPT_EXITING)),
			check("posted interrupts need virtual-interrupt delivery and acknowledgement on exit",
					v -> !v.has(PROCESS_POSTED_INTERRUPTS)
							|| v.has(VIRTUAL_INTERRUPT_DELIVERY) && v.has(ACKNOWLEDGE_INTERRUPT_ON_EXIT)),
			check("the posted-interrupt notification vector has 8 bits", v -> !v.has(PROCESS_POSTED_INTERRUPTS)
					|| v.read(POSTED_INTERRUPT_NOTIFICATION_VECTOR) >>> 8 == 0),
			check("the posted-interrupt descriptor is 64-byte aligned and physical", v -> !v
					.has(PROCESS_POSTED_INTERRUPTS)
					|| physicalAligned(v.read(POSTED_INTERRUPT_DESCRIPTOR_ADDRESS), 64)),
			check("virtual NMIs need NMI exiting", v -> v.has(NMI_EXITING) || !v.has(VIRTUAL_NMIS)),
			check("NMI-window exiting needs virtual NMIs", v -> v.has(VIRTUAL_NMIS) || !v.has(NMI_WINDOW_EXITING)),
			check("the VPID is not 0 where VPIDs are enabled",
					v -> !v.has(ENABLE_VPID) || v.read(VIRTUAL_PROCESSOR_IDENTIFIER) != 0),
			check("the EPT pointer's memory type, walk length and reserved bits",
					v -> !v.has(ENABLE_EPT) || validEptPointer(v.read(EPT_POINTER))),
			check("PML needs EPT, and its address is page-aligned and physical",
					v -> !v.has(ENABLE_PML) || v.has(ENABLE_EPT) && page(v, PML_ADDRESS)),
			check("VM functions: no reserved bit, and EPTP switching needs EPT and a page-aligned physical list",
					v -> !v.has(ENABLE_VM_FUNCTIONS) || v.read(VM_FUNCTION_CONTROLS) == 0
							|| v.read(VM_FUNCTION_CONTROLS) == 1L << VmFunctions.EPTP_SWITCHING && v.has(ENABLE_EPT)
									&& page(v, EPTP_LIST_ADDRESS)),
			check("the VMREAD and VMWRITE bitmaps are page-aligned and physical", v -> !v.has(VMCS_SHADOWING)
					|| page(v, VMREAD_BITMAP_ADDRESS) && page(v, VMWRITE_BITMAP_ADDRESS)),
			check("the virtualization-exception information is page-aligned and physical",
					v -> !v.has(EPT_VIOLATION_VE) || page(v, VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS)),
			check("mode-based execute control needs EPT",
					v -> v.has(ENABLE_EPT) || !v.has(MODE_BASED_EXECUTE_CONTROL)),
			check("the TSC multiplier is not 0", v -> !v.has(USE_TSC_SCALING) || v.read(TSC_MULTIPLIER) != 0),
			check("unrestricted guest needs EPT", v -> v.has(ENABLE_EPT) || !v.has(UNRESTRICTED_GUEST)),

			reserved("VM-exit controls: reserved bits", VM_EXIT_CONTROLS),
			check("saving the VMX-preemption timer needs the timer",
					v -> v.has(ACTIVATE_VMX_PREEMPTION_TIMER) || !v.has(SAVE_VMX_PREEMPTION_TIMER)),
			area("VM-exit MSR-store area", VM_EXIT_MSR_STORE_ADDRESS, VM_EXIT_MSR_STORE_COUNT),
			area("VM-exit MSR-load area", VM_EXIT_MSR_LOAD_ADDRESS, VM_EXIT_MSR_LOAD_COUNT),

			reserved("VM-entry controls: reserved bits", VM_ENTRY_CONTROLS),
			area("VM-entry MSR-load area", VM_ENTRY_MSR_LOAD_ADDRESS, VM_ENTRY_MSR_LOAD_COUNT));

	private ControlChecks() {
	}

	/** The event that a VMCS injects. */
	private record Injection(Vmcs vmcs, int information) {
		int vector() {
			return information & 0xff;
		}

		int type() {
			return information >> 8 & 7;
		}

		boolean hasErrorCode() {
			return (information & 1 << 11) != 0;
		}

		boolean vectorFitsType() {
			return switch (type()) {
				case EventType.NMI -> vector() == 2;
				case EventType.HARDWARE_EXCEPTION -> vector() <= 31;
				case EventType.OTHER -> vector() == 0;
				default -> true;
			};
		}

		boolean errorCodeFits() {
			boolean protectedMode = !vmcs.has(UNRESTRICTED_GUEST) || (vmcs.read(GUEST_CR0) & CR0_PE) != 0;
			return hasErrorCode() == (protectedMode && type() == EventType.HARDWARE_EXCEPTION
					&& pushesErrorCode(vector()));
		}

		boolean instructionLengthFits() {
			long length = vmcs.read(VM_ENTRY_INSTRUCTION_LENGTH);
			return type() < EventType.SOFTWARE_INTERRUPT || type() > EventType.SOFTWARE_EXCEPTION
					|| length >= 1 && length <= 15;
		}
	}

	private static EntryCheck check(String rule, Predicate<Vmcs> holds) {
		return new EntryCheck(rule, EntryCheck.Failure.INVALID_CONTROL, holds);
	}

	private static EntryCheck reserved(String rule, VmcsField field) {
		return check(rule, v -> allowed(v, field));
	}

	private static EntryCheck area(String name, VmcsField address, VmcsField count) {
		return check(name + " is aligned to 16 bytes and physical", v -> v.read(count) == 0
				|| physicalAligned(v.read(address), 16) && physical(v.read(address) + v.read(count) * 16 - 1));
	}

	private static EntryCheck injection(String rule, Predicate<Injection> holds) {
		return check(rule, v -> {
			int information = (int) v.read(VM_ENTRY_INTERRUPTION_INFORMATION);
			return information >= 0 || holds.test(new Injection(v, information));
		});
	}

	private static boolean allowed(Vmcs vmcs, VmcsField field) {
		long value = vmcs.read(field);
		long mustBeOne = VmxControl.allowedZero(field);
		return (value & mustBeOne) == mustBeOne && (value & ~VmxControl.allowedOne(field)) == 0;
	}

	private static boolean page(Vmcs vmcs, VmcsField field) {
		return physicalAligned(vmcs.read(field), 4096);
	}

	/** Memory type UC or WB, page-walk length 4, accessed and dirty flags allowed. */
	static boolean validEptPointer(long pointer) {
		long type = pointer & 7;
		return (type == 0 || type == 6) && (pointer >>> 3 & 7) == 3 && (pointer & 0xf80) == 0 && physical(pointer);
	}
}
