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
	/** Where pages are that the machine keeps, too; beyond what any area takes. */
	private static final long SHARED = BASE + (1L << 32);

	private final PhysicalMemory memory;
	private final long end;
	private long next = BASE;
	private long nextShared = SHARED;

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

	/** Takes a page that begins as a copy of another one. */
	long takeCopy(long page) {
		long copy = take(1);
		for (int i = 0; i < PAGE; i += 8) {
			write64(copy + i, read64(page + i));
		}
		return copy;
	}

	/** Makes a page that the machine keeps reachable for the hardware; returns its hostPhysical address. */
	long share(byte[] page) {
		long address = nextShared;
		memory.addSharedRam(address, page);
		nextShared += page.length;
		return address;
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
