/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.BitSet;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.MemoryImage;
import org.hyperstep.selftest.guest.StepCase;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * Two guests of a column that execute program after program. What they remember of earlier ones (blocks, translations) is
 * there to be mistaken for the present; what a program can see begins anew with each.
 */
final class GuestPair {
	/** Programs that are compared in the pages that programs use before all memory is compared. */
	private static final int FULL_LOOK = 32;

	final BareGuest stepped;
	final BareGuest free;
	/** What memory held when the last program was loaded, but for what the program and its loading have changed since. */
	private @Nullable MemoryImage image;
	private final BitSet changed = new BitSet();
	/** Pages that some program or image has used. */
	private final BitSet used = new BitSet();
	private int looks;

	GuestPair(StepCase column, ProgramKind kind) {
		stepped = new BareGuest(column, kind.mode(), ""); //$NON-NLS-1$
		free = new BareGuest(column, kind.mode(), ""); //$NON-NLS-1$
	}

	/** Loads a program into both. The one before must have been compared at its end. */
	void load(GeneratedProgram program) {
		MemoryImage next = program.kind().image();
		if (next != image) {
			used.or(next.used());
		}
		restore(stepped, next);
		restore(free, next);
		image = next;
		changed.clear();
		program.load(stepped);
		program.load(free);
	}

	private void restore(BareGuest guest, MemoryImage next) {
		PhysicalMemory memory = guest.machine.physicalMemory();
		MemoryImage before = image;
		if (before == null) {
			next.restore(memory);
		} else {
			next.restore(memory, before, changed);
		}
	}

	/**
	 * Compares memory at a program's end; the address of the first byte that differs, or -1. Where no program has been
	 * before, a store stays until all memory is compared: after the first program, every so many, and at the end.
	 */
	long memoryDifference() {
		return looks++ % FULL_LOOK == 0 ? differenceInAll() : difference(used);
	}

	/** Compares all memory. */
	long differenceInAll() {
		long address = difference(image().all());
		used.or(changed);
		return address;
	}

	private long difference(BitSet where) {
		return image().difference(stepped.machine.physicalMemory(), free.machine.physicalMemory(), where, changed);
	}

	/** Whether there was a program. */
	boolean loaded() {
		return image != null;
	}

	private MemoryImage image() {
		MemoryImage last = image;
		if (last == null) {
			throw new IllegalStateException("no program was loaded"); //$NON-NLS-1$
		}
		return last;
	}
}
