/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * Where translations to the registers of a virtualized APIC lead: pages of the processor's own at hostPhysical addresses
 * that nothing else has, one for the bottom's guest and one for the guest of a guest hypervisor. They are made when they
 * are needed first.
 */
public final class ApicPage {
	/** Beyond every machine's memory and devices. */
	private static final long BASE = 1L << 44;
	private static final long SIZE = 4096;

	/** The page of one level: the registers are those of the guest that used it last. */
	private static final class Page implements MmioDevice {
		private final long address;
		private @Nullable MmioDevice target;

		Page(long address) {
			this.address = address;
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

	private final PhysicalMemory memory;
	private final Page bottom;
	private final Page inner;

	/** Makes the pages of the processor with this APIC ID. */
	public ApicPage(PhysicalMemory memory, int apicId) {
		this.memory = memory;
		bottom = new Page(BASE + 2 * SIZE * apicId);
		inner = new Page(bottom.address + SIZE);
	}

	/**
	 * The hostPhysical address, for accesses of {@code guest}; translations to it lead to this guest's registers then.
	 *
	 * @param signal what exits of the guest throw: it tells the level
	 */
	public long page(MmioDevice guest, VmExit signal) {
		Page page = signal == VmExit.INNER ? inner : bottom;
		if (page.target == null) {
			memory.addDevice(page.address, SIZE, page);
		}
		page.target = guest;
		return page.address;
	}
}
