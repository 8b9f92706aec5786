/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.virtualization.DeliveryObserver;

/**
 * A virtual CPU's side of the virtualization hardware: VMX or SVM. Between entries the processor's registers are the
 * guest's; {@link #storeState} carries changes of them into the control structure.
 */
interface GuestMode {
	/** How an entry came back. */
	enum Entered {
		EXIT,
		/** A mark of the observer is on the next instruction. */
		MARK,
		/** VM entry failed: {@link GuestMode#refusal}. */
		REFUSED
	}

	/** Enters the guest; returns at the next exit. */
	Entered enter();

	/** Why the last entry failed. */
	String refusal();

	/** Describes the last exit. */
	void decode(Exit exit);

	/** Executes the guest's next instruction in its place: EXECUTED, FAULT, or VM_EXIT as {@link #enter} has it. */
	RunOutcome emulateOne();

	/** Copies the processor's registers into the control structure; before each entry after they were changed. */
	void storeState();

	/**
	 * As {@link #storeState} where nothing was changed but RIP, RFLAGS (not its VM flag), CR2, DR6, what holds events off,
	 * and pending debug exceptions.
	 */
	void storePosition();

	/** The rule that an entry with the present registers would break, in words; null when it breaks none. */
	@Nullable
	String brokenRule();

	/** Has the next entry inject an event. Type and error code (-1 for none) as VM-entry interruption information. */
	void inject(int vector, int type, int errorCode, int instructionLength);

	/** An exit as soon as the guest can take a maskable interrupt. */
	void requestInterruptWindow(boolean wanted);

	/** An exit as soon as the guest can take an NMI, or the NMI itself: then {@link DeliveryObserver#nmiTaken}. */
	void requestNmiWindow(boolean wanted);

	/** Sets the monitor trap flag; only where {@link #hasMonitorTrapFlag}. */
	void setMonitorTrap(boolean on);

	boolean hasMonitorTrapFlag();

	/** Intercepts the exceptions of this bitmap. */
	void interceptExceptions(int bitmap);

	void interceptDebugRegisters(boolean on);

	/** PAUSE exits: the guest waits for another CPU, or for the clock. */
	void interceptPause(boolean on);

	/** MSR accesses exit as the bitmaps say; off only around {@link #emulateOne}. */
	void interceptMsrs(boolean on);

	/** The task switch that exited goes through when it is tried again; only where task switches exit. */
	void passTaskSwitch();

	/** The guest's time-stamp counter is the host's plus this. */
	void setTimeStampOffset(long offset);

	long timeStampOffset();

	void mapLocalApic(long guestPhysical);

	/** Who delivers the local APIC's interrupts. */
	InterruptDelivery interruptDelivery();

	/** CR0, CR4 and EFER as the guest reads them, from the registers. */
	long visibleCr0();

	long visibleCr4();

	long visibleEfer();

	/** Loads CR0, CR4 or EFER for the guest, keeping what the mode needs. */
	void loadCr0(long value);

	void loadCr4(long value);

	void loadEfer(long value);

	/** What the hardware's enabling takes out of CPUID: VMX or SVM themselves. {@code leaf} and the four registers. */
	void hideFeatures(int leaf, int[] registers);

	/** Whether an exception exit has written DR6 already, as SVM does. */
	boolean exceptionWritesDr6();

	/** The name of an exit's number. */
	String exitName(long number);

	void observe(DeliveryObserver observer);
}
