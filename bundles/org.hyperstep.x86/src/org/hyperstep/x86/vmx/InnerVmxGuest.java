/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.BoundaryExits;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.TranslationContext;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * VMX non-root operation that a guest hypervisor has entered: VM entries load from its VMCS, VM exits save there and
 * load its host state, as the manual's chapters "VM Entries" and "VM Exits" have it.
 */
final class InnerVmxGuest extends VmxGuest implements InnerContext {
	private static final long VALID = 1L << 31;

	private final VmxOperation operation;
	private final VmcsRegion region;
	private final BoundaryExits boundary;
	/** VM entry failed behind the checks on controls: the guest's state was not loaded as a whole and is not saved. */
	private boolean entryFailed;
	/** Blocking by NMI of the logical processor, while the guest's own is virtual. */
	private boolean physicalNmiBlocking;
	private boolean exitedByNmi;
	/** The entry came as far as to use the guest's translations. */
	private boolean levelSwitched;
	/** When the VMX-preemption timer expires, on the processor's time-stamp counter. */
	private long timerDeadline = Long.MAX_VALUE;

	InnerVmxGuest(Processor processor, VmxOperation operation, Vmcs vmcs, VmcsRegion region, LowerMemory memory) {
		super(processor, vmcs, memory, VmExit.INNER);
		this.operation = operation;
		this.region = region;
		boundary = processor.events().inner;
	}

	// ---- VM entry ----

	/** VM entry whose checks on controls and host state succeeded; always ends in the VmExit to throw. */
	VmExit enter() {
		refresh(DeliveryObserver.NONE);
		entryFailed = false;
		levelSwitched = false;
		exitedByNmi = false;
		timerDeadline = Long.MAX_VALUE;
		processor.contexts().enter(this);
		EntryCheck broken = EntryChecks.firstBroken(vmcs, EntryChecks.Stage.GUEST_STATE);
		if (broken == null && !vmcs.has(ENABLE_EPT)) {
			broken = EntryChecks.memoryPdptes(vmcs, memory);
		}
		if (broken == null) {
			broken = EntryChecks.linkPointer(vmcs, region, operation.currentVmcsPointer());
		}
		if (broken != null) {
			return fail(VmExitReason.ENTRY_FAILURE_GUEST_STATE, broken.failure().exitQualification());
		}
		vmcs.checked();
		vmcs.launched = true;
		physicalNmiBlocking = state.interruptibility.blockingByNmi;
		processor.mmu().suspendLevel(TranslationContext.GUEST_HYPERVISOR);
		GuestStateArea.load(vmcs, state);
		if (!vmcs.has(ENABLE_EPT)) {
			EntryChecks.loadPdptes(state, memory);
		}
		int loaded = MsrArea.load(vmcs, processor, memory, processor.contexts().providedMsrs());
		if (loaded != 0) {
			return fail(VmExitReason.ENTRY_FAILURE_MSR_LOADING, loaded);
		}
		processor.levelSwitched(tagged() ? translationContext() : null);
		levelSwitched = true;
		arm();
		processor.events().unblocked();
		return VmExit.INNER_ENTRY;
	}

	private VmExit fail(VmExitReason reason, long qualification) {
		entryFailed = true;
		vmcs.store(EXIT_REASON, reason.number() | VmExitReason.VM_ENTRY_FAILURE);
		vmcs.store(EXIT_QUALIFICATION, qualification);
		return VmExit.INNER;
	}

	private void armBoundary() {
		boundary.armInterruptWindow(vmcs.has(INTERRUPT_WINDOW_EXITING));
		boundary.armNmiWindow(vmcs.has(NMI_WINDOW_EXITING));
		boundary.armMonitorTrap(vmcs.has(MONITOR_TRAP_FLAG));
	}

	/** "Default Treatment of RSM"; the VMX-preemption timer has counted on. */
	@Override
	public void resumed() {
		armBoundary();
		virtualApic().entered();
	}

	private void arm() {
		armBoundary();
		if (vmcs.has(ACTIVATE_VMX_PREEMPTION_TIMER)) {
			timerDeadline = processor.timeStampCounter()
					+ (vmcs.read(VMX_PREEMPTION_TIMER_VALUE) << VmxCapability.TIMER_RATE);
		}
		processor.timerChanged();
	}

	@Override
	public void begin() {
		virtualApic().entered();
		Vmx.injectEvent(vmcs, processor, boundary);
	}

	// ---- VM exit ----

