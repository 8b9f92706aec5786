/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.BoundaryExits;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.CachedTranslations;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.ProvidedMsrs;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * VMX operation of one processor, seen from VMX root: VM entries and VM exits (Intel SDM, "VM Entries", "VM Exits"). The
 * software in VMX root operation is not emulated, so that no host state is loaded at VM exits: the guest's state stays
 * in the processor's registers, beside the copy in the VMCS.
 */
public final class Vmx {
	/** How an entry came back. */
	public enum Outcome {
		/** A VM exit, or an entry that failed with one: {@link VmcsField#EXIT_REASON} tells. */
		VM_EXIT,
		/** VMfailValid: {@link VmcsField#VM_INSTRUCTION_ERROR} tells; nothing was changed. */
		VM_FAIL,
		/** The observer's mark is on the next instruction. The guest's state is saved as by a VM exit without a reason. */
		OBSERVED
	}

	/** Vector of the host's only interrupt, as an exit that acknowledges it records it. */
	public static final int HOST_INTERRUPT_VECTOR = 0x20;

	private final Processor processor;
	private final CpuState state;
	private final VmcsRegion region;
	private @Nullable VmxGuest recent;
	private DeliveryObserver observer = DeliveryObserver.NONE;
	private final CachedTranslations translations;
	private @Nullable EntryCheck failed;

	/** Makes VMX operation of a processor. */
	public Vmx(Processor processor) {
		this.processor = processor;
		state = processor.state();
		translations = new CachedTranslations(processor.mmu(), state);
		region = new VmcsRegion(new LowerMemory(processor.mmu().physical(), processor.contexts(), false));
	}

	/** VMLAUNCH or VMRESUME, whichever the launch state asks for; returns at the next VM exit. */
	public Outcome enter(Vmcs vmcs) {
		vmcs.launched = true;
		processor.contexts().giveRegisters(vmcs.registers());
		EntryCheck broken = EntryChecks.firstBroken(vmcs);
		if (broken == null) {
			broken = EntryChecks.linkPointer(vmcs, region, -1L);
		}
		failed = broken;
		if (broken != null && broken.failure().instructionError() != 0) {
			vmcs.store(VM_INSTRUCTION_ERROR, broken.failure().instructionError());
			return Outcome.VM_FAIL;
		}
		if (broken != null) {
			failEntry(vmcs, VmExitReason.ENTRY_FAILURE_GUEST_STATE, broken.failure().exitQualification());
			return Outcome.VM_EXIT;
		}
		vmcs.checked();
		VmxGuest guest = guest(vmcs);
		if (vmcs.registers().held()) {
			translate(guest, true);
		} else {
			loadState(guest);
		}
		int loaded = !guest.usesMsrAreas() ? 0
				: MsrArea.load(vmcs, processor, guest.memory, ProvidedMsrs.NONE);
		if (loaded != 0) {
			failEntry(vmcs, VmExitReason.ENTRY_FAILURE_MSR_LOADING, loaded);
			return Outcome.VM_EXIT;
		}
		return run(guest);
	}

	/**
	 * Executes exactly the instruction at RIP in the guest, with the processor's one meaning: what software that emulates
	 * instructions for its guest would do. The registers are the processor's, not those of the VMCS; intercepts are
	 * asked; no event is taken before or after it. The registers are saved then.
	 *
	 * @return EXECUTED; VM_EXIT with the exit's information recorded; or FAULT with the exception in the processor's
	 *         fault, not delivered
	 */
	public RunOutcome emulateOne(Vmcs vmcs) {
		processor.contexts().giveRegisters(vmcs.registers());
		VmxGuest guest = guest(vmcs);
		RunOutcome outcome = processor.emulateOneIn(guest);
		guest.passesTaskSwitch = false;
		saveRegisters(guest);
		return outcome;
	}

	/**
	 * The first rule that VM entry with this VMCS would break, in words, of those that a change since the last entry
	 * concerns; null when it would break none. Changes nothing.
	 */
	public @Nullable String check(Vmcs vmcs) {
		EntryCheck broken = EntryChecks.firstBroken(vmcs);
		return broken == null ? null : broken.rule();
	}

