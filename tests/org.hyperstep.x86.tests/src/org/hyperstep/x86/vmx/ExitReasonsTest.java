/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.hyperstep.x86.vmx.VmExitReason.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The basic exit reasons of Intel SDM, appendix "VMX Basic Exit Reasons": each is reached by a guest of a guest hypervisor,
 * is tested elsewhere, or cannot occur, for the reason that is given.
 */
@SuppressWarnings("nls")
class ExitReasonsTest {
	private static final long SPARE = LongModeMemory.SPARE, VIRTUAL_APIC = 0x15_0000, PML = 0x15_1000, AREA = 0x15_2000;
	private static final String LOAD_SPARE = "8b042500001000";
	private static final int LAST_OF_THE_APPENDIX = 85;

	/** Code of the inner guest, whose last instruction exits, and what its VMCS has beside the fixture's. */
	private record Row(String code, Consumer<GuestHypervisorFixture> vmcs) {
		void reaches(VmExitReason reason) {
			GuestHypervisorFixture fixture = launching(code);
			vmcs.accept(fixture);
			fixture.launch(reason);
		}
	}

	/** By the classes beside this one and those of the hypervisor: they come from outside of the processor. */
	private static final Set<VmExitReason> ELSEWHERE = EnumSet.of(EXTERNAL_INTERRUPT, INIT_SIGNAL, START_UP_IPI);

	private static final Map<VmExitReason, Row> REACHED = new EnumMap<>(VmExitReason.class);

	static {
		unconditional();
		byControl();
		events();
		ofApicVirtualization();
		ofEpt();
	}

	private static void reach(VmExitReason reason, String code, VmxControl... controls) {
		prepared(reason, code, fixture -> {
		}, controls);
	}

	private static void prepared(VmExitReason reason, String code, Consumer<GuestHypervisorFixture> prepare,
			VmxControl... controls) {
		REACHED.put(reason, new Row(code, fixture -> {
			for (VmxControl control : controls) {
				fixture.vmcs().set(control, true);
			}
			prepare.accept(fixture);
		}));
	}

	private static void unconditional() {
		reach(VmExitReason.CPUID, "0fa2");
		reach(INVD, "0f08");
		reach(VmExitReason.VMCALL, "0f01c1");
		reach(VmExitReason.VMCLEAR, "660fc730");
		reach(VmExitReason.VMLAUNCH, "0f01c2");
		reach(VmExitReason.VMPTRLD, "0fc730");
		reach(VmExitReason.VMPTRST, "0fc738");
		reach(VMREAD, "0f78c3");
		reach(VmExitReason.VMRESUME, "0f01c3");
		reach(VMWRITE, "0f79c3");
		reach(VmExitReason.VMXOFF, "0f01c4");
		reach(VmExitReason.VMXON, "f30fc730");
		reach(VmExitReason.INVEPT, "660f388000");
		reach(VmExitReason.INVVPID, "660f388100");
		prepared(XSETBV, "0f01d1",
				fixture -> fixture.vmcs().write(GUEST_CR4, fixture.state.cr4 | CpuState.CR4_OSXSAVE));
		reach(RDMSR, "0f32");
		reach(WRMSR, "0f30");
	}

