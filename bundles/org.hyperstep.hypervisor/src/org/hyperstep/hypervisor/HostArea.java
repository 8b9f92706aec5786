/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * Memory of the hypervisor's own, at hostPhysical addresses that no guest's second-level translation reaches: paging
 * structures of EPT and NPT, bitmaps. Handed out page by page, never given back.
 */
final class HostArea {
	/** Where it begins. */
	static final long BASE = 1L << 40;
	static final int PAGE = 4096;

	private final PhysicalMemory memory;
	private final long end;
	private long next = BASE;

	HostArea(PhysicalMemory memory, int pages) {
		this.memory = memory;
		memory.addRam(BASE, (long) pages * PAGE);
		end = BASE + (long) pages * PAGE;
	}

	/** Takes so many adjacent pages, filled with zeros; returns the hostPhysical address of the first. */
	long take(int pages) {
		long page = next;
		next += (long) pages * PAGE;
		if (next > end) {
			throw new IllegalStateException("the hypervisor's own memory is used up"); //$NON-NLS-1$
		}
		return page;
	}

	void write64(long hostPhysical, long value) {
		memory.write(hostPhysical, 8, value);
	}

	long read64(long hostPhysical) {
		return memory.read(hostPhysical, 8);
	}

	/** Fills pages with ones. */
	void fillOnes(long hostPhysical, int pages) {
		for (long at = hostPhysical; at < hostPhysical + (long) pages * PAGE; at += 8) {
			memory.write(at, 8, -1L);
		}
	}

	void setBit(long bitmap, int number, boolean value) {
		long at = bitmap + (number >> 3);
		long bits = memory.read(at, 1);
		memory.write(at, 1, value ? bits | 1L << (number & 7) : bits & ~(1L << (number & 7)));
	}
}