	/**
	 * The host's interrupt with the notification vector comes: the guest in VMX non-root operation takes over what was
	 * posted, without a VM exit (Intel SDM, "Posted-Interrupt Processing").
	 *
	 * @return whether there is such a guest; if not, the interrupt is one for the software below
	 */
	public boolean notifyPosted() {
		VmxGuest guest = recent;
		if (guest == null || processor.contexts().bottom() != guest || !guest.vmcs.has(PROCESS_POSTED_INTERRUPTS)) {
			return false;
		}
		guest.virtualApic().processPosted();
		return true;
	}

	/** Says who is told of delivered events. */
	public void observe(DeliveryObserver deliveryObserver) {
		observer = deliveryObserver;
	}

	/** The rule that the last entry broke, in words; null when it broke none. */
	public @Nullable String brokenRule() {
		EntryCheck check = failed;
		return check == null ? null : check.rule();
	}

	/** INVEPT, INVVPID: drops cached translations of all guests. */
	public void invalidateTranslations() {
		processor.mmu().flushAll();
	}

	/** Lets one task switch of the guest that is entered next go without its VM exit, in place of an emulation of it. */
	public void passTaskSwitch(Vmcs vmcs) {
		guest(vmcs).passesTaskSwitch = true;
	}

	/** Copies the registers into the guest-state area, after software changed them while the guest stood still. */
	public void saveGuestState(Vmcs vmcs) {
		vmcs.registers().forget();
		GuestStateArea.save(state, vmcs, vmcs::write);
	}

	/**
	 * As {@link #saveGuestState}, where software changed nothing but RIP, RSP, RFLAGS (not its VM flag), the
	 * interruptibility state, pending debug exceptions or the activity state.
	 */
	public void savePosition(Vmcs vmcs) {
		if (vmcs.registers().held()) {
			vmcs.positionChanged(state);
		} else {
			saveGuestState(vmcs);
		}
	}

	/** What an exit saves, or leaves where it is: the software below seldom asks for it. */
	private void saveRegisters(VmxGuest guest) {
		Vmcs vmcs = guest.vmcs;
		if (guest.keepsRegisters()) {
			GuestStateArea.saveMode(state, vmcs);
			vmcs.registers().leave(state);
		} else {
			GuestStateArea.save(state, vmcs, vmcs::store);
		}
	}

	private VmxGuest guest(Vmcs vmcs) {
		VmxGuest guest = recent;
		if (guest == null || guest.vmcs != vmcs) {
			guest = new VmxGuest(processor, vmcs);
			recent = guest;
		}
		guest.refresh(observer);
		return guest;
	}

	private static void failEntry(Vmcs vmcs, VmExitReason reason, long qualification) {
		vmcs.store(EXIT_REASON, reason.number() | VmExitReason.VM_ENTRY_FAILURE);
		vmcs.store(EXIT_QUALIFICATION, qualification);
	}

	/** Loads the guest state; translations stay where VPID and EPT pointer say that they are the guest's. */
	private void loadState(VmxGuest guest) {
		translations.rememberRegisters();
		GuestStateArea.load(guest.vmcs, state);
		translate(guest, translations.sameRegisters());
	}

	private void translate(VmxGuest guest, boolean sameRegisters) {
		translations.entered(guest.vpid(), guest.eptPointer(), sameRegisters && guest.vpid() != 0);
	}

	private Outcome run(VmxGuest guest) {
		Vmcs vmcs = guest.vmcs;
		long hostDeadline = processor.deadline();
		armPreemptionTimer(guest, hostDeadline);
		processor.setInterception(guest);
		arm(vmcs);
		Outcome outcome;
		try {
			guest.virtualApic().entered();
			injectEvent(vmcs, processor, processor.events().bottom);
			outcome = leave(guest, processor.run());
		} catch (VmExit exit) {
			outcome = Outcome.VM_EXIT;
		}
		finish(guest, outcome, hostDeadline);
		return outcome;
	}

