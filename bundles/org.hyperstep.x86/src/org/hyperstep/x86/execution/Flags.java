/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.Slots.CARRIES;
import static org.hyperstep.x86.execution.Slots.RESULT;
import static org.hyperstep.x86.state.CpuState.AF;
import static org.hyperstep.x86.state.CpuState.CF;
import static org.hyperstep.x86.state.CpuState.OF;
import static org.hyperstep.x86.state.CpuState.PF;
import static org.hyperstep.x86.state.CpuState.SF;
import static org.hyperstep.x86.state.CpuState.ZF;

/**
 * The six status flags, kept lazily in two slots.
 * <p>
 * RESULT is the result sign-extended from its width: ZF is its being zero, SF its sign, PF the parity of its low byte.
 * CARRIES holds the carry out of the most significant bit in bit 63 (CF), the carry into it in bit 62 (OF is their
 * difference) and the carry out of bit 3 in bit 3 (AF). Two more bits let any combination be loaded: bit 1 inverts SF,
 * bit 2 inverts PF; operations leave them zero.
 */
public final class Flags {
	/** All status flags. */
	public static final long STATUS = CF | PF | AF | ZF | SF | OF;
	/** The bits of CARRIES that a 64-bit operation keeps of its carries. */
	static final long KEPT_CARRIES = 3L << 62 | 8;
	static final long INVERT_SF = 2, INVERT_PF = 4, CARRY_OUT = 1L << 63, CARRY_IN = 1L << 62, AUXILIARY = 8;

	private Flags() {
	}

	/** The status flags as they stand in RFLAGS. */
	public static long get(long[] g) {
		long result = g[RESULT];
		long carries = g[CARRIES];
		return carries >>> 63 | (parity(result, carries) ? PF : 0) | (carries & AUXILIARY) << 1
				| (result == 0 ? ZF : 0) | (result ^ carries << 62) >>> 63 << 7
				| (carries ^ carries << 1) >>> 63 << 11;
	}

	/** Loads the status flags from a value of RFLAGS. */
	public static void set(long[] g, long rflags) {
		boolean zero = (rflags & ZF) != 0;
		long overflow = rflags >>> 11 & 1;
		g[RESULT] = zero ? 0 : 1;
		g[CARRIES] = rflags << 63 | ((rflags ^ overflow) & 1) << 62 | (rflags & AF) >>> 1
				| ((rflags & SF) != 0 ? INVERT_SF : 0) | ((rflags & PF) != 0 == zero ? 0 : INVERT_PF);
	}

	/** Replaces CF alone. */
	static void setCarry(long[] g, boolean carry) {
		long carries = g[CARRIES];
		if (carries < 0 != carry) {
			g[CARRIES] = carries ^ 3L << 62;
		}
	}

	/** CARRIES for a given CF and OF, with AF clear. */
	static long carries(boolean carry, boolean overflow) {
		return (carry ? CARRY_OUT : 0) | (carry != overflow ? CARRY_IN : 0);
	}

	/** Whether the condition 0 to 15 holds (Intel SDM, "EFLAGS Condition Codes"). */
	public static boolean condition(long[] g, int condition) {
		return condition(g[RESULT], g[CARRIES], condition);
	}

	/** As {@link #condition(long[], int)}, of lazy flags that are at hand. */
	static boolean condition(long result, long carries, int condition) {
		boolean holds = switch (condition >> 1) {
			case 0 -> (carries ^ carries << 1) < 0;
			case 1 -> carries < 0;
			case 2 -> result == 0;
			case 3 -> carries < 0 || result == 0;
			case 4 -> (result ^ carries << 62) < 0;
			case 5 -> parity(result, carries);
			case 6 -> less(result, carries);
			default -> result == 0 || less(result, carries);
		};
		return holds != ((condition & 1) != 0);
	}

	/** SF differs from OF. */
	static boolean less(long result, long carries) {
		return (result ^ carries << 62 ^ carries ^ carries << 1) < 0;
	}

	/** PF. */
	static boolean parity(long result, long carries) {
		return ((Integer.bitCount((int) result & 0xff) ^ (int) carries >> 2) & 1) == 0;
	}
}