	private static void byControl() {
		reach(VmExitReason.HLT, "f4", VmxControl.HLT_EXITING);
		reach(INVLPG, "0f0138", VmxControl.INVLPG_EXITING);
		reach(INVPCID, "660f388200", VmxControl.ENABLE_INVPCID, VmxControl.INVLPG_EXITING);
		reach(RDPMC, "0f33", VmxControl.RDPMC_EXITING);
		reach(RDTSC, "0f31", VmxControl.RDTSC_EXITING);
		reach(RDTSCP, "0f01f9", VmxControl.RDTSC_EXITING, VmxControl.ENABLE_RDTSCP);
		reach(CONTROL_REGISTER_ACCESS, "0f20d8", VmxControl.CR3_STORE_EXITING);
		reach(MOV_DR, "0f21c0", VmxControl.MOV_DR_EXITING);
		reach(IO_INSTRUCTION, "e680", VmxControl.UNCONDITIONAL_IO_EXITING);
		reach(MWAIT, "0f01c9", VmxControl.MWAIT_EXITING);
		reach(MONITOR, "0f01c8", VmxControl.MONITOR_EXITING);
		reach(PAUSE, "f390", VmxControl.PAUSE_EXITING);
		reach(ACCESS_TO_GDTR_OR_IDTR, "0f010424", VmxControl.DESCRIPTOR_TABLE_EXITING);
		reach(ACCESS_TO_LDTR_OR_TR, "0f00c0", VmxControl.DESCRIPTOR_TABLE_EXITING);
		reach(WBINVD, "0f09", VmxControl.WBINVD_EXITING);
		reach(RDRAND, "0fc7f0", VmxControl.RDRAND_EXITING);
		reach(RDSEED, "0fc7f8", VmxControl.RDSEED_EXITING);
		// VM function 1 does not exist.
		reach(VMFUNC, "b801000000 0f01d4", VmxControl.ENABLE_VM_FUNCTIONS);
		// No supervisor state component exists; the rule about them is there all the same.
		prepared(XSAVES, "b800010000 31d2 0fc72c2500100000", ExitReasonsTest::supervisorComponent,
				VmxControl.ENABLE_XSAVES);
		prepared(XRSTORS, "b800010000 31d2 0fc71c2500100000", ExitReasonsTest::supervisorComponent,
				VmxControl.ENABLE_XSAVES);
	}

	private static void supervisorComponent(GuestHypervisorFixture fixture) {
		fixture.vmcs().write(GUEST_CR4, fixture.state.cr4 | CpuState.CR4_OSXSAVE);
		fixture.vmcs().write(XSS_EXITING_BITMAP, 1 << 8);
		fixture.state.xss = 1 << 8;
	}