	private void arm(Vmcs vmcs) {
		processor.events().bottom.arm(vmcs.has(INTERRUPT_WINDOW_EXITING), vmcs.has(NMI_WINDOW_EXITING),
				vmcs.has(MONITOR_TRAP_FLAG));
	}

	/** "Event Injection" of a VM entry whose guest state is loaded. */
	static void injectEvent(Vmcs vmcs, Processor processor, BoundaryExits boundary) {
		int information = (int) vmcs.read(VM_ENTRY_INTERRUPTION_INFORMATION);
		if (information >= 0) {
			return;
		}
		// "Clearing of the valid bit": at each exit of an entry that succeeded.
		vmcs.store(VM_ENTRY_INTERRUPTION_INFORMATION, information & 0x7fff_ffff);
		int type = information >> 8 & 7;
		if (type == EventType.OTHER) {
			boundary.monitorTrapDue();
			return;
		}
		boolean hasErrorCode = (information & 1 << 11) != 0;
		processor.events().delivery.inject(information & 0xff, type,
				hasErrorCode ? (int) vmcs.read(VM_ENTRY_EXCEPTION_ERROR_CODE) : GuestFault.NO_ERROR_CODE,
				(int) vmcs.read(VM_ENTRY_INSTRUCTION_LENGTH));
	}

	private Outcome leave(VmxGuest guest, RunOutcome outcome) {
		switch (outcome) {
			case VM_EXIT:
				return Outcome.VM_EXIT;
			case OBSERVED:
				return Outcome.OBSERVED;
			case HALTED:
				// The activity state is HLT and nothing in the processor wakes it: the host's timer is what comes next.
				guest.exit(VmExitReason.EXTERNAL_INTERRUPT, 0);
				return Outcome.VM_EXIT;
			case SHUTDOWN:
				// A guest hypervisor's guest waits in this state like in HLT; a guest hypervisor came here by a VMX abort.
				guest.exit(processor.contexts().inner() == null ? VmExitReason.TRIPLE_FAULT
						: VmExitReason.EXTERNAL_INTERRUPT, 0);
				return Outcome.VM_EXIT;
			default:
				throw new IllegalStateException("a guest's run came back with " + outcome); //$NON-NLS-1$
		}
	}

	private void finish(VmxGuest guest, Outcome outcome, long hostDeadline) {
		Vmcs vmcs = guest.vmcs;
		if (guest.usesPreemptionTimer()) {
			if (vmcs.has(SAVE_VMX_PREEMPTION_TIMER)) {
				vmcs.store(VMX_PREEMPTION_TIMER_VALUE, Math.max(0, guest.preemptionDeadline - processor.retired()));
			}
			processor.setDeadline(hostDeadline);
		}
		state.rflags |= processor.events().resumeFlagBetweenIterations();
		guest.passesTaskSwitch = false;
		processor.setInterception(Interception.NONE);
		saveRegisters(guest);
		if (outcome == Outcome.VM_EXIT && guest.usesMsrAreas()) {
			storeMsrs(guest);
		}
	}

	/** An MSR that cannot be stored would be a VMX abort: a fault of the software below. */
	private void storeMsrs(VmxGuest guest) {
		if (!MsrArea.store(guest.vmcs, processor, guest.memory, ProvidedMsrs.NONE)) {
			throw new IllegalStateException("VMX abort 1: an MSR cannot be stored"); //$NON-NLS-1$
		}
	}

	/** "VMX-Preemption Timer": counts ticks of the TSC; as a deadline it is taken before the host's own. */
	private void armPreemptionTimer(VmxGuest guest, long hostDeadline) {
		if (!guest.usesPreemptionTimer()) {
			guest.preemptionDeadline = Long.MAX_VALUE;
			return;
		}
		guest.preemptionDeadline = processor.retired() + guest.vmcs.read(VMX_PREEMPTION_TIMER_VALUE);
		processor.setDeadline(Math.min(hostDeadline, guest.preemptionDeadline));
	}
}
