/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.eclipse.jdt.annotation.Nullable;

/**
 * An immutable set of marks. The processor stops before it executes a marked instruction, after all events of higher
 * priority were taken, without any effect that the guest could see.
 */
public final class ExecutionObserver {
	private final long[] linear;
	private final long[] hostPhysical;

	/**
	 * Makes a set of marks.
	 *
	 * @param linear       linear addresses (RIP plus CS base) of instructions
	 * @param hostPhysical hostPhysical addresses of the first bytes of instructions
	 */
	public ExecutionObserver(long[] linear, long[] hostPhysical) {
		this.linear = linear.clone();
		this.hostPhysical = hostPhysical.clone();
		Arrays.sort(this.linear);
		Arrays.sort(this.hostPhysical);
	}

	/** Whether the instruction at these addresses is marked. */
	public boolean marks(long linearAddress, long hostPhysicalAddress) {
		return Arrays.binarySearch(linear, linearAddress) >= 0
				|| Arrays.binarySearch(hostPhysical, hostPhysicalAddress) >= 0;
	}

	/** Offsets in their pages of the marks that only one of two sets has. */
	static int[] changedPageOffsets(@Nullable ExecutionObserver before, @Nullable ExecutionObserver after) {
		return IntStream.concat(before == null ? IntStream.empty() : before.without(after),
				after == null ? IntStream.empty() : after.without(before)).distinct().toArray();
	}

	private IntStream without(@Nullable ExecutionObserver other) {
		return LongStream.concat(
				Arrays.stream(linear).filter(mark -> other == null || Arrays.binarySearch(other.linear, mark) < 0),
				Arrays.stream(hostPhysical)
						.filter(mark -> other == null || Arrays.binarySearch(other.hostPhysical, mark) < 0))
				.mapToInt(mark -> (int) mark & 4095);
	}

	/** Whether some mark has this offset in its page: whether an instruction there must begin a block of its own. */
	boolean mayMark(int offsetInPage) {
		for (long address : linear) {
			if ((address & 0xfff) == offsetInPage) {
				return true;
			}
		}
		for (long address : hostPhysical) {
			if ((address & 0xfff) == offsetInPage) {
				return true;
			}
		}
		return false;
	}
}
