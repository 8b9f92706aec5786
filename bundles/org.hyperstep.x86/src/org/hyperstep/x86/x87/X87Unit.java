/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

import org.hyperstep.x86.state.ExtendedState;
import org.hyperstep.x86.x87.Real.Kind;

/**
 * The register stack of one processor's x87, and the responses to its exceptions (Intel SDM, "x87 FPU Floating-Point
 * Exception Handling"). An instruction is {@link #begin}, its operation, and what the operation calls to finish.
 */
public final class X87Unit {
	static final int STACK_FAULT = 0x40, SUMMARY = 0x8080;
	/** Condition codes in the status word. */
	static final int C0 = 0x100, C1 = 0x200, C2 = 0x400, C3 = 0x4000;
	private static final int BEFORE = Rounding.INVALID | Rounding.DENORMAL | Rounding.DIVIDE_BY_ZERO;
	private static final int AFTER = Rounding.OVERFLOW | Rounding.UNDERFLOW;

	final Rounding rounding = new Rounding();
	final Arithmetic arithmetic = new Arithmetic(rounding);
	final Scaling scaling = new Scaling(rounding, arithmetic);
	final Real a = new Real();
	final Real b = new Real();
	private final ExtendedState state;
	private final Operations operations = new Operations(this);
	private final Transcendentals transcendentals = new Transcendentals(this);
	private final Comparisons comparisons = new Comparisons(this);
	private final Moves moves = new Moves(this);
	private final Stores stores = new Stores(this);

	/** Makes the unit that works on these registers. */
	public X87Unit(ExtendedState state) {
		this.state = state;
	}

	/** Begins an instruction that clears C1 unless it sets it. */
	public void begin() {
		state.statusWord &= ~C1;
		beginKeepingC1();
	}

	/** Begins an instruction that changes C1 by a stack fault only. */
	public void beginKeepingC1() {
		rounding.begin(state.controlWord);
	}

	/** Arithmetic instructions. */
	public Operations operations() {
		return operations;
	}

	/** Transcendental instructions. */
	public Transcendentals transcendentals() {
		return transcendentals;
	}

	/** Comparisons. */
	public Comparisons comparisons() {
		return comparisons;
	}

	/** Loads, and moves within the stack. */
	public Moves moves() {
		return moves;
	}

	/** Instructions that store. */
	public Stores stores() {
		return stores;
	}

	// ---- registers ----

	boolean isEmpty(int i) {
		return (state.validRegisters >> state.physical(i) & 1) == 0;
	}

	void read(int i, Real into) {
		int n = state.physical(i);
		into.set(state.signAndExponent[n], state.significand[n]);
	}

	int signAndExponent(int i) {
		return state.signAndExponent[state.physical(i)] & 0xffff;
	}

	long significand(int i) {
		return state.significand[state.physical(i)];
	}

	void write(int i, int signAndExponent, long significand) {
		int n = state.physical(i);
		state.signAndExponent[n] = signAndExponent;
		state.significand[n] = significand;
		state.validRegisters |= 1 << n;
	}

	void free(int i) {
		state.validRegisters &= ~(1 << state.physical(i));
	}

	void rotate(int by) {
		state.statusWord = state.statusWord & ~0x3800 | (state.statusWord + (by << 11) & 0x3800);
	}

	void push(int signAndExponent, long significand) {
		rotate(-1);
		write(0, signAndExponent, significand);
	}

	void pop() {
		free(0);
		rotate(1);
	}

	void setConditions(int codes) {
		state.statusWord = state.statusWord & ~(C0 | C2 | C3) | codes;
	}

	/** C2 as the partial remainders leave it. */
	void setPartial(boolean partial) {
		state.statusWord = partial ? state.statusWord | C2 : state.statusWord & ~C2;
	}

	void setC1(boolean set) {
		state.statusWord = set ? state.statusWord | C1 : state.statusWord & ~C1;
	}

	int controlWord() {
		return state.controlWord;
	}

	// ---- exceptions ----

	private void summarize() {
		boolean unmasked = (state.statusWord & ~state.controlWord & 0x3f) != 0;
		state.statusWord = unmasked ? state.statusWord | SUMMARY : state.statusWord & ~SUMMARY;
	}

	/**
	 * An empty register was to be read.
	 *
	 * @return whether the response is the masked one
	 */
	boolean stackUnderflow() {
		state.statusWord = state.statusWord & ~C1 | Rounding.INVALID | STACK_FAULT;
		summarize();
		rounding.indefinite();
		return rounding.masks(Rounding.INVALID);
	}

	/** A register that is not empty was to be pushed on. */
	boolean stackOverflow() {
		boolean masked = stackUnderflow();
		setC1(true);
		return masked;
	}

	/**
	 * Reports what the operation raised.
	 *
	 * @param memory the destination is in memory: unmasked overflow and underflow leave it as it was
	 * @return whether the destination is to be written
	 */
	boolean report(boolean memory) {
		int raised = rounding.raised;
		int unmasked = raised & ~state.controlWord;
		if ((unmasked & BEFORE) != 0) {
			state.statusWord |= raised & BEFORE;
			summarize();
			return false;
		}
		boolean blocked = memory && (unmasked & AFTER) != 0;
		state.statusWord |= blocked ? raised & ~Rounding.PRECISION : raised;
		if (rounding.roundedUp && !blocked && (raised & Rounding.PRECISION) != 0) {
			setC1(true);
		}
		summarize();
		return !blocked;
	}

	/** Reports, and writes the rounded result to a register unless an exception keeps it from being written. */
	boolean finish(int destination) {
		boolean written = report(false);
		if (written) {
			write(destination, rounding.signAndExponent, rounding.significand);
		}
		return written;
	}

	/** Writes the response to a stack fault. */
	void writeIndefinite(int i) {
		rounding.indefinite();
		write(i, rounding.signAndExponent, rounding.significand);
	}

	/** The kind of tag in the tag word of FNSTENV: 0 valid, 1 zero, 2 special, 3 empty; of a physical register. */
	public int tag(int physical) {
		if ((state.validRegisters >> physical & 1) == 0) {
			return 3;
		}
		a.set(state.signAndExponent[physical], state.significand[physical]);
		return a.isZero() ? 1 : a.kind == Kind.FINITE && !a.denormal ? 0 : 2;
	}
}
