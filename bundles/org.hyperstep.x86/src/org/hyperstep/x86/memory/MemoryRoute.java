/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.virtualization.Interception;

/**
 * Where the chip set leads accesses that processors and devices make to a range of addresses: memory that shows at other
 * addresses than its own, or differently for reads, writes and system-management mode. Targets are not routed again.
 *
 * @param base           hostPhysical address of the range, a multiple of 4096
 * @param size           bytes, a multiple of 4096
 * @param fetchTarget    where instruction fetches from the first byte go, a multiple of 4096
 * @param readTarget     where reads go
 * @param writeTarget    where writes go
 * @param managementOnly only for processors in system-management mode
 */
public record MemoryRoute(long base, long size, long fetchTarget, long readTarget, long writeTarget,
		boolean managementOnly) {
	/** A target where nothing is: reads as ones, drops writes. */
	public static final long NOWHERE = 1L << 43;

	/**
	 * @throws IllegalArgumentException if the range or a target is not made of pages
	 */
	public MemoryRoute {
		if (((base | size | fetchTarget | readTarget | writeTarget) & (1 << Tlb.PAGE_SHIFT) - 1) != 0 || size <= 0) {
			throw new IllegalArgumentException("a route that is not made of pages at " + Long.toHexString(base)); //$NON-NLS-1$
		}
	}

	/** Memory that shows at another place, too. */
	public static MemoryRoute window(long base, long size, long target) {
		return new MemoryRoute(base, size, target, target, target, false);
	}

	/** Memory that is read, executed included, at one place and written at another. */
	public static MemoryRoute split(long base, long size, long readTarget, long writeTarget) {
		return new MemoryRoute(base, size, readTarget, readTarget, writeTarget, false);
	}

	boolean takes(long hostPhysical, boolean inManagementMode) {
		return Long.compareUnsigned(hostPhysical - base, size) < 0 && (inManagementMode || !managementOnly);
	}

	/** Where an access goes; {@code access} as in {@link Interception}. */
	long target(long hostPhysical, int access) {
		long target = (access & Interception.WRITE) != 0 ? writeTarget
				: access == Interception.EXECUTE ? fetchTarget : readTarget;
		return target + hostPhysical - base;
	}
}
