/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

/** VMX instructions in VMX root operation: conventions and errors (Intel SDM, "VMX Instruction Reference"). */
@SuppressWarnings("nls")
class VmxInstructionsTest {
	private final GuestHypervisorFixture fixture = new GuestHypervisorFixture();
	private final PhysicalMemory physical = fixture.memory.physical;

	private void enterVmxOperation() {
		fixture.execute(VMXON, VMXON_REGION);
		fixture.assertSucceeds();
	}

	private void loadVmcs() {
		enterVmxOperation();
		fixture.execute(VMCLEAR, VMCS_REGION);
		fixture.execute(VMPTRLD, VMCS_REGION);
		fixture.assertSucceeds();
	}

	@Test
	void vmxonWithoutCr4VmxeIsUndefined() {
		fixture.state.cr4 &= ~CpuState.CR4_VMXE;
		assertEquals(Vector.UD, fixture.fault(VMXON));
	}

	@Test
	void vmxonWithUnsupportedCr0IsAProtectionFault() {
		fixture.state.cr0 &= ~CpuState.CR0_NE;
		assertEquals(Vector.GP, fixture.fault(VMXON));
	}

	@Test
	void vmxonWithWrongRevisionFailsInvalid() {
		physical.write(VMXON_REGION, 4, 7);
		fixture.execute(VMXON, VMXON_REGION);
		fixture.assertFailsInvalid();
	}

	@Test
	void vmxonWithMisalignedPointerFailsInvalid() {
		fixture.execute(VMXON, VMXON_REGION + 8);
		fixture.assertFailsInvalid();
	}

	@Test
	void vmxonInRootOperationFails() {
		loadVmcs();
		fixture.execute(VMXON, VMXON_REGION);
		fixture.assertFails(VmFail.VMXON_IN_ROOT_OPERATION);
	}

	@Test
	void vmxInstructionsOutsideVmxOperationAreUndefined() {
		for (String instruction : new String[] { VMPTRLD, VMPTRST, VMCLEAR, VMREAD_RBX, VMWRITE_RBX, VMLAUNCH, VMRESUME,
				VMXOFF, VMCALL, INVEPT, INVVPID }) {
			assertEquals(Vector.UD, fixture.fault(instruction), instruction);
		}
	}

	@Test
	void vmxOperationHoldsFixedBitsOfCr0AndCr4() {
		enterVmxOperation();
		fixture.state.general[CpuState.RBX] = fixture.state.cr4 & ~CpuState.CR4_VMXE;
		assertEquals(Vector.GP, fixture.fault("0f22e3"));
		fixture.state.general[CpuState.RBX] = fixture.state.cr0 & ~CpuState.CR0_NE;
		assertEquals(Vector.GP, fixture.fault("0f22c3"));
		fixture.execute(VMXOFF);
		fixture.execute("0f22c3");
	}

	@Test
	void vmptrldChecksItsPointerAndRevision() {
		loadVmcs();
		fixture.execute(VMPTRLD, VMXON_REGION);
		fixture.assertFails(VmFail.VMPTRLD_VMXON_POINTER);
		fixture.execute(VMPTRLD, 1L << 50);
		fixture.assertFails(VmFail.VMPTRLD_INVALID_ADDRESS);
		physical.write(OTHER_REGION, 4, 2);
		fixture.execute(VMPTRLD, OTHER_REGION);
		fixture.assertFails(VmFail.VMPTRLD_INCORRECT_REVISION);
		assertEquals(VMCS_REGION, fixture.processor.vmx().currentVmcsPointer());
	}

	@Test
	void vmclearChecksItsPointer() {
		loadVmcs();
		fixture.execute(VMCLEAR, VMXON_REGION);
		fixture.assertFails(VmFail.VMCLEAR_VMXON_POINTER);
		fixture.execute(VMCLEAR, VMCS_REGION + 1);
		fixture.assertFails(VmFail.VMCLEAR_INVALID_ADDRESS);
	}

