/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/**
 * VMX operation of the software that the processor executes: the VMX instructions (Intel SDM, "VMX Instruction
 * Reference"). In the guest of a VMCS with {@link Vmcs#nesting} they are executed, not intercepted, so that the guest is
 * itself a hypervisor. One VMCS is current at a time; the processor holds its data, which goes to its region in memory
 * when it ceases to be.
 */
public final class VmxOperation {
	private static final long NONE = -1L;
	private static final long VM_FAIL_FLAGS = CpuState.CF | CpuState.PF | CpuState.AF | CpuState.ZF | CpuState.SF
			| CpuState.OF;
	private static final int FEATURE_CONTROL = 0x3a, LOCKED_AND_ENABLED = 5;

	private final Processor processor;
	private final CpuState state;
	private final GuestFault fault;
	private final LowerMemory memory;
	private final VmcsRegion region;
	private final Vmcs vmcs = new Vmcs();
	private final InnerVmxGuest guest;
	private final TranslationInvalidation invalidation;
	private boolean on;
	/** In VMX operation when system-management mode was entered, to which RSM goes back. */
	private boolean onBehindRsm;
	private long vmxonPointer = NONE;
	private long current = NONE;

	/** Makes VMX operation of a processor, left. */
	public VmxOperation(Processor processor) {
		this.processor = processor;
		state = processor.state();
		fault = processor.fault();
		memory = new LowerMemory(processor.mmu().physical(), processor.contexts(), true);
		region = new VmcsRegion(memory);
		vmcs.linearAddressBits = processor.model().linearAddressBits();
		guest = new InnerVmxGuest(processor, this, vmcs, region, memory);
		invalidation = new TranslationInvalidation(this, processor);
		processor.contexts().whenSuspended(this::suspend);
		if (processor.model().has(Feature.VMX)) {
			for (VmxCapability capability : VmxCapability.values()) {
				processor.system().modelSpecificRegisters.addConstant(capability.msr(),
						capability == VmxCapability.IA32_VMX_CR4_FIXED1 ? vmcs.cr4Allowed() : capability.value());
			}
		}
	}

	/** RESET and INIT. */
	public void reset() {
		on = false;
		onBehindRsm = false;
		vmxonPointer = NONE;
		current = NONE;
		holdControlRegisters();
	}

	/** "Default Treatment of SMI Delivery" leaves VMX operation, RSM enters it again, with the current VMCS. */
	private void suspend(boolean suspended) {
		if (suspended) {
			onBehindRsm = on;
			on = false;
		} else {
			on = onBehindRsm;
			onBehindRsm = false;
		}
		holdControlRegisters();
	}

	/** Whether the software is in VMX operation: INIT is blocked in VMX root operation. */
	public boolean on() {
		return on;
	}

	/** The current-VMCS pointer; all ones when none. */
	public long currentVmcsPointer() {
		return current;
	}

	/** The current VMCS, for who looks at it; null when none. */
	public @Nullable Vmcs currentVmcs() {
		return current == NONE ? null : vmcs;
	}

	// ---- entering and leaving VMX operation ----

	/** VMXON m64; {@code linear} is the operand's address. */
	public void vmxon(long linear, int length) {
		requireMode();
		if ((state.cr4 & CpuState.CR4_VMXE) == 0 && !on) {
			intercept(InterceptedInstruction.VMXON, length, 0);
			throw fault.undefinedInstruction();
		}
		intercept(InterceptedInstruction.VMXON, length, 0);
		if (state.cpl != 0) {
			throw fault.generalProtection(0);
		}
		if (on) {
			fail(VmFail.VMXON_IN_ROOT_OPERATION);
			return;
		}
		if (!supportedControlRegisters()
				|| (processor.system().modelSpecificRegisters.read(FEATURE_CONTROL)
						& LOCKED_AND_ENABLED) != LOCKED_AND_ENABLED) {
			throw fault.generalProtection(0);
		}
		long pointer = processor.mmu().read64(linear);
		if (!region(pointer) || region.revision(pointer) != VmcsRegion.REVISION) {
			failInvalid();
			return;
		}
		on = true;
		vmxonPointer = pointer;
		current = NONE;
		holdControlRegisters();
		succeed();
	}

