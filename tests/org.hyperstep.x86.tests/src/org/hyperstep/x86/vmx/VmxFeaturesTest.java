/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What VMX non-root operation has beyond intercepts: VM functions, #VE, shadow VMCSs, PAUSE loops, scaling of time. */
@SuppressWarnings("nls")
class VmxFeaturesTest {
	private static final long AREA = 0x15_0000, BITMAPS = 0x15_1000, LIST = 0x15_3000, SECOND_ROOT = 0x15_4000,
			SECOND_PDPT = 0x15_5000, SECOND_PD = 0x15_6000, SECOND_PT = 0x15_7000;
	private static final String PAUSE_LOOP = "f390 ebfc", VMFUNC = "0f01d4", READ_SPARE = "8b042500001000",
			WRITE_SPARE = "89042508001000";
	private static final long USER = 1 << 10, SUPPRESS = 1L << 63, LINK_POINTER_FAILURE = 4;

	private static GuestHypervisorFixture with(String guestCode, VmxControl... controls) {
		GuestHypervisorFixture fixture = launching(guestCode);
		for (VmxControl control : controls) {
			fixture.vmcs().set(control, true);
		}
		return fixture;
	}

	/** The guest executes so many instructions without an exit. */
	private static void runOn(GuestHypervisorFixture fixture, int instructions) {
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.state.rip = LongModeMemory.CODE;
		fixture.processor.setDeadline(fixture.processor.retired() + instructions);
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
		assertNotNull(fixture.processor.contexts().inner());
	}

	@ParameterizedTest
	@EnumSource
	void controlsAreAdvertisedExactly(VmxControl control) {
		for (VmxCapability row : VmxCapability.values()) {
			boolean own = switch (row) {
				case IA32_VMX_TRUE_PINBASED_CTLS -> control.field() == PIN_BASED_CONTROLS;
				case IA32_VMX_TRUE_PROCBASED_CTLS -> control.field() == PRIMARY_PROCESSOR_BASED_CONTROLS;
				case IA32_VMX_PROCBASED_CTLS2 -> control.field() == SECONDARY_PROCESSOR_BASED_CONTROLS;
				case IA32_VMX_TRUE_EXIT_CTLS -> control.field() == VM_EXIT_CONTROLS;
				case IA32_VMX_TRUE_ENTRY_CTLS -> control.field() == VM_ENTRY_CONTROLS;
				default -> false;
			};
			assertTrue(!own || (row.value() >>> 32 + control.bit() & 1) != 0, row.name());
		}
	}

	// ---- PAUSE-loop exiting ----

	@Test
	void pauseExitsWhenItsLoopIsLongerThanTheWindow() {
		GuestHypervisorFixture fixture = with(PAUSE_LOOP, PAUSE_LOOP_EXITING);
		fixture.vmcs().write(PLE_GAP, 5);
		fixture.vmcs().write(PLE_WINDOW, 20);
		long before = fixture.processor.retired();
		fixture.launch(VmExitReason.PAUSE);
		assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
		assertTrue(fixture.processor.retired() - before > 20);
	}

	@Test
	void pauseBehindALongerGapIsTheFirstOfANewLoop() {
		GuestHypervisorFixture fixture = with("f390 909090 ebf9", PAUSE_LOOP_EXITING);
		fixture.vmcs().write(PLE_GAP, 4);
		fixture.vmcs().write(PLE_WINDOW, 8);
		runOn(fixture, 200);
	}

	// ---- time ----

	@Test
	void counterIsMultipliedBeforeTheOffsetIsAdded() {
		GuestHypervisorFixture fixture = with("0f31" + CPUID, USE_TSC_OFFSETTING, USE_TSC_SCALING);
		fixture.vmcs().write(TSC_MULTIPLIER, 5L << 47);
		fixture.vmcs().write(TSC_OFFSET, 1_000_000);
		fixture.processor.setTimeStampCounter(1_000);
		fixture.launch(VmExitReason.CPUID);
		long read = fixture.state.general[CpuState.RAX] - 1_000_000;
		assertTrue(read >= 2_500 && read <= 2_510, Long.toString(read));
	}

	@Test
	void multiplierOfZeroFailsTheEntry() {
		GuestHypervisorFixture fixture = with(NOP, USE_TSC_SCALING);
		fixture.execute(VMLAUNCH);
		fixture.assertFails(VmFail.INVALID_CONTROL_FIELDS);
	}

