/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.state.CpuState;

/**
 * Breakpoints of DR0 to DR3 as DR7 arms them. Matches of data and I/O accumulate in {@link #met} until the instruction
 * completes, when the event arbiter makes them pending debug exceptions (they are traps), or faults, when they are lost.
 */
public final class Breakpoints {
	private static final int EXECUTION = 0, WRITES = 1, IO = 2, READS_AND_WRITES = 3;

	private final CpuState state;
	/** Bits 3:0: breakpoints that the instruction in progress has met. */
	public int met;
	/** Bits 3:0: breakpoints on data or I/O that DR7 enables. */
	private int armed;
	private boolean dataArmed;

	Breakpoints(CpuState state) {
		this.state = state;
	}

	/** DR7 or DR0 to DR3 changed. The TLB must be flushed where {@link #dataArmed} was or is set. */
	void refresh() {
		armed = 0;
		dataArmed = false;
		for (int i = 0; i < 4; i++) {
			int condition = condition(i);
			if (enabled(state.dr7, i) && condition != EXECUTION) {
				armed |= 1 << i;
				dataArmed |= condition != IO;
			}
		}
	}

	/** Whether DR7 enables breakpoint {@code index}, locally or globally. */
	private static boolean enabled(long dr7, int index) {
		return (dr7 >>> (index << 1) & 3) != 0;
	}

	private int condition(int index) {
		return (int) (state.dr7 >>> 16 + (index << 2)) & 3;
	}

	/** Length in bytes; the code 2 means 8. */
	private int length(int index) {
		int code = (int) (state.dr7 >>> 18 + (index << 2)) & 3;
		return code == 2 ? 8 : code + 1;
	}

	boolean dataArmed() {
		return dataArmed;
	}

	/** Whether some data breakpoint lies in the page. */
	boolean inPage(long linear) {
		for (int i = 0; i < 4; i++) {
			if ((armed >>> i & 1) != 0 && condition(i) != IO
					&& ((state.breakpointAddress[i] ^ linear) & Tlb.PAGE_MASK) == 0) {
				return true;
			}
		}
		return false;
	}

	void noteData(long linear, int size, boolean write) {
		for (int i = 0; i < 4; i++) {
			if ((armed >>> i & 1) != 0 && (condition(i) == READS_AND_WRITES || write && condition(i) == WRITES)
					&& overlaps(i, linear, size)) {
				met |= 1 << i;
			}
		}
	}

	/** Bits 3:0: enabled breakpoints on the execution of the instruction at a linear address. */
	public int onExecution(long linear) {
		int here = 0;
		for (int i = 0; i < 4; i++) {
			if (condition(i) == EXECUTION && enabled(state.dr7, i) && state.breakpointAddress[i] == linear) {
				here |= 1 << i;
			}
		}
		return here;
	}

	/** Notes an access to {@code size} ports: I/O breakpoints need CR4.DE. */
	public void notePort(int port, int size) {
		if (armed == 0 || (state.cr4 & 1 << 3) == 0) {
			return;
		}
		for (int i = 0; i < 4; i++) {
			if ((armed >>> i & 1) != 0 && condition(i) == IO && overlaps(i, port, size)) {
				met |= 1 << i;
			}
		}
	}

	/** The low bits of the breakpoint's address that its length covers are ignored. */
	private boolean overlaps(int index, long first, int size) {
		int length = length(index);
		long start = state.breakpointAddress[index] & -length;
		return Long.compareUnsigned(first, start + length) < 0 && Long.compareUnsigned(start, first + size) < 0;
	}
}