	private boolean supportedControlRegisters() {
		return (state.cr0 & Architecture.CR0_FIXED_0) == Architecture.CR0_FIXED_0
				&& (state.cr4 & ~Architecture.CR4_FIXED_1) == 0;
	}

	/** CR0 and CR4 have fixed bits in VMX operation. */
	private void holdControlRegisters() {
		processor.system().controlRegisters.hold(on ? Architecture.CR0_FIXED_0 : 0, on ? Architecture.CR4_FIXED_0 : 0);
	}

	/** VMXOFF. */
	public void vmxoff(int length) {
		require(InterceptedInstruction.VMXOFF, length);
		flush();
		on = false;
		vmxonPointer = NONE;
		holdControlRegisters();
		processor.events().unblocked();
		succeed();
	}

	/** VMCALL outside VMX non-root operation: there is no dual-monitor treatment of SMM. */
	public void vmcall(int length) {
		require(InterceptedInstruction.VMCALL, length);
		fail(VmFail.VMCALL_IN_ROOT_OPERATION);
	}

	// ---- the current VMCS ----

	/** VMCLEAR m64. */
	public void vmclear(long linear, int length) {
		require(InterceptedInstruction.VMCLEAR, length);
		long pointer = processor.mmu().read64(linear);
		if (!region(pointer)) {
			fail(VmFail.VMCLEAR_INVALID_ADDRESS);
		} else if (pointer == vmxonPointer) {
			fail(VmFail.VMCLEAR_VMXON_POINTER);
		} else {
			if (pointer == current) {
				flush();
			}
			region.setLaunched(pointer, false);
			succeed();
		}
	}

	/** VMPTRLD m64. */
	public void vmptrld(long linear, int length) {
		require(InterceptedInstruction.VMPTRLD, length);
		long pointer = processor.mmu().read64(linear);
		if (!region(pointer)) {
			fail(VmFail.VMPTRLD_INVALID_ADDRESS);
		} else if (pointer == vmxonPointer) {
			fail(VmFail.VMPTRLD_VMXON_POINTER);
		} else if (!loadable(region.revision(pointer))) {
			fail(VmFail.VMPTRLD_INCORRECT_REVISION);
		} else {
			if (pointer != current) {
				flush();
				region.load(pointer, vmcs);
				current = pointer;
			}
			vmcs.shadow = (region.revision(pointer) & VmcsRegion.SHADOW) != 0;
			succeed();
		}
	}

	/** A shadow VMCS can be made current, too, but not entered. */
	private static boolean loadable(long revision) {
		return (revision & ~VmcsRegion.SHADOW) == VmcsRegion.REVISION;
	}

	/** VMPTRST m64. */
	public void vmptrst(long linear, int length) {
		require(InterceptedInstruction.VMPTRST, length);
		processor.mmu().write64(linear, current);
		succeed();
	}

	/** The current VMCS's data go to memory, and none is current. */
	private void flush() {
		if (current != NONE) {
			region.store(current, vmcs);
			current = NONE;
		}
	}

	/** VMX abort while the guest of {@code aborted} is left: the logical processor shuts down. */
	void abort(Vmcs aborted) {
		if (current != NONE && aborted == vmcs) {
			region.abort(current, 1);
		}
	}

	// ---- fields ----

	/** What VMREAD does before it stores the value: false where it has failed. */
	public boolean vmread(long encoding, int length) {
		require(InterceptedInstruction.VMREAD, length, encoding);
		return field(encoding) != null;
	}

	/** The value of a field that {@link #vmread} found. */
	public long value(long encoding) {
		if (!inNonRootOperation()) {
			return vmcs.read((int) encoding);
		}
		long value = region.read(vmcs.read(VMCS_LINK_POINTER), VmcsField.of((int) encoding));
		return (encoding & 1) != 0 ? value >>> 32 : value;
	}

	/** Where VMREAD and VMWRITE do not exit, they are for the shadow VMCS. */
	private boolean inNonRootOperation() {
		return processor.contexts().inner() != null;
	}

	/**
	 * VMWRITE.
	 *
	 * @param operand the value, or its linear address
	 * @param bytes   size of the value in memory; 0 where the operand is the value
	 */
	public void vmwrite(long encoding, long operand, int bytes, int length) {
		require(InterceptedInstruction.VMWRITE, length, encoding);
		long value = bytes == 0 ? operand : processor.mmu().read(operand, bytes);
		VmcsField field = field(encoding);
		if (field == null) {
			return;
		}
		if (inNonRootOperation()) {
			writeShadow((int) encoding, field, value);
		} else {
			vmcs.write((int) encoding, value);
		}
		succeed();
	}

