/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pair of guests shows each difference of memory, and begins anew with each program. */
class GuestPairTest {
	/** Where no program stores; where they have their data. */
	private static final long UNUSED = 0x18_0123, DATA = 0x20_0040;

	private final GeneratedProgram program = new GeneratedProgram(ProgramKind.LONG_USER, 3, 5, false);
	private final GuestPair pair = new GuestPair(StepCase.SVM_RFLAGS_TF, ProgramKind.LONG_USER);

	@BeforeEach
	void loadAndCompareOnce() {
		pair.load(program);
		assertEquals(-1, pair.memoryDifference());
		pair.load(program);
	}

	private static void store(BareGuest guest, long address) {
		guest.machine.physicalMemory().write(address, 1, 0x55);
	}

	@Test
	void storeOfOneGuestWhereProgramsStoreIsSeenAtOnce() {
		store(pair.free, DATA);
		store(pair.stepped, DATA);
		assertEquals(-1, pair.memoryDifference());
		assertEquals(-1, pair.differenceInAll());
		pair.load(program);
		store(pair.stepped, DATA);
		assertEquals(DATA, pair.memoryDifference());
	}

	@Test
	void storeOfOneGuestAnywhereIsSeenWhenAllIsCompared() {
		store(pair.free, UNUSED);
		assertEquals(UNUSED, pair.differenceInAll());
	}

	@Test
	void loadingBringsBackWhatProgramsHaveChanged() {
		store(pair.free, DATA);
		store(pair.stepped, DATA);
		assertEquals(-1, pair.differenceInAll());
		pair.load(program);
		assertEquals(0, pair.free.machine.physicalMemory().read(DATA, 1));
		assertEquals(0, pair.stepped.machine.physicalMemory().read(DATA, 1));
	}
}
