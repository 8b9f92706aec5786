/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.Arrays;

import org.hyperstep.machine.bus.DeviceState;

/** The local vector table: one entry for each row of {@link ApicRegister} from the timer's to the error's. */
final class LocalVectorTable {
	/** Bit 16 of an entry. */
	static final int MASKED = 1 << 16;

	private final int[] entries = new int[1 + index(ApicRegister.LVT_ERROR)];

	private static int index(ApicRegister row) {
		return row.slot() - ApicRegister.LVT_TIMER.slot();
	}

	void reset() {
		Arrays.fill(entries, MASKED);
	}

	int get(ApicRegister row) {
		return entries[index(row)];
	}

	void set(ApicRegister row, int value) {
		entries[index(row)] = value;
	}

	boolean isMasked(ApicRegister row) {
		return (get(row) & MASKED) != 0;
	}

	void maskAll() {
		for (int i = 0; i < entries.length; i++) {
			entries[i] |= MASKED;
		}
	}

	DeviceState state() {
		return new DeviceState().numbers("entries", entries); //$NON-NLS-1$
	}
}
