/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/**
 * An exception of the guest's on its way from the instruction that causes it to its delivery. One preallocated
 * instance a processor, thrown without a stack trace; the instruction that throws it can be restarted. For fault-class
 * exceptions only: traps are delivered where the instruction has completed.
 */
public final class GuestFault extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** The vector has no error code. */
	public static final int NO_ERROR_CODE = -1;
	/** Payload of a #GP for a non-canonical address: through SS the same condition is #SS. */
	public static final long NON_CANONICAL = 1;

	/** Vector 0 to 31. */
	private int vector;
	private int errorCode = NO_ERROR_CODE;
	private long payload;

	/** One instance belongs to each processor. */
	@SuppressWarnings("nls")
	public GuestFault() {
		super("guest exception", null, false, false);
	}

	/** The vector of the exception, 0 to 31. */
	public int vector() {
		return vector;
	}

	/** The error code, or {@link #NO_ERROR_CODE}. */
	public int errorCode() {
		return errorCode;
	}

	/** Linear address of a #PF; bits for DR6 of a #DB (as in pending debug exceptions); {@link #NON_CANONICAL}; else 0. */
	public long payload() {
		return payload;
	}

	/** Fills this in; to be thrown by the caller. */
	public GuestFault raise(int newVector, int newErrorCode, long newPayload) {
		vector = newVector;
		errorCode = newErrorCode;
		payload = newPayload;
		return this;
	}

	/** An exception without error code and payload: #DE, #BR, #UD, #NM, #MF, #XM. */
	public GuestFault raise(int newVector) {
		return raise(newVector, NO_ERROR_CODE, 0);
	}

	public GuestFault undefinedInstruction() {
		return raise(Vector.UD);
	}

	public GuestFault generalProtection(int selectorCode) {
		return raise(Vector.GP, selectorCode, 0);
	}

	public GuestFault stackFault(int selectorCode) {
		return raise(Vector.SS, selectorCode, 0);
	}

	public GuestFault notPresent(int selectorCode) {
		return raise(Vector.NP, selectorCode, 0);
	}

	public GuestFault invalidTaskState(int selectorCode) {
		return raise(Vector.TS, selectorCode, 0);
	}

	/** A non-canonical address: #GP(0), to become #SS(0) by {@link #throughStackSegment} where SS was used. */
	public GuestFault nonCanonical() {
		return raise(Vector.GP, 0, NON_CANONICAL);
	}

	/** Turns #GP(0) for a non-canonical address into the #SS(0) it is when the access was through SS. */
	public GuestFault throughStackSegment() {
		return vector == Vector.GP && payload == NON_CANONICAL ? raise(Vector.SS, 0, 0) : this;
	}
}
