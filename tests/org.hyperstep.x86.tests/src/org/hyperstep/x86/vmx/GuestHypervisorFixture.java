/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.hyperstep.x86.virtualization.LongModeMemory;

/**
 * A hypervisor that the processor executes: 64-bit code in VMX operation with a current VMCS whose guest begins at
 * {@link #GUEST} and whose exits come to {@link #HOST}. The code is handed over instruction by instruction, with operands
 * at {@link #OPERAND} or in RAX and RBX.
 */
@SuppressWarnings("nls")
final class GuestHypervisorFixture {
	static final long GUEST = LongModeMemory.CODE + 0x800, HOST = LongModeMemory.CODE + 0x400;
	static final long VMXON_REGION = 0x11_0000, VMCS_REGION = 0x11_1000, OTHER_REGION = 0x11_2000,
			OPERAND = LongModeMemory.DATA, GUEST_STACK = LongModeMemory.STACK + 0x4000;
	static final String VMXON = "f30fc73425 00000300";
	static final String VMPTRLD = "0fc73425 00000300";
	static final String VMCLEAR = "660fc73425 00000300";
	static final String VMPTRST = "0fc73c25 00000300";
	static final String VMREAD_RBX = "0f78c3";
	static final String VMWRITE_RBX = "0f79c3";
	static final String VMLAUNCH = "0f01c2";
	static final String VMRESUME = "0f01c3";
	static final String VMXOFF = "0f01c4";
	static final String VMCALL = "0f01c1";
	static final String INVEPT = "660f38800425 00000300";
	static final String INVVPID = "660f38810425 00000300";
	static final String HLT = "f4";
	static final String CPUID = "0fa2";
	static final String NOP = "90";
	private static final VmxControl[] CONTROLS = { EXTERNAL_INTERRUPT_EXITING, NMI_EXITING, HLT_EXITING,
			UNCONDITIONAL_IO_EXITING, ACTIVATE_SECONDARY_CONTROLS, SAVE_DEBUG_CONTROLS, HOST_ADDRESS_SPACE_SIZE,
			SAVE_IA32_EFER, LOAD_HOST_IA32_EFER, LOAD_DEBUG_CONTROLS, LOAD_GUEST_IA32_EFER, IA_32E_MODE_GUEST };

	final LongModeMemory memory = new LongModeMemory(NOP);
	final Processor processor = new Processor(ProcessorModel.of(Vendor.INTEL, Level.V3, 0, 1), memory.physical);
	final CpuState state = processor.state();

	/** A processor outside VMX operation with regions that VMXON and VMPTRLD take. */
	GuestHypervisorFixture() {
		loadRegisters();
		for (long region : new long[] { VMXON_REGION, VMCS_REGION, OTHER_REGION }) {
			memory.physical.write(region, 4, VmcsRegion.REVISION);
		}
	}

	private void loadRegisters() {
		memory.load(state);
		state.cr4 |= CpuState.CR4_VMXE;
		processor.stateReplaced();
	}

	/** In VMX operation, with a current VMCS that VMLAUNCH takes; the guest executes {@code guestCode}. */
	static GuestHypervisorFixture launching(String guestCode) {
		GuestHypervisorFixture fixture = new GuestHypervisorFixture();
		fixture.prepareLaunch(guestCode);
		return fixture;
	}

	/** As {@link #launching}, again, where memory is as it was at first. */
	void relaunch(String guestCode) {
		processor.reset();
		loadRegisters();
		prepareLaunch(guestCode);
	}

	private void prepareLaunch(String guestCode) {
		execute(VMXON, VMXON_REGION);
		execute(VMCLEAR, VMCS_REGION);
		execute(VMPTRLD, VMCS_REGION);
		fill();
		memory.put(GUEST, guestCode);
		memory.put(HOST, "eb fe");
	}

	/** Gives the current VMCS the controls and states of a guest that begins at {@link #GUEST}. */
	void fill() {
		Vmcs vmcs = vmcs();
		for (VmcsField field : new VmcsField[] { PIN_BASED_CONTROLS, PRIMARY_PROCESSOR_BASED_CONTROLS,
				VM_EXIT_CONTROLS, VM_ENTRY_CONTROLS }) {
			vmcs.write(field, VmxControl.allowedZero(field));
		}
		for (VmxControl control : CONTROLS) {
			vmcs.set(control, true);
		}
		vmcs.write(VMCS_LINK_POINTER, -1);
		vmcs.write(HOST_CR0, state.cr0);
		vmcs.write(HOST_CR3, state.cr3);
		vmcs.write(HOST_CR4, state.cr4);
		vmcs.write(HOST_IA32_EFER, state.efer);
		vmcs.write(HOST_CS_SELECTOR, LongModeMemory.CODE_SELECTOR);
		vmcs.write(HOST_SS_SELECTOR, LongModeMemory.DATA_SELECTOR);
		vmcs.write(HOST_TR_SELECTOR, 0x20);
		vmcs.write(HOST_GDTR_BASE, LongModeMemory.GDT);
		vmcs.write(HOST_IDTR_BASE, LongModeMemory.IDT);
		vmcs.write(HOST_RIP, HOST);
		vmcs.write(HOST_RSP, LongModeMemory.STACK);
		GuestStateArea.save(state, vmcs, vmcs::write);
		vmcs.write(GUEST_RIP, GUEST);
		vmcs.write(GUEST_RSP, GUEST_STACK);
		vmcs.write(GUEST_RFLAGS, 2);
		vmcs.write(GUEST_CR4, state.cr4);
	}

