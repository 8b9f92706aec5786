/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

import org.hyperstep.x86.memory.PhysicalMemory;

/** The A20 gate, which several controllers open: it is closed when none of them has it open. */
public final class AddressLine20 {
	private final PhysicalMemory memory;
	private int sources;
	/** One bit a source that has it open. */
	private int open;

	public AddressLine20(PhysicalMemory memory) {
		this.memory = memory;
	}

	/** A new source; asserted is open. */
	public InterruptLine source() {
		int bit = 1 << sources++;
		return asserted -> {
			open = asserted ? open | bit : open & ~bit;
			memory.setAddressLine20(open != 0);
		};
	}
}