	@Test
	void vmclearOfTheCurrentVmcsLeavesNoneCurrent() {
		loadVmcs();
		fixture.execute(VMCLEAR, VMCS_REGION);
		fixture.execute(VMPTRST, 0);
		assertEquals(-1L, physical.read(OPERAND, 8));
		fixture.execute(VMREAD_RBX);
		fixture.assertFailsInvalid();
	}

	@Test
	void fieldsSurviveInTheRegion() {
		loadVmcs();
		fixture.state.general[CpuState.RAX] = GUEST_RIP.encoding();
		fixture.state.general[CpuState.RBX] = 0x1234_5678_9abcL;
		fixture.execute(VMWRITE_RBX);
		fixture.assertSucceeds();
		fixture.execute(VMPTRLD, OTHER_REGION);
		fixture.execute(VMPTRLD, VMCS_REGION);
		fixture.state.general[CpuState.RBX] = 0;
		fixture.execute(VMREAD_RBX);
		assertEquals(0x1234_5678_9abcL, fixture.state.general[CpuState.RBX]);
	}

	@Test
	void highAccessReachesTheUpperHalf() {
		loadVmcs();
		fixture.state.general[CpuState.RAX] = TSC_OFFSET.encoding() | 1;
		fixture.state.general[CpuState.RBX] = 0xffff_ffff_8765_4321L;
		fixture.execute(VMWRITE_RBX);
		assertEquals(0x8765_4321_0000_0000L, fixture.vmcs().read(TSC_OFFSET));
	}

	@Test
	void unsupportedFieldFails() {
		loadVmcs();
		fixture.state.general[CpuState.RAX] = 0x6fff;
		fixture.execute(VMREAD_RBX);
		fixture.assertFails(VmFail.UNSUPPORTED_COMPONENT);
		fixture.state.general[CpuState.RAX] = 1L << 32 | GUEST_RIP.encoding();
		fixture.execute(VMWRITE_RBX);
		fixture.assertFails(VmFail.UNSUPPORTED_COMPONENT);
	}

	@Test
	void vmxInstructionsNeedPrivilege() {
		enterVmxOperation();
		fixture.state.cpl = 3;
		assertEquals(Vector.GP, fixture.fault(VMPTRST));
	}

	@Test
	void entryWithoutCurrentVmcsFailsInvalid() {
		enterVmxOperation();
		fixture.execute(VMLAUNCH);
		fixture.assertFailsInvalid();
	}

	@Test
	void entryUnderMovSsBlockingFails() {
		loadVmcs();
		fixture.state.interruptibility.shadow = Shadow.MOV_SS;
		fixture.execute(VMLAUNCH);
		fixture.assertFails(VmFail.EVENTS_BLOCKED_BY_MOV_SS);
	}

	@Test
	void vmresumeOfAClearVmcsFails() {
		loadVmcs();
		fixture.execute(VMRESUME);
		fixture.assertFails(VmFail.VMRESUME_NON_LAUNCHED_VMCS);
	}

	@Test
	void entryWithInvalidControlsFails() {
		loadVmcs();
		fixture.execute(VMLAUNCH);
		fixture.assertFails(VmFail.INVALID_CONTROL_FIELDS);
	}

	@Test
	void vmcallInRootOperationFails() {
		loadVmcs();
		fixture.execute(VMCALL);
		fixture.assertFails(VmFail.VMCALL_IN_ROOT_OPERATION);
	}

	@Test
	void invalidationChecksItsOperand() {
		loadVmcs();
		fixture.state.general[CpuState.RAX] = 0;
		fixture.execute(INVEPT);
		fixture.assertFails(VmFail.INVALID_INVALIDATION_OPERAND);
		fixture.state.general[CpuState.RAX] = 1;
		fixture.execute(INVVPID, 0);
		fixture.assertFails(VmFail.INVALID_INVALIDATION_OPERAND);
		fixture.execute(INVVPID, 5);
		fixture.assertSucceeds();
	}
}