	// ---- VM functions ----

	private static GuestHypervisorFixture switching(String guestCode) {
		GuestHypervisorFixture fixture = with(guestCode, ENABLE_VM_FUNCTIONS);
		fixture.identityEpt();
		fixture.memory.physical.write(SECOND_ROOT, 8, SECOND_PDPT | EPT_ALL);
		fixture.memory.physical.write(SECOND_PDPT, 8, SECOND_PD | EPT_ALL);
		fixture.memory.physical.write(SECOND_PD, 8, SECOND_PT | EPT_ALL);
		for (long page = 0; page < 512; page++) {
			long to = page << 12 == LongModeMemory.SPARE ? AREA : page << 12;
			fixture.memory.physical.write(SECOND_PT + 8 * page, 8, to | EPT_ALL | 6 << 3);
		}
		fixture.memory.physical.write(AREA, 4, 0x77);
		fixture.memory.physical.write(LIST + 8, 8, SECOND_ROOT | 6 | 3 << 3);
		fixture.vmcs().write(EPTP_LIST_ADDRESS, LIST);
		fixture.vmcs().write(VM_FUNCTION_CONTROLS, 1);
		return fixture;
	}

	@Test
	void eptpSwitchingTakesThePointerOfTheListWithoutAnExit() {
		GuestHypervisorFixture fixture = switching("31c0 b901000000" + VMFUNC + READ_SPARE + HLT);
		fixture.vmcs().set(EPT_VIOLATION_VE, true);
		fixture.launch(VmExitReason.HLT);
		assertEquals(0x77, fixture.state.general[CpuState.RAX]);
		assertEquals(SECOND_ROOT | 6 | 3 << 3, fixture.vmcs().read(EPT_POINTER));
		assertEquals(1, fixture.vmcs().read(EPTP_INDEX));
	}

	@Test
	void vmfuncExitsForWhatItCannotDo() {
		switching("31c0 b900020000" + VMFUNC).launch(VmExitReason.VMFUNC);
		switching("31c0 b902000000" + VMFUNC).launch(VmExitReason.VMFUNC);
		switching("b801000000" + VMFUNC).launch(VmExitReason.VMFUNC);
		switching("b840000000" + VMFUNC).launch(VmExitReason.VMFUNC);
	}

