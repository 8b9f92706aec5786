/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.svm.VmcbField.Group;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;

/**
 * VMRUN and its relatives, executed by software on this processor (AMD APM volume 3, "System Instruction Reference").
 * Each is called with RIP at the instruction and exact RFLAGS, and throws GuestFault or VmExit having changed nothing.
 */
public final class SvmInstructions {
	private static final int VM_HSAVE_PA = 0xc001_0117;
	private static final long PAGE_OFFSET = 0xfff;

	private final Processor processor;
	private final CpuState state;
	private final SvmInnerGuest guest;
	private final Vmcb moved = new Vmcb();

	/** Makes the instructions of a processor. */
	public SvmInstructions(Processor processor) {
		this.processor = processor;
		state = processor.state();
		guest = new SvmInnerGuest(processor);
		moved.linearAddressBits = processor.model().linearAddressBits();
	}

	private void intercept(InterceptedInstruction instruction, int length) {
		processor.interception().instruction(instruction, length, 0);
	}

	/** #UD unless SVM is enabled and the processor is in protected mode. */
	private void requireEnabled() {
		if ((state.efer & CpuState.EFER_SVME) == 0 || !state.protectedMode() || state.virtual8086()) {
			throw processor.fault().undefinedInstruction();
		}
	}

	private void requirePrivilege() {
		if (state.cpl != 0) {
			throw processor.fault().generalProtection(0);
		}
	}

	/** rAX as the physical address of a VMCB. */
	private long vmcbAddress(int addressSize) {
		long rax = state.general[CpuState.RAX];
		long address = addressSize == 64 ? rax : addressSize == 32 ? rax & 0xffff_ffffL : rax & 0xffff;
		if ((address & PAGE_OFFSET) != 0 || address >>> processor.model().physicalAddressBits() != 0) {
			throw processor.fault().generalProtection(0);
		}
		return address;
	}

	private static long hostPhysical(Interception space, long address, int access) {
		return space.translate(address, access, 0, false) & Mmu.PHYSICAL_MASK;
	}

	/** VMRUN of the VMCB at rAX. */
	public void vmrun(int addressSize, int length) {
		requireEnabled();
		requirePrivilege();
		long address = vmcbAddress(addressSize);
		intercept(InterceptedInstruction.VMRUN, length);
		Interception space = processor.contexts().bottom();
		long area = processor.system().modelSpecificRegisters.read(VM_HSAVE_PA);
		long areaHost = hostPhysical(space, area, Interception.WRITE);
		long vmcbHost = hostPhysical(space, address, Interception.WRITE);
		guest.enter(vmcbHost, areaHost, processor.nextRip());
	}

	/** VMLOAD from the VMCB at rAX. */
	public void vmload(int addressSize, int length) {
		requireEnabled();
		requirePrivilege();
		long address = vmcbAddress(addressSize);
		intercept(InterceptedInstruction.VMLOAD, length);
		moved.readFrom(processor.mmu().physical(), hostPhysical(vmcbSpace(), address, Interception.READ),
				Group.VMLOAD);
		StateSaveArea.loadSystem(moved, state);
	}

	/** VMSAVE to the VMCB at rAX. */
	public void vmsave(int addressSize, int length) {
		requireEnabled();
		requirePrivilege();
		long address = vmcbAddress(addressSize);
		intercept(InterceptedInstruction.VMSAVE, length);
		long to = hostPhysical(vmcbSpace(), address, Interception.WRITE);
		StateSaveArea.saveSystem(state, moved);
		moved.writeTo(processor.mmu().physical(), to, Group.VMLOAD);
	}

	/** "VMSAVE and VMLOAD Virtualization": the address is the guest's own where that is enabled, else its host's. */
	private Interception vmcbSpace() {
		boolean virtual = (guest.vmcb.read(VmcbField.LBR_VIRTUALIZATION_ENABLE) & Vmcb.VIRTUAL_VMLOAD_VMSAVE) != 0;
		return virtual ? processor.interception() : processor.contexts().bottom();
	}

	/** VMMCALL exits, or is not there. */
	public void vmmcall(int length) {
		intercept(InterceptedInstruction.VMMCALL, length);
		throw processor.fault().undefinedInstruction();
	}

	/** STGI. */
	public void stgi(int length) {
		requireEnabled();
		requirePrivilege();
		intercept(InterceptedInstruction.STGI, length);
		state.interruptibility.globalInterruptFlag = true;
		processor.events().unblocked();
	}

	/** CLGI. */
	public void clgi(int length) {
		requireEnabled();
		requirePrivilege();
		intercept(InterceptedInstruction.CLGI, length);
		state.interruptibility.globalInterruptFlag = false;
		processor.events().stateChanged();
	}

	/** Another processor's doorbell message: a virtual interrupt may wait in the backing page of the guest that runs. */
	public void doorbell() {
		if (processor.contexts().inner() == guest) {
			guest.avic().doorbell();
		}
	}

	/** SKINIT: the processor has none. */
	public void skinit(int length) {
		throw processor.fault().undefinedInstruction();
	}

	/** INVLPGA: the translations of other guests than the present one are not cached. */
	public void invlpga(int addressSize, int length) {
		requireEnabled();
		requirePrivilege();
		intercept(InterceptedInstruction.INVLPGA, length);
		long rax = state.general[CpuState.RAX];
		long linear = addressSize == 64 ? rax : rax & 0xffff_ffffL;
		if (!state.longModeActive() || processor.mmu().canonical(linear)) {
			processor.mmu().flushPage(linear);
		}
	}
}