	@Override
	public void leave() {
		if (levelSwitched) {
			processor.mmu().suspendLevel(translationContext());
		}
		if (entryFailed) {
			// The instruction is over, as it is where the guest is entered: a hypervisor that tries again takes time.
			processor.retire();
		} else {
			saveGuest();
		}
		boolean virtualNmis = vmcs.has(VIRTUAL_NMIS) && !entryFailed;
		HostStateArea.load(vmcs, state);
		state.interruptibility.unblockedByIret = false;
		state.interruptibility.blockingByNmi = exitedByNmi
				|| (virtualNmis ? physicalNmiBlocking : state.interruptibility.blockingByNmi);
		timerDeadline = Long.MAX_VALUE;
		if (!EntryChecks.loadHostPdptes(state, memory)
				|| MsrArea.loadHost(vmcs, processor, memory, processor.contexts().providedMsrs()) != 0) {
			operation.abort(vmcs);
			state.activity = Activity.SHUTDOWN;
		}
		if (levelSwitched) {
			processor.levelSwitched(tagged() ? TranslationContext.GUEST_HYPERVISOR : null);
			levelSwitched = false;
		} else {
			processor.stateReplaced();
		}
		processor.timerChanged();
	}

	/** Without VPIDs, VM entries and VM exits invalidate translations ("Operations that Invalidate Cached Mappings"). */
	private boolean tagged() {
		return vpid() != 0;
	}

	private void saveGuest() {
		vmcs.store(VM_ENTRY_INTERRUPTION_INFORMATION, vmcs.read(VM_ENTRY_INTERRUPTION_INFORMATION) & ~VALID);
		state.rflags |= processor.events().resumeFlagBetweenIterations();
		if (vmcs.has(SAVE_VMX_PREEMPTION_TIMER)) {
			long left = Math.max(0, timerDeadline - processor.timeStampCounter());
			vmcs.store(VMX_PREEMPTION_TIMER_VALUE, left >>> VmxCapability.TIMER_RATE);
		}
		GuestStateArea.save(state, vmcs, vmcs::store);
		if (!MsrArea.store(vmcs, processor, memory, processor.contexts().providedMsrs())) {
			operation.abort(vmcs);
		}
	}

	// ---- events from below ----

	@Override
	public boolean interruptExits() {
		return vmcs.has(EXTERNAL_INTERRUPT_EXITING) && state.activity != Activity.WAIT_FOR_SIPI
				&& state.activity != Activity.SHUTDOWN;
	}

	@Override
	public boolean acknowledgesInterrupt() {
		return vmcs.has(ACKNOWLEDGE_INTERRUPT_ON_EXIT);
	}

	@Override
	public void noteInterrupt(int vector) {
		record(VmExitReason.EXTERNAL_INTERRUPT.number(), 0, 0, 0, vector < 0 ? 0 : VALID | vector);
	}

	@Override
	public boolean takesPostedInterrupt(int vector) {
		if (!vmcs.has(PROCESS_POSTED_INTERRUPTS) || vector != vmcs.read(POSTED_INTERRUPT_NOTIFICATION_VECTOR)) {
			return false;
		}
		virtualApic().processPosted();
		return true;
	}

	@Override
	public boolean nmiExits() {
		return vmcs.has(NMI_EXITING) && state.activity != Activity.WAIT_FOR_SIPI;
	}

	@Override
	public boolean nmiBlocked() {
		return vmcs.has(VIRTUAL_NMIS) ? physicalNmiBlocking : state.interruptibility.blockingByNmi;
	}

	@Override
	public void noteNmi() {
		exitedByNmi = true;
		record(VmExitReason.EXCEPTION_OR_NMI.number(), 0, 0, 0, VALID | EventType.NMI << 8 | Vector.NMI);
	}

	@Override
	public boolean initExits() {
		if (state.activity == Activity.WAIT_FOR_SIPI) {
			return false;
		}
		exit(VmExitReason.INIT_SIGNAL, 0);
		return true;
	}

	@Override
	public boolean startupExits(int vector) {
		if (state.activity != Activity.WAIT_FOR_SIPI) {
			return false;
		}
		exit(VmExitReason.START_UP_IPI, vector);
		return true;
	}

	@Override
	public boolean windowsExit() {
		return true;
	}

	/** The processor's deadline: of the host below, or the VMX-preemption timer's. */
	@Override
	public @Nullable VmExit hostInterrupt() {
		if (timerDue()) {
			// The host's own request, if there was one, is looked at again behind this exit.
			processor.assertHostInterrupt();
			return exit(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED, 0);
		}
		return null;
	}

	@Override
	public boolean timerDue() {
		return processor.timeStampCounter() >= timerDeadline && state.activity != Activity.WAIT_FOR_SIPI;
	}

	@Override
	public long timerDeadline() {
		return timerDeadline;
	}
}
