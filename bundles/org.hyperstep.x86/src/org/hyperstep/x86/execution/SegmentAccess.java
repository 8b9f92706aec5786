/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** Offsets to linear addresses: segment bases, limits and types (Intel SDM, "Protected-Mode Exceptions" of segments). */
public final class SegmentAccess {
	private static final int CODE = 8, EXPAND_DOWN = 4, WRITABLE_OR_READABLE = 2;

	private final Processor processor;
	private final CpuState state;

	/** Makes the segment checks of one processor. */
	public SegmentAccess(Processor processor) {
		this.processor = processor;
		state = processor.state();
	}

	/**
	 * The linear address of an access, after its checks.
	 *
	 * @param number segment register as in CpuState
	 * @param offset truncated to the address size
	 * @param size   bytes
	 * @throws GuestFault #GP(0), or #SS(0) where the segment is SS
	 */
	public long linear(int number, long offset, int size, boolean write) {
		SegmentState segment = state.segments[number];
		if (state.in64BitMode()) {
			return number == CpuState.FS || number == CpuState.GS ? segment.base + offset : offset;
		}
		if (!permits(segment, write) || !inLimit(segment, offset, size)) {
			throw number == CpuState.SS ? processor.fault().stackFault(0) : processor.fault().generalProtection(0);
		}
		return segment.base + offset & 0xffff_ffffL;
	}

	/** Type checks; real mode has none, and its segments are loaded as writable data. */
	private boolean permits(SegmentState segment, boolean write) {
		if (!state.protectedMode() || state.virtual8086()) {
			return true;
		}
		int type = segment.type();
		if (segment.unusable()) {
			return false;
		}
		if ((type & CODE) != 0) {
			return !write && (type & WRITABLE_OR_READABLE) != 0;
		}
		return !write || (type & WRITABLE_OR_READABLE) != 0;
	}

	private static boolean inLimit(SegmentState segment, long offset, int size) {
		long last = offset + size - 1;
		if ((segment.type() & (CODE | EXPAND_DOWN)) == EXPAND_DOWN) {
			return offset > segment.limit && last <= (segment.defaultBig() ? 0xffff_ffffL : 0xffff);
		}
		return last <= segment.limit;
	}
}