	private void writeShadow(int encoding, VmcsField field, long value) {
		long shadow = vmcs.read(VMCS_LINK_POINTER);
		boolean high = (encoding & 1) != 0;
		region.write(shadow, field, high ? region.read(shadow, field) & 0xffff_ffffL | value << 32 : value);
	}

	private @Nullable VmcsField field(long encoding) {
		if ((inNonRootOperation() ? vmcs.read(VMCS_LINK_POINTER) : current) == NONE) {
			failInvalid();
			return null;
		}
		VmcsField field = encoding >>> 32 != 0 ? null : VmcsField.find((int) encoding);
		if (field == null) {
			fail(VmFail.UNSUPPORTED_COMPONENT);
		}
		return field;
	}

	// ---- VM entry ----

	/** VMLAUNCH and VMRESUME; returns only when they fail. */
	public void enter(boolean resume, int length) {
		require(resume ? InterceptedInstruction.VMRESUME : InterceptedInstruction.VMLAUNCH, length);
		if (current == NONE || vmcs.shadow) {
			failInvalid();
		} else if (state.interruptibility.shadow == Shadow.MOV_SS) {
			fail(VmFail.EVENTS_BLOCKED_BY_MOV_SS);
		} else if (!resume && vmcs.launched) {
			fail(VmFail.VMLAUNCH_NON_CLEAR_VMCS);
		} else if (resume && !vmcs.launched) {
			fail(VmFail.VMRESUME_NON_LAUNCHED_VMCS);
		} else {
			checkAndEnter();
		}
	}

	private void checkAndEnter() {
		vmcs.entersFromLongMode(state.longModeActive());
		EntryCheck broken = EntryChecks.firstBroken(vmcs, EntryChecks.Stage.CONTROLS_AND_HOST);
		if (broken == null) {
			broken = EntryChecks.memoryControls(vmcs, memory);
		}
		if (broken != null) {
			failValid(broken.failure().instructionError());
			return;
		}
		throw guest.enter();
	}

	// ---- translations ----

	/** INVEPT and INVVPID. */
	public TranslationInvalidation invalidation() {
		return invalidation;
	}

	/** VMFUNC: in VMX non-root operation the context has invoked the function; outside there are none. */
	public void vmfunc(int length) {
		processor.interception().requireEnabled(InterceptedInstruction.VMFUNC);
		intercept(InterceptedInstruction.VMFUNC, length, 0);
		if (processor.contexts().inner() == null) {
			throw fault.undefinedInstruction();
		}
	}

	// ---- conventions ----

	/** What all VMX instructions check before anything else. */
	void require(InterceptedInstruction instruction, int length) {
		require(instruction, length, 0);
	}

	private void require(InterceptedInstruction instruction, int length, long information) {
		requireMode();
		intercept(instruction, length, information);
		if (!on) {
			throw fault.undefinedInstruction();
		}
		if (state.cpl != 0) {
			throw fault.generalProtection(0);
		}
	}

	private void requireMode() {
		if (!state.protectedMode() || state.virtual8086() || state.longModeActive() && !state.in64BitMode()) {
			throw fault.undefinedInstruction();
		}
	}

	private void intercept(InterceptedInstruction instruction, int length, long information) {
		processor.interception().instruction(instruction, length, information);
	}

	/** Whether the address can be that of a VMXON or VMCS region. */
	private static boolean region(long pointer) {
		return Architecture.physicalAligned(pointer, 4096);
	}

	/** VMsucceed. */
	public void succeed() {
		state.rflags &= ~VM_FAIL_FLAGS;
	}

	/** VMfail: VMfailValid where a VMCS is current, else VMfailInvalid. */
	void fail(VmFail error) {
		if (current == NONE) {
			failInvalid();
		} else {
			failValid(error.number());
		}
	}

	private void failValid(int number) {
		state.rflags = state.rflags & ~VM_FAIL_FLAGS | CpuState.ZF;
		vmcs.store(VM_INSTRUCTION_ERROR, number);
	}

	private void failInvalid() {
		state.rflags = state.rflags & ~VM_FAIL_FLAGS | CpuState.CF;
	}
}