	/** Paging structures of EPT. */
	static final long EPT_ROOT = 0x14_0000, EPT_PDPT = 0x14_1000, EPT_PD = 0x14_2000, EPT_PT = 0x14_3000;

	/** Has the guest run with EPT, the first 2 MBytes mapped one to one by pages of 4 KBytes with all permissions. */
	void identityEpt() {
		memory.physical.write(EPT_ROOT, 8, EPT_PDPT | EPT_ALL);
		memory.physical.write(EPT_PDPT, 8, EPT_PD | EPT_ALL);
		memory.physical.write(EPT_PD, 8, EPT_PT | EPT_ALL);
		for (int page = 0; page < 512; page++) {
			mapEpt((long) page << 12, (long) page << 12 | EPT_ALL);
		}
		vmcs().set(ENABLE_EPT, true);
		vmcs().write(EPT_POINTER, EPT_ROOT | 6 | 3 << 3);
	}

	/** Read, write, execute, also of user-mode linear addresses; write-back is added for pages. */
	static final long EPT_ALL = 7 | 1 << 10;

	/** Gives a page of the guest's physical memory its entry. */
	void mapEpt(long guestPhysical, long entry) {
		memory.physical.write(EPT_PT + 8 * (guestPhysical >>> 12), 8, entry | 6 << 3);
	}

	/** The current VMCS. */
	Vmcs vmcs() {
		return Objects.requireNonNull(processor.vmx().currentVmcs());
	}

	/** Has the processor execute one instruction of the hypervisor with a quadword as its operand in memory. */
	void execute(String instruction, long operand) {
		memory.physical.write(OPERAND, 8, operand);
		execute(instruction);
	}

	/** Executes one instruction where the hypervisor's code is. */
	void execute(String instruction) {
		memory.put(LongModeMemory.CODE, instruction);
		state.rip = LongModeMemory.CODE;
		assertEquals(RunOutcome.EXECUTED, processor.emulateOne(), "the instruction faults");
	}

	/** The vector of the fault that an instruction raises. */
	int fault(String instruction) {
		memory.put(LongModeMemory.CODE, instruction);
		state.rip = LongModeMemory.CODE;
		assertEquals(RunOutcome.FAULT, processor.emulateOne());
		return processor.fault().vector();
	}

	/** VMLAUNCH, and on until the exit to the hypervisor or the number of instructions. */
	void launch(VmExitReason reason) {
		memory.put(LongModeMemory.CODE, VMLAUNCH);
		state.rip = LongModeMemory.CODE;
		run(reason);
	}

	/** VMRESUME, as {@link #launch}. */
	void resume(VmExitReason reason) {
		memory.put(LongModeMemory.CODE, VMRESUME);
		state.rip = LongModeMemory.CODE;
		run(reason);
	}

	private void run(VmExitReason reason) {
		processor.setDeadline(processor.retired() + 100);
		assertEquals(RunOutcome.HOST_INTERRUPT, processor.run());
		processor.setDeadline(Long.MAX_VALUE);
		assertEquals(HOST, state.rip, () -> "not at the host's entry; error " + vmcs().read(VM_INSTRUCTION_ERROR));
		assertEquals(reason, VmExitReason.of((int) vmcs().read(EXIT_REASON) & 0xffff));
	}

	void assertSucceeds() {
		assertEquals(0,
				state.rflags & (CpuState.CF | CpuState.ZF | CpuState.PF | CpuState.AF | CpuState.SF | CpuState.OF));
	}

	void assertFailsInvalid() {
		assertEquals(CpuState.CF,
				state.rflags & (CpuState.CF | CpuState.ZF | CpuState.PF | CpuState.AF | CpuState.SF | CpuState.OF));
	}

	void assertFails(VmFail error) {
		assertEquals(CpuState.ZF, state.rflags & (CpuState.CF | CpuState.ZF));
		assertEquals(error.number(), vmcs().read(VM_INSTRUCTION_ERROR));
	}
}
