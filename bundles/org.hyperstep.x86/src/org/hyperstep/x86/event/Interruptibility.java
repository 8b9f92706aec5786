/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/**
 * What holds events off at the current instruction boundary, and the debug exceptions that wait (Intel SDM, "Guest
 * Non-Register State": interruptibility state and pending debug exceptions). Only the event arbiter consumes it.
 */
public final class Interruptibility {
	/** Blocking after an instruction, for one instruction. */
	public enum Shadow {
		NONE,
		/** Blocking by STI: holds off maskable interrupts (and, in this processor, nothing else). */
		STI,
		/** Blocking by MOV SS or POP SS: holds off interrupts, NMIs and debug traps. */
		MOV_SS
	}

	/** The shadow in force before the next instruction. */
	public Shadow shadow = Shadow.NONE;
	/** An NMI handler runs: NMIs wait for IRET. */
	public boolean blockingByNmi;
	/** IRET has removed blocking by NMI and is not at its end, or the fault that it raised has not been delivered. */
	public boolean unblockedByIret;
	/** System-management mode holds off SMIs. */
	public boolean blockingBySmi;
	/** SVM's global interrupt flag. */
	public boolean globalInterruptFlag = true;
	/**
	 * Pending debug exceptions in the VMCS format: B3:B0 in bits 3:0, enabled breakpoint 12, BS 14. Zero when none.
	 */
	public long pendingDebugExceptions;

	/** Pending debug exceptions: some enabled breakpoint was met. */
	public static final long ENABLED_BREAKPOINT = 1 << 12;
	/** Pending debug exceptions: single-step. */
	public static final long BS = 1 << 14;
}