	private static void events() {
		prepared(EXCEPTION_OR_NMI, "0f0b", fixture -> fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.UD));
		prepared(TRIPLE_FAULT, "0f0b", fixture -> fixture.vmcs().write(GUEST_IDTR_LIMIT, 0));
		reach(INTERRUPT_WINDOW, "fb 90", VmxControl.INTERRUPT_WINDOW_EXITING);
		reach(NMI_WINDOW, "90", VmxControl.VIRTUAL_NMIS, VmxControl.NMI_WINDOW_EXITING);
		reach(VmExitReason.MONITOR_TRAP_FLAG, "90 90", VmxControl.MONITOR_TRAP_FLAG);
		reach(VMX_PREEMPTION_TIMER_EXPIRED, "90", VmxControl.ACTIVATE_VMX_PREEMPTION_TIMER);
		prepared(TASK_SWITCH, "ea 00000000 2800", ExitReasonsTest::in32BitMode);
		prepared(ENTRY_FAILURE_GUEST_STATE, "90", fixture -> fixture.vmcs().write(GUEST_RFLAGS, 0));
		prepared(ENTRY_FAILURE_MSR_LOADING, "90", fixture -> {
			fixture.vmcs().write(VM_ENTRY_MSR_LOAD_ADDRESS, AREA);
			fixture.vmcs().write(VM_ENTRY_MSR_LOAD_COUNT, 1);
			fixture.memory.physical.write(AREA, 8, 0xc000_0100L);
		});
	}

	/** An unrestricted guest without paging, with an available TSS of 32 bits at selector 0x28. */
	private static void in32BitMode(GuestHypervisorFixture fixture) {
		Vmcs vmcs = fixture.vmcs();
		fixture.identityEpt();
		vmcs.set(VmxControl.UNRESTRICTED_GUEST, true);
		vmcs.set(VmxControl.IA_32E_MODE_GUEST, false);
		vmcs.write(GUEST_IA32_EFER, 0);
		vmcs.write(GUEST_CR0, CpuState.CR0_PE | CpuState.CR0_NE | CpuState.CR0_ET);
		vmcs.write(GUEST_CR4, CpuState.CR4_VMXE);
		vmcs.write(GUEST_CS_ACCESS_RIGHTS, 0xc09b);
		fixture.memory.physical.write(LongModeMemory.GDT + 0x28, 8, 0x0000_8900_0000_0067L | SPARE << 16);
	}

	private static void ofApicVirtualization() {
		Consumer<GuestHypervisorFixture> page = fixture -> {
			fixture.vmcs().write(VIRTUAL_APIC_ADDRESS, VIRTUAL_APIC);
			fixture.vmcs().write(APIC_ACCESS_ADDRESS, SPARE);
			fixture.vmcs().write(GUEST_INTERRUPT_STATUS, 0x4000);
			fixture.vmcs().write(EOI_EXIT_BITMAP_1, 1);
		};
		prepared(APIC_ACCESS, LOAD_SPARE, page, VmxControl.USE_TPR_SHADOW, VmxControl.VIRTUALIZE_APIC_ACCESSES);
		prepared(VIRTUALIZED_EOI, "31c0 890425b0001000", page, VmxControl.USE_TPR_SHADOW,
				VmxControl.VIRTUALIZE_APIC_ACCESSES, VmxControl.VIRTUAL_INTERRUPT_DELIVERY);
		prepared(APIC_WRITE, "31c0 89042580031000", page, VmxControl.USE_TPR_SHADOW,
				VmxControl.VIRTUALIZE_APIC_ACCESSES, VmxControl.APIC_REGISTER_VIRTUALIZATION);
		prepared(TPR_BELOW_THRESHOLD, "31c0 440f22c0", fixture -> {
			page.accept(fixture);
			fixture.memory.physical.write(VIRTUAL_APIC + 0x80, 4, 0xf0);
			fixture.vmcs().write(TPR_THRESHOLD, 5);
		}, VmxControl.USE_TPR_SHADOW);
	}

	private static void ofEpt() {
		prepared(EPT_VIOLATION, LOAD_SPARE, fixture -> {
			fixture.identityEpt();
			fixture.mapEpt(SPARE, 0);
		});
		prepared(EPT_MISCONFIGURATION, LOAD_SPARE, fixture -> {
			fixture.identityEpt();
			fixture.mapEpt(SPARE, SPARE | 2);
		});
		prepared(PAGE_MODIFICATION_LOG_FULL, "89042500001000", fixture -> {
			fixture.identityEpt();
			fixture.vmcs().write(EPT_POINTER, EPT_ROOT | 6 | 3 << 3 | 1 << 6);
			fixture.vmcs().write(PML_ADDRESS, PML);
			fixture.vmcs().write(PML_INDEX, 0xffff);
		}, VmxControl.ENABLE_PML);
	}

	@TestFactory
	Stream<DynamicTest> reasonIsReached() {
		return REACHED.entrySet().stream()
				.map(row -> DynamicTest.dynamicTest(row.getKey().name(), () -> row.getValue().reaches(row.getKey())));
	}

	/** Why a reason of the table cannot occur here. */
	private static final Map<VmExitReason, String> IMPOSSIBLE = Map.of(
			IO_SMI, "SMIs exit under the dual-monitor treatment alone, which is not offered",
			OTHER_SMI, "SMIs exit under the dual-monitor treatment alone, which is not offered",
			GETSEC, "CR4.SMXE cannot be set, without which GETSEC is undefined",
			RSM, "RSM exits in system-management mode alone, which a guest hypervisor's guest is never in: an SMI "
					+ "leaves VMX operation. The software at the bottom, which has the mode, asks for it",
			ENCLS, "the processor has no SGX, and ENCLS is undefined",
			ENTRY_FAILURE_MACHINE_CHECK, "nothing in the machine causes machine checks");

	@Test
	void everyReasonIsReachedOrTestedElsewhereOrCannotOccur() {
		for (VmExitReason reason : VmExitReason.values()) {
			int places = (REACHED.containsKey(reason) ? 1 : 0) + (ELSEWHERE.contains(reason) ? 1 : 0)
					+ (IMPOSSIBLE.containsKey(reason) ? 1 : 0);
			assertEquals(1, places, reason.name());
		}
	}

	@Test
	void reasonsThatCannotOccurHaveNoControl() {
		assertEquals(0, VmxCapability.IA32_VMX_CR4_FIXED1.value() >> 14 & 1, "CR4.SMXE");
		assertFalse(allows(SECONDARY_PROCESSOR_BASED_CONTROLS, 15), "ENCLS exiting");
		assertFalse(allows(VM_ENTRY_CONTROLS, 10), "entry to SMM");
		assertFalse(allows(VM_ENTRY_CONTROLS, 11), "deactivate dual-monitor treatment");
	}

	/** Reasons behind the table's last, and those that the appendix skips: the processor has not what causes them. */
	@TestFactory
	Stream<DynamicTest> reasonOfAbsentFeatureHasNoRow() {
		return IntStream.concat(IntStream.of(35, 38, 42), IntStream.rangeClosed(65, LAST_OF_THE_APPENDIX))
				.mapToObj(number -> DynamicTest.dynamicTest(number + " " + absent(number), () -> {
					assertThrows(IllegalArgumentException.class, () -> VmExitReason.of(number));
					int control = controlOf(number);
					assertTrue(control < 0 || !allows(SECONDARY_PROCESSOR_BASED_CONTROLS, control));
				}));
	}

	private static String absent(int number) {
		return switch (number) {
			case 66 -> "sub-page write permissions for EPT";
			case 67, 68 -> "user wait and pause: UMWAIT, TPAUSE";
			case 69 -> "LOADIWKEY exiting, a tertiary control";
			case 70 -> "ENCLV exiting";
			case 72, 73 -> "PASID translation: ENQCMD, ENQCMDS";
			case 74 -> "VMM bus-lock detection";
			case 75 -> "instruction timeout";
			case 76, 77 -> "trust domains: SEAMCALL, TDCALL";
			case 78, 79 -> "RDMSRLIST, WRMSRLIST, a tertiary control";
			case 80, 81 -> "user-mode MSR access: URDMSR, UWRMSR";
			case 84, 85 -> "RDMSR and WRMSRNS with an immediate";
			default -> "not in the appendix";
		};
	}

	/** The secondary control that allows the reason; -1 where there is another condition. */
	private static int controlOf(int number) {
		return switch (number) {
			case 66 -> 23;
			case 67, 68 -> 26;
			case 70 -> 28;
			case 72, 73 -> 21;
			case 74 -> 30;
			case 75 -> 31;
			default -> -1;
		};
	}

	@Test
	void thereAreNoTertiaryControls() {
		assertFalse(allows(PRIMARY_PROCESSOR_BASED_CONTROLS, 17));
	}

	private static boolean allows(VmcsField field, int bit) {
		return (VmxControl.allowedOne(field) >>> bit & 1) != 0;
	}

	/** "XSS-Exiting Bitmap": the instruction asks for the component, IA32_XSS has it, and the bitmap has it. */
	@Test
	void componentThatIsNotAskedForDoesNotExit() {
		GuestHypervisorFixture fixture = launching("31c0 31d2 0fc72c2500100000" + GuestHypervisorFixture.CPUID);
		fixture.vmcs().set(VmxControl.ENABLE_XSAVES, true);
		supervisorComponent(fixture);
		fixture.launch(VmExitReason.CPUID);
	}

	@Test
	void componentOutsideOfTheBitmapDoesNotExit() {
		GuestHypervisorFixture fixture = launching("b803000000 31d2 0fc72c2500100000" + GuestHypervisorFixture.CPUID);
		fixture.vmcs().set(VmxControl.ENABLE_XSAVES, true);
		supervisorComponent(fixture);
		fixture.vmcs().write(XSS_EXITING_BITMAP, -1L << 9);
		fixture.launch(VmExitReason.CPUID);
	}
}
