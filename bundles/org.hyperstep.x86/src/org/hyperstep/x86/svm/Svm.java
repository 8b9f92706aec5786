/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.CachedTranslations;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * SVM of one processor, seen from the host: VMRUN and #VMEXIT (AMD APM volume 2, "Secure Virtual Machine"). The host's
 * software is not emulated, so that no host state is loaded at #VMEXIT: the guest's state stays in the processor's
 * registers, beside the copy in the VMCB.
 */
public final class Svm {
	/** How a VMRUN came back. */
	public enum Outcome {
		/** #VMEXIT: {@link VmcbField#EXITCODE} tells. */
		VM_EXIT,
		/** The observer's mark is on the next instruction. The guest's state is saved as by #VMEXIT without a code. */
		OBSERVED
	}

	private final Processor processor;
	private final CpuState state;
	private @Nullable SvmGuest recent;
	private DeliveryObserver observer = DeliveryObserver.NONE;
	private final CachedTranslations translations;
	private @Nullable VmrunCheck failed;

	/** Makes SVM of a processor. */
	public Svm(Processor processor) {
		this.processor = processor;
		state = processor.state();
		translations = new CachedTranslations(processor.mmu(), state);
	}

	/** VMRUN, with the VMLOAD before and the VMSAVE behind it; returns at the next #VMEXIT. */
	public Outcome run(Vmcb vmcb) {
		processor.contexts().giveRegisters(vmcb.registers());
		SvmGuest guest = guest(vmcb);
		failed = VmrunCheck.firstBroken(vmcb, processor.model());
		if (failed != null) {
			guest.exit(SvmExitCode.INVALID.number(), 0, 0);
			return Outcome.VM_EXIT;
		}
		vmcb.checked();
		if (vmcb.registers().held()) {
			EventState.load(vmcb, state);
			translate(vmcb, true);
		} else {
			loadState(vmcb);
		}
		processor.setInterception(guest);
		guest.evaluateVirtualInterrupts();
		processor.events().armNmiWindow((vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_NMI) != 0);
		Outcome outcome;
		try {
			guest.injectEvent();
			outcome = leave(guest, processor.run());
		} catch (VmExit exit) {
			outcome = Outcome.VM_EXIT;
		}
		saveState(vmcb);
		return outcome;
	}

	private void saveState(Vmcb vmcb) {
		state.rflags |= processor.events().resumeFlagBetweenIterations();
		processor.setInterception(Interception.NONE);
		saveRegisters(vmcb);
	}

	/** What #VMEXIT saves, or leaves where it is: the software below seldom asks for it. */
	private void saveRegisters(Vmcb vmcb) {
		if ((vmcb.read(NP_ENABLE) & Vmcb.NESTED_PAGING) != 0) {
			EventState.save(state, vmcb);
			vmcb.registers().leave(state);
		} else {
			// The guest's PAT is the host's.
			saveGuestState(vmcb);
		}
	}

	/**
	 * Executes exactly the instruction at RIP in the guest, with the processor's one meaning: what software that emulates
	 * instructions for its guest would do. The registers are the processor's, not those of the VMCB; intercepts are
	 * asked; no event is taken before or after it. The registers are saved then.
	 *
	 * @return EXECUTED; VM_EXIT with the exit's information recorded; or FAULT with the exception in the processor's
	 *         fault, not delivered
	 */
	public RunOutcome emulateOne(Vmcb vmcb) {
		processor.contexts().giveRegisters(vmcb.registers());
		RunOutcome outcome = processor.emulateOneIn(guest(vmcb));
		saveRegisters(vmcb);
		return outcome;
	}

	/** The first rule that VMRUN with this VMCB would break, in words; null when it would break none. */
	public @Nullable String check(Vmcb vmcb) {
		VmrunCheck broken = VmrunCheck.firstBroken(vmcb, processor.model());
		return broken == null ? null : broken.rule();
	}

	/**
	 * A doorbell message comes (AMD APM volume 2, "Doorbell Mechanism").
	 *
	 * @return whether a guest with AVIC runs, which looks at its backing page at its next boundary
	 */
	public boolean doorbell() {
		SvmGuest guest = recent;
		if (guest == null || processor.contexts().bottom() != guest || !guest.avic().enabled()) {
			return false;
		}
		guest.avic().doorbell();
		return true;
	}

	/** Says who is told of delivered events. */
	public void observe(DeliveryObserver deliveryObserver) {
		observer = deliveryObserver;
	}

	/** The rule that the last VMRUN broke, in words; null when it broke none. */
	public @Nullable String brokenRule() {
		VmrunCheck check = failed;
		return check == null ? null : check.rule();
	}

	/** Drops cached translations of all guests. */
	public void invalidateTranslations() {
		processor.mmu().flushAll();
	}

	/** Copies the registers into the state save area, after software changed them while the guest stood still. */
	public void saveGuestState(Vmcb vmcb) {
		vmcb.registers().forget();
		StateSaveArea.saveAll(state, vmcb);
		EventState.save(state, vmcb);
	}

	/**
	 * As {@link #saveGuestState}, where software changed nothing but RIP, RSP, RAX, RFLAGS, CR2, DR6, or what holds events
	 * off.
	 */
	public void savePosition(Vmcb vmcb) {
		if (vmcb.registers().held()) {
			EventState.save(state, vmcb);
			vmcb.registers().leave(state);
		} else {
			saveGuestState(vmcb);
		}
	}

	/** "Virtual Interrupts": whether V_IRQ is set and its priority is above V_TPR, or the comparison is off. */
	static boolean virtualInterruptTakes(Vmcb vmcb) {
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		boolean priority = (control & Vmcb.V_IGN_TPR) != 0 || (control >>> 16 & 0xf) > (control & 0xf);
		return (control & Vmcb.V_IRQ) != 0 && priority;
	}

	private SvmGuest guest(Vmcb vmcb) {
		SvmGuest guest = recent;
		if (guest == null || guest.vmcb != vmcb) {
			guest = new SvmGuest(processor, vmcb, VmExit.SIGNAL);
			recent = guest;
		}
		guest.refresh(observer);
		return guest;
	}

	private void loadState(Vmcb vmcb) {
		translations.rememberRegisters();
		StateSaveArea.load(vmcb, state);
		StateSaveArea.loadSystem(vmcb, state);
		EventState.load(vmcb, state);
		state.debugControl = vmcb.read(DBGCTL);
		translate(vmcb, translations.sameRegisters());
	}

	private void translate(Vmcb vmcb, boolean sameRegisters) {
		long nestedCr3 = (vmcb.read(NP_ENABLE) & Vmcb.NESTED_PAGING) != 0 ? vmcb.read(N_CR3) : 0;
		translations.entered(vmcb.read(GUEST_ASID), nestedCr3, sameRegisters && vmcb.read(TLB_CONTROL) == 0);
	}

	private static Outcome leave(SvmGuest guest, RunOutcome outcome) {
		switch (outcome) {
			case VM_EXIT:
				return Outcome.VM_EXIT;
			case OBSERVED:
				return Outcome.OBSERVED;
			case HALTED:
				// HLT without its intercept: the host's timer interrupt is what comes next.
				guest.exit(SvmExitCode.INTR.number(), 0, 0);
				return Outcome.VM_EXIT;
			case SHUTDOWN:
				guest.exit(SvmExitCode.SHUTDOWN.number(), 0, 0);
				return Outcome.VM_EXIT;
			default:
				throw new IllegalStateException("a guest's run came back with " + outcome); //$NON-NLS-1$
		}
	}
}
