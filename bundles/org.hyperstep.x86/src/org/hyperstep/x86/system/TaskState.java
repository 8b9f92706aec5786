/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;

/** The dynamic fields of one task-state segment ("Task-State Segment (TSS)" and "16-Bit Task-State Segment"). */
final class TaskState {
	private static final int CR3 = 28, DEBUG_TRAP = 100, SEGMENTS = 6;
	/** The order of segment selectors in both formats. */
	private static final int[] ORDER = { CpuState.ES, CpuState.CS, CpuState.SS, CpuState.DS, CpuState.FS, CpuState.GS };

	private final Mmu mmu;
	private long base;
	private boolean wide;

	final int[] selectors = new int[SEGMENTS];
	final long[] general = new long[8];
	int ldt;
	long eip;
	long flags;
	long cr3;
	/** T: a debug trap when the task is switched to. */
	boolean debugTrap;

	TaskState(Mmu mmu) {
		this.mmu = mmu;
	}

	/** Which TSS this is; {@code type} as in its descriptor. */
	void locate(long linearBase, int type) {
		base = linearBase;
		wide = (type & 8) != 0;
	}

	/** The least limit of a TSS of the type. */
	static int leastLimit(int type) {
		return (type & 8) != 0 ? 0x67 : 0x2b;
	}

	private int size() {
		return wide ? 4 : 2;
	}

	/** EIP; EFLAGS, the general registers, the selectors and LDTR follow in this order. */
	private int firstField() {
		return wide ? 32 : 14;
	}

	private int savedSelectors() {
		return wide ? SEGMENTS : 4;
	}

	private long linear(int offset) {
		return base + offset & 0xffff_ffffL;
	}

	private long read(int offset, int size) {
		return mmu.readSupervisor(linear(offset), size);
	}

	/** Faults where saving the task would. */
	void requireSavable() {
		int first = firstField();
		mmu.requireSupervisor(linear(first), (10 + savedSelectors()) * size(), Interception.WRITE);
	}

	/** Faults where loading the task, or writing its link, would. */
	void requireLoadable(boolean link) {
		mmu.requireSupervisor(linear(0), wide ? 104 : 44, Interception.READ);
		if (link) {
			mmu.requireSupervisor(linear(0), 2, Interception.WRITE);
		}
	}

	int link() {
		return (int) read(0, 2);
	}

	void setLink(int selector) {
		mmu.writeSupervisor(linear(0), 2, selector);
	}

	void save(CpuState state, long returnEip, long returnFlags) {
		int size = size();
		int at = firstField();
		mmu.writeSupervisor(linear(at), size, returnEip);
		mmu.writeSupervisor(linear(at += size), size, returnFlags);
		for (int i = 0; i < 8; i++) {
			mmu.writeSupervisor(linear(at += size), size, state.general[i]);
		}
		for (int i = 0; i < savedSelectors(); i++) {
			mmu.writeSupervisor(linear(at += size), 2, state.segments[ORDER[i]].selector);
		}
	}

	/** Reads all fields. A 16-bit TSS has neither FS nor GS nor CR3: they become null, and CR3 stays. */
	void load(CpuState state) {
		int size = size();
		int at = firstField();
		eip = read(at, size);
		flags = read(at += size, size);
		for (int i = 0; i < 8; i++) {
			// The upper halves are ones, as on every processor since the 80386.
			general[i] = read(at += size, size) | (wide ? 0 : 0xffff_0000L);
		}
		for (int i = 0; i < SEGMENTS; i++) {
			selectors[ORDER[i]] = i < savedSelectors() ? (int) read(at += size, 2) : 0;
		}
		ldt = (int) read(at + size, 2);
		cr3 = wide ? read(CR3, 4) : state.cr3;
		debugTrap = wide && (read(DEBUG_TRAP, 2) & 1) != 0;
	}
}
