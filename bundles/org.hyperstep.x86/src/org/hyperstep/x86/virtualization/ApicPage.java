/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * Where translations to the registers of a virtualized APIC lead: a page of the processor's own at a hostPhysical
 * address that nothing
 * else has. It is made when it is needed first.
 */
public final class ApicPage implements MmioDevice {
	/** Beyond every machine's memory and devices. */
	private static final long BASE = 1L << 44;

	private final PhysicalMemory memory;
	private final long page;
	private @Nullable MmioDevice target;

	/** Makes the page of the processor with this APIC ID. */
	public ApicPage(PhysicalMemory memory, int apicId) {
		this.memory = memory;
		page = BASE + (long) apicId * 4096;
	}

	/** The hostPhysical address, for accesses of {@code guest}. */
	public long page(MmioDevice guest) {
		if (target == null) {
			memory.addDevice(page, 4096, this);
		}
		target = guest;
		return page;
	}

	@Override
	public long read(long offset, int size) {
		MmioDevice device = target;
		return device == null ? -1 : device.read(offset, size);
	}

	@Override
	public void write(long offset, int size, long value) {
		MmioDevice device = target;
		if (device != null) {
			device.write(offset, size, value);
		}
	}
}