	@Test
	void vmfuncIsUndefinedWithoutItsControl() {
		GuestHypervisorFixture fixture = with(VMFUNC);
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.UD);
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(Vector.UD, fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION) & 0xff);
	}

	@Test
	void vmFunctionsThatDoNotExistFailTheEntry() {
		GuestHypervisorFixture fixture = switching(NOP);
		fixture.vmcs().write(VM_FUNCTION_CONTROLS, 3);
		fixture.execute(VMLAUNCH);
		fixture.assertFails(VmFail.INVALID_CONTROL_FIELDS);
	}

	// ---- virtualization exceptions ----

	private static GuestHypervisorFixture convertible(String guestCode, long spareEntry) {
		GuestHypervisorFixture fixture = with(guestCode, EPT_VIOLATION_VE);
		fixture.identityEpt();
		fixture.mapEpt(LongModeMemory.SPARE, spareEntry);
		fixture.vmcs().write(VIRTUALIZATION_EXCEPTION_INFORMATION_ADDRESS, AREA);
		fixture.vmcs().write(EPTP_INDEX, 9);
		fixture.memory.put(LongModeMemory.handler(Vector.VE), HLT);
		return fixture;
	}

	private static long area(GuestHypervisorFixture fixture, int offset, int size) {
		return fixture.memory.physical.read(AREA + offset, size);
	}

	@Test
	void eptViolationRaisesVirtualizationExceptionWithItsInformation() {
		GuestHypervisorFixture fixture = convertible(WRITE_SPARE, LongModeMemory.SPARE | 1);
		fixture.launch(VmExitReason.HLT);
		assertEquals(LongModeMemory.handler(Vector.VE), fixture.vmcs().read(GUEST_RIP));
		assertEquals(48, area(fixture, 0, 4));
		assertEquals(0xffff_ffffL, area(fixture, 4, 4));
		assertEquals(2 | 1 << 3 | 1 << 7 | 1 << 8, area(fixture, 8, 8));
		assertEquals(LongModeMemory.SPARE + 8, area(fixture, 16, 8));
		assertEquals(LongModeMemory.SPARE + 8, area(fixture, 24, 8));
		assertEquals(9, area(fixture, 32, 2));
	}

	@Test
	void suppressedViolationExits() {
		convertible(WRITE_SPARE, LongModeMemory.SPARE | 1 | SUPPRESS).launch(VmExitReason.EPT_VIOLATION);
		convertible(WRITE_SPARE, SUPPRESS).launch(VmExitReason.EPT_VIOLATION);
	}

	@Test
	void violationExitsWhileTheInformationIsInUse() {
		GuestHypervisorFixture fixture = convertible(WRITE_SPARE, 0);
		fixture.memory.physical.write(AREA + 4, 4, 1);
		fixture.launch(VmExitReason.EPT_VIOLATION);
	}

	@Test
	void violationDuringDeliveryExits() {
		GuestHypervisorFixture fixture = convertible("cd40", 0);
		fixture.vmcs().write(GUEST_RSP, LongModeMemory.SPARE + 0x800);
		fixture.launch(VmExitReason.EPT_VIOLATION);
		assertEquals(0x40, fixture.vmcs().read(IDT_VECTORING_INFORMATION) & 0xff);
	}

	@Test
	void virtualizationExceptionIsInterceptedByItsBit() {
		GuestHypervisorFixture fixture = convertible(WRITE_SPARE, 0);
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.VE);
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(0x8000_0000L | 3 << 8 | Vector.VE, fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION));
	}

	// ---- mode-based execute control ----

	private static GuestHypervisorFixture modeBased(long permissions, boolean userPage) {
		GuestHypervisorFixture fixture = with(CPUID, MODE_BASED_EXECUTE_CONTROL);
		fixture.identityEpt();
		long page = GUEST & -4096L;
		fixture.mapEpt(page, page | permissions);
		fixture.memory.physical.write(LongModeMemory.PT + 8 * (page >>> 12), 8, page | (userPage ? 7 : 3));
		return fixture;
	}

	@Test
	void userModeAddressesHaveAnExecutePermissionOfTheirOwn() {
		modeBased(1 | USER, true).launch(VmExitReason.CPUID);
		GuestHypervisorFixture denied = modeBased(5, true);
		denied.launch(VmExitReason.EPT_VIOLATION);
		assertEquals(4 | 5 << 3 | 1 << 7 | 1 << 8, denied.vmcs().read(EXIT_QUALIFICATION));
	}

	@Test
	void supervisorModeAddressesHaveBit2() {
		modeBased(5, false).launch(VmExitReason.CPUID);
		GuestHypervisorFixture denied = modeBased(1 | USER, false);
		denied.launch(VmExitReason.EPT_VIOLATION);
		assertEquals(4 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 8, denied.vmcs().read(EXIT_QUALIFICATION));
	}

	@Test
	void withoutTheControlBit10IsIgnored() {
		GuestHypervisorFixture fixture = modeBased(5, true);
		fixture.vmcs().set(MODE_BASED_EXECUTE_CONTROL, false);
		fixture.launch(VmExitReason.CPUID);
	}

	// ---- shadow VMCSs ----

	private static GuestHypervisorFixture shadowed(String guestCode, VmcsField field) {
		GuestHypervisorFixture fixture = with(guestCode, VMCS_SHADOWING);
		fixture.memory.physical.write(OTHER_REGION, 4, VmcsRegion.REVISION | VmcsRegion.SHADOW);
		fixture.vmcs().write(VMCS_LINK_POINTER, OTHER_REGION);
		fixture.vmcs().write(VMREAD_BITMAP_ADDRESS, BITMAPS);
		fixture.vmcs().write(VMWRITE_BITMAP_ADDRESS, BITMAPS + 0x1000);
		fixture.state.general[CpuState.RAX] = field.encoding();
		fixture.state.general[CpuState.RBX] = 0x1234_5678;
		return fixture;
	}

	@Test
	void vmreadAndVmwriteReachTheShadowVmcs() {
		// VMWRITE RAX, RBX; VMREAD RCX, RAX.
		GuestHypervisorFixture fixture = shadowed("0f79c3 0f78c1" + HLT, EXCEPTION_BITMAP);
		fixture.launch(VmExitReason.HLT);
		assertEquals(0x1234_5678, fixture.state.general[CpuState.RCX]);
		assertEquals(0, fixture.vmcs().read(EXCEPTION_BITMAP), "the current VMCS is another one");
		fixture.execute(VMPTRLD, OTHER_REGION);
		fixture.assertSucceeds();
		assertEquals(0x1234_5678, fixture.vmcs().read(EXCEPTION_BITMAP));
		fixture.execute(VMLAUNCH);
		fixture.assertFailsInvalid();
	}

	@Test
	void fieldsWhoseBitIsSetExit() {
		GuestHypervisorFixture read = shadowed(VMREAD_RBX, EXCEPTION_BITMAP);
		read.memory.physical.write(BITMAPS + (EXCEPTION_BITMAP.encoding() >> 3), 1,
				1 << (EXCEPTION_BITMAP.encoding() & 7));
		read.launch(VmExitReason.VMREAD);
		GuestHypervisorFixture beyond = shadowed(VMWRITE_RBX, EXCEPTION_BITMAP);
		beyond.state.general[CpuState.RAX] |= 1 << 15;
		beyond.launch(VmExitReason.VMWRITE);
	}

	@Test
	void withoutALinkedVmcsVmreadFailsInvalid() {
		GuestHypervisorFixture fixture = shadowed(VMREAD_RBX + "9c 59" + HLT, EXCEPTION_BITMAP);
		fixture.vmcs().write(VMCS_LINK_POINTER, -1);
		fixture.launch(VmExitReason.HLT);
		assertEquals(CpuState.CF, fixture.state.general[CpuState.RCX] & (CpuState.CF | CpuState.ZF));
	}

	@Test
	void linkPointerHasToReferenceAShadowVmcsExactlyWithTheControl() {
		GuestHypervisorFixture ordinary = shadowed(NOP, EXCEPTION_BITMAP);
		ordinary.memory.physical.write(OTHER_REGION, 4, VmcsRegion.REVISION);
		ordinary.launch(VmExitReason.ENTRY_FAILURE_GUEST_STATE);
		assertEquals(LINK_POINTER_FAILURE, ordinary.vmcs().read(EXIT_QUALIFICATION));
		GuestHypervisorFixture without = shadowed(NOP, EXCEPTION_BITMAP);
		without.vmcs().set(VMCS_SHADOWING, false);
		without.launch(VmExitReason.ENTRY_FAILURE_GUEST_STATE);
	}

	// ---- system-management mode ----

	@Test
	void smiLeavesVmxOperationAndRsmEntersItAgain() {
		GuestHypervisorFixture fixture = with("ebfe");
		fixture.identityEpt();
		runOn(fixture, 20);
		fixture.state.smbase = 0x5_0000;
		long[] general = fixture.state.general.clone();
		fixture.processor.system().systemManagement.enter();
		assertNull(fixture.processor.contexts().inner(), "the handler is nobody's guest");
		assertFalse(fixture.processor.vmx().on());
		assertEquals(0, fixture.state.cr4 & CpuState.CR4_VMXE);
		fixture.memory.put(0x5_8000, "40 40 0faa");
		fixture.processor.setDeadline(fixture.processor.retired() + 5);
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
		assertNotNull(fixture.processor.contexts().inner());
		assertTrue(fixture.processor.vmx().on());
		assertEquals(GUEST, fixture.state.rip);
		assertEquals(CpuState.CR4_VMXE, fixture.state.cr4 & CpuState.CR4_VMXE);
		assertArrayEquals(general, fixture.state.general);
		fixture.memory.put(GUEST, CPUID);
		fixture.processor.setDeadline(fixture.processor.retired() + 5);
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
		assertEquals(HOST, fixture.state.rip, "the exits are those of before");
	}

	@Test
	void vmxInstructionsAreUndefinedInSystemManagementMode() {
		GuestHypervisorFixture fixture = with(NOP);
		fixture.state.smbase = 0x5_0000;
		fixture.processor.system().systemManagement.enter();
		fixture.memory.put(0x5_8000, VMXOFF);
		assertEquals(RunOutcome.FAULT, fixture.processor.emulateOne());
		assertEquals(Vector.UD, fixture.processor.fault().vector());
	}

	@Test
	void rsmIsUndefinedOutsideOfSystemManagementModeInTheInnerGuestToo() {
		GuestHypervisorFixture fixture = with("0faa");
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.UD);
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
	}
}
