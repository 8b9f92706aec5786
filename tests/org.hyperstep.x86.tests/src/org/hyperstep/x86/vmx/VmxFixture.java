/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.virtualization.LongModeMemory;

/** A small guest under a VMCS without EPT. Tests set controls and registers, then enter. */
final class VmxFixture {
	private static final VmxControl[] CONTROLS = { EXTERNAL_INTERRUPT_EXITING, NMI_EXITING, VIRTUAL_NMIS, HLT_EXITING,
			UNCONDITIONAL_IO_EXITING, ACTIVATE_SECONDARY_CONTROLS, SAVE_DEBUG_CONTROLS, HOST_ADDRESS_SPACE_SIZE,
			SAVE_IA32_EFER, LOAD_DEBUG_CONTROLS, LOAD_GUEST_IA32_EFER, IA_32E_MODE_GUEST };

	final LongModeMemory memory;
	final Processor processor;
	final CpuState state;
	final Vmx vmx;
	final Vmcs vmcs = new Vmcs();

	VmxFixture(String code) {
		this(ProcessorModel.intel(0, 1), code);
	}

	VmxFixture(ProcessorModel model, String code) {
		memory = new LongModeMemory(code);
		processor = new Processor(model, memory.physical);
		state = processor.state();
		vmx = new Vmx(processor);
		for (VmcsField field : new VmcsField[] { PIN_BASED_CONTROLS, PRIMARY_PROCESSOR_BASED_CONTROLS,
				VM_EXIT_CONTROLS, VM_ENTRY_CONTROLS }) {
			vmcs.write(field, VmxControl.allowedZero(field));
		}
		for (VmxControl control : CONTROLS) {
			vmcs.set(control, true);
		}
		vmcs.write(HOST_CR0, CpuState.CR0_PE | CpuState.CR0_NE | CpuState.CR0_PG);
		vmcs.write(HOST_CR4, CpuState.CR4_VMXE | CpuState.CR4_PAE);
		vmcs.write(HOST_CS_SELECTOR, 0x8);
		vmcs.write(HOST_TR_SELECTOR, 0x10);
		memory.load(state);
		state.cr4 |= CpuState.CR4_VMXE;
		store();
	}

	/** Carries changed registers into the VMCS. */
	void store() {
		vmx.saveGuestState(vmcs);
	}

	void flags(long flags) {
		state.rflags = flags | 2;
		store();
	}

	void shadow(Shadow shadow) {
		state.interruptibility.shadow = shadow;
		store();
	}

	void inject(int vector, int type) {
		vmcs.write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | type << 8 | vector);
	}

	/** Enters; the exit must have this reason. */
	void enter(VmExitReason reason) {
		assertEquals(Vmx.Outcome.VM_EXIT, vmx.enter(vmcs), () -> String.valueOf(vmx.brokenRule()));
		assertEquals(reason, VmExitReason.of((int) vmcs.read(EXIT_REASON) & 0xffff),
				() -> "RIP " + Long.toHexString(state.rip) + " " + vmx.brokenRule()); //$NON-NLS-1$ //$NON-NLS-2$
	}

	/** Enters with the host interrupt asserted already. */
	void enterAndLeaveAtOnce(VmExitReason reason) {
		processor.assertHostInterrupt();
		enter(reason);
	}

	/** RIP as an offset in the code. */
	long offset() {
		return vmcs.read(GUEST_RIP) - LongModeMemory.CODE;
	}
}
