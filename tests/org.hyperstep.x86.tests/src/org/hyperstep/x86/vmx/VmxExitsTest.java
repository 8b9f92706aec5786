/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What instructions and faults of a VMX guest cause, and the information of the exit. */
@SuppressWarnings("nls")
class VmxExitsTest {
	private static final String MOV_CR0_RBX = "0f22c3", MOV_RBX_CR0 = "0f20c3", CLTS = "0f06", MOV_CR3_RBX = "0f22db",
			HLT = "f4", LOAD = "8b042500001000", RDMSR = "0f32", WRMSR = "0f30";

	@Test
	void pageFaultExitsWhereMaskAndMatchAgreeWithTheBitmap() {
		VmxFixture guest = new VmxFixture(LOAD);
		guest.memory.unmap(LongModeMemory.SPARE);
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.PF);
		guest.vmcs.write(PAGE_FAULT_ERROR_CODE_MASK, 2);
		guest.vmcs.write(PAGE_FAULT_ERROR_CODE_MATCH, 0);
		guest.state.cr2 = 77;
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(LongModeMemory.SPARE, guest.vmcs.read(EXIT_QUALIFICATION));
		assertEquals(77, guest.state.cr2, "CR2 is the guest's until the fault is delivered");
		guest.vmcs.write(PAGE_FAULT_ERROR_CODE_MATCH, 2);
		guest.enterAndLeaveAtOnce(VmExitReason.EXTERNAL_INTERRUPT);
	}

	/** "Changes to Instruction Behavior in VMX Non-Root Operation": #UD, before anything else that they may raise. */
	@ParameterizedTest
	@CsvSource({ "0f01f9, ENABLE_RDTSCP", "f30fc7f8, ENABLE_RDTSCP", "660f388200, ENABLE_INVPCID",
			"0fc72c2500100000, ENABLE_XSAVES", "0fc71c2500100000, ENABLE_XSAVES" })
	void instructionsAreUndefinedWithoutTheControlThatEnablesThem(String code, VmxControl control) {
		VmxFixture guest = new VmxFixture(ProcessorModel.of(Vendor.INTEL, Level.V3, 0, 1), code + HLT);
		guest.state.cr4 |= CpuState.CR4_TSD | CpuState.CR4_OSXSAVE;
		guest.state.cr0 |= CpuState.CR0_TS;
		guest.state.segments[CpuState.CS].set(LongModeMemory.CODE_SELECTOR | 3, 0, 0xffff_ffffL, 0xa0fb);
		guest.state.segments[CpuState.SS].set(LongModeMemory.DATA_SELECTOR | 3, 0, 0xffff_ffffL, 0xc0f3);
		guest.state.cpl = 3;
		guest.store();
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.UD | 1 << Vector.GP | 1 << Vector.NM);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(Vector.UD, guest.vmcs.read(VM_EXIT_INTERRUPTION_INFORMATION) & 0xff);
		guest.vmcs.set(control, true);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertNotEquals(Vector.UD, guest.vmcs.read(VM_EXIT_INTERRUPTION_INFORMATION) & 0xff);
	}

	@Test
	void faultExitSavesRf() {
		VmxFixture guest = new VmxFixture("0f0b");
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.UD);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(CpuState.RF, guest.vmcs.read(GUEST_RFLAGS) & CpuState.RF);
	}

	@Test
	void guestReadsTheShadowOfMaskedBits() {
		VmxFixture guest = new VmxFixture(MOV_RBX_CR0 + HLT);
		guest.vmcs.write(CR0_GUEST_HOST_MASK, CpuState.CR0_NE);
		guest.vmcs.write(CR0_READ_SHADOW, 0);
		guest.enter(VmExitReason.HLT);
		assertEquals(0, guest.state.general[CpuState.RBX] & CpuState.CR0_NE);
	}

	@Test
	void writeThatDiffersFromTheShadowExits() {
		VmxFixture guest = new VmxFixture(MOV_CR0_RBX);
		guest.vmcs.write(CR0_GUEST_HOST_MASK, CpuState.CR0_TS);
		guest.state.general[CpuState.RBX] = guest.state.cr0 | CpuState.CR0_TS;
		guest.enter(VmExitReason.CONTROL_REGISTER_ACCESS);
		assertEquals(CpuState.RBX << 8, guest.vmcs.read(EXIT_QUALIFICATION));
		assertEquals(3, guest.vmcs.read(VM_EXIT_INSTRUCTION_LENGTH));
	}

	@Test
	void exitInTheMidstOfABlockTellsTheInstructionsOwnLength() {
		VmxFixture guest = new VmxFixture("89c3" + "90" + "450f20c4");
		guest.vmcs.set(VmxControl.CR8_STORE_EXITING, true);
		guest.enter(VmExitReason.CONTROL_REGISTER_ACCESS);
		assertEquals(4, guest.vmcs.read(VM_EXIT_INSTRUCTION_LENGTH));
	}

	@Test
	void writeOfMaskedBitsThatAgreesWithTheShadowKeepsThem() {
		VmxFixture guest = new VmxFixture(MOV_CR0_RBX + HLT);
		guest.vmcs.write(CR0_GUEST_HOST_MASK, CpuState.CR0_NE);
		guest.state.general[CpuState.RBX] = guest.state.cr0 & ~CpuState.CR0_NE | CpuState.CR0_MP;
		guest.enter(VmExitReason.HLT);
		assertEquals(CpuState.CR0_NE | CpuState.CR0_MP, guest.state.cr0 & (CpuState.CR0_NE | CpuState.CR0_MP));
	}

	@Test
	void clearingCr0NeFaults() {
		VmxFixture guest = new VmxFixture(MOV_CR0_RBX);
		guest.state.general[CpuState.RBX] = guest.state.cr0 & ~CpuState.CR0_NE;
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.GP);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
	}

	@Test
	void cltsExitsOnlyWhenTheShadowHasTs() {
		VmxFixture guest = new VmxFixture(CLTS + HLT);
		guest.vmcs.write(CR0_GUEST_HOST_MASK, CpuState.CR0_TS);
		guest.vmcs.write(CR0_READ_SHADOW, CpuState.CR0_TS);
		guest.enter(VmExitReason.CONTROL_REGISTER_ACCESS);
		assertEquals(2 << 4, guest.vmcs.read(EXIT_QUALIFICATION));
		guest.vmcs.write(CR0_READ_SHADOW, 0);
		guest.enter(VmExitReason.HLT);
	}

	@Test
	void cr3TargetsDoNotExit() {
		VmxFixture guest = new VmxFixture(MOV_CR3_RBX + HLT);
		guest.vmcs.set(CR3_LOAD_EXITING, true);
		guest.state.general[CpuState.RBX] = LongModeMemory.PML4;
		guest.enter(VmExitReason.CONTROL_REGISTER_ACCESS);
		guest.vmcs.write(CR3_TARGET_COUNT, 1);
		guest.vmcs.write(CR3_TARGET_VALUE_0, LongModeMemory.PML4);
		guest.enter(VmExitReason.HLT);
	}

	@Test
	void portExitQualification() {
		VmxFixture guest = new VmxFixture("66ba3412 66ed");
		guest.enter(VmExitReason.IO_INSTRUCTION);
		assertEquals(1 | 1 << 3 | 0x1234L << 16, guest.vmcs.read(EXIT_QUALIFICATION));
		assertEquals(2, guest.vmcs.read(VM_EXIT_INSTRUCTION_LENGTH));
	}

	@Test
	void ioBitmapsChoosePorts() {
		VmxFixture guest = new VmxFixture("e620 e680");
		guest.vmcs.set(UNCONDITIONAL_IO_EXITING, false);
		guest.vmcs.set(USE_IO_BITMAPS, true);
		guest.vmcs.write(ADDRESS_OF_IO_BITMAP_A, 0x20_0000);
		guest.vmcs.write(ADDRESS_OF_IO_BITMAP_B, 0x20_1000);
		guest.memory.physical.write(0x20_0000 + 0x80 / 8, 1, 1);
		guest.enter(VmExitReason.IO_INSTRUCTION);
		assertEquals(2, guest.offset());
	}

	@Test
	void msrBitmapsChooseMsrs() {
		VmxFixture guest = new VmxFixture("b9820000c0" + RDMSR + WRMSR);
		guest.vmcs.set(USE_MSR_BITMAPS, true);
		guest.vmcs.write(ADDRESS_OF_MSR_BITMAPS, 0x20_0000);
		guest.memory.physical.write(0x20_0000 + 0xc00 + 0x82 / 8, 1, 1 << 2);
		guest.enter(VmExitReason.WRMSR);
		assertEquals(7, guest.offset());
	}

	@Test
	void movDrExitComesBeforeGeneralDetect() {
		VmxFixture guest = new VmxFixture("0f21c3");
		guest.vmcs.set(MOV_DR_EXITING, true);
		guest.state.dr7 = 0x400 | 1 << 13;
		guest.store();
		guest.enter(VmExitReason.MOV_DR);
		assertEquals(1 << 4 | CpuState.RBX << 8, guest.vmcs.read(EXIT_QUALIFICATION));
	}

	@Test
	void eptViolationTellsAccessPermissionsAndAddress() {
		VmxFixture guest = new VmxFixture("c7042500001000 01000000");
		Ept ept = new Ept(guest);
		ept.set(LongModeMemory.SPARE, 5);
		guest.enter(VmExitReason.EPT_VIOLATION);
		assertEquals(2 | 5 << 3 | 1 << 7 | 1 << 8, guest.vmcs.read(EXIT_QUALIFICATION));
		assertEquals(LongModeMemory.SPARE, guest.vmcs.read(GUEST_PHYSICAL_ADDRESS));
		assertEquals(LongModeMemory.SPARE, guest.vmcs.read(GUEST_LINEAR_ADDRESS));
	}

	@Test
	void eptViolationOfTheGuestsTableWalkIsToldApart() {
		VmxFixture guest = new VmxFixture(LOAD);
		new Ept(guest).set(LongModeMemory.PT, 0);
		guest.enter(VmExitReason.EPT_VIOLATION);
		assertEquals(0, guest.vmcs.read(EXIT_QUALIFICATION) & 1 << 8);
		assertEquals(LongModeMemory.PT, guest.vmcs.read(GUEST_PHYSICAL_ADDRESS) & ~0xfffL);
	}

	@Test
	void writableButNotReadableIsAMisconfiguration() {
		VmxFixture guest = new VmxFixture(LOAD);
		new Ept(guest).set(LongModeMemory.SPARE, 2);
		guest.enter(VmExitReason.EPT_MISCONFIGURATION);
	}

	@Test
	void unrestrictedGuestRunsInRealMode() {
		VmxFixture guest = new VmxFixture("40 eb00 f4");
		new Ept(guest);
		guest.vmcs.set(UNRESTRICTED_GUEST, true);
		guest.vmcs.set(IA_32E_MODE_GUEST, false);
		guest.state.cr0 = CpuState.CR0_NE | CpuState.CR0_ET;
		guest.state.efer = 0;
		for (int segment = 0; segment < 6; segment++) {
			guest.state.segments[segment].set((int) (LongModeMemory.CODE >> 4), LongModeMemory.CODE, 0xffff, 0x93);
		}
		guest.state.rip = 0;
		guest.state.general[CpuState.RAX] = 6;
		guest.store();
		guest.enter(VmExitReason.HLT);
		assertEquals(7, guest.state.general[CpuState.RAX]);
		assertEquals(3, guest.vmcs.read(GUEST_RIP));
		assertNull(guest.vmx.brokenRule());
	}

	/** EPT paging structures that map the guest's memory one to one. */
	private static final class Ept {
		private static final long ROOT = 0x20_4000;
		private final VmxFixture guest;

		Ept(VmxFixture guest) {
			this.guest = guest;
			guest.memory.physical.write(ROOT, 8, ROOT + 0x1000 | 7);
			guest.memory.physical.write(ROOT + 0x1000, 8, ROOT + 0x2000 | 7);
			guest.memory.physical.write(ROOT + 0x2000, 8, ROOT + 0x3000 | 7);
			for (int page = 0; page < 512; page++) {
				set((long) page << 12, 7);
			}
			guest.vmcs.set(ENABLE_EPT, true);
			guest.vmcs.write(EPT_POINTER, ROOT | 6 | 3 << 3);
		}

		void set(long page, int permissions) {
			guest.memory.physical.write(ROOT + 0x3000 + (page >> 12) * 8, 8,
					permissions == 0 ? 0 : page | permissions | 6 << 3);
		}
	}
}
