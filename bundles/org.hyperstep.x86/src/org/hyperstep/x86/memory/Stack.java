/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/**
 * A stack in use by an instruction or an event delivery that pushes or pops several items: RSP is committed by the
 * caller when nothing can fault any more.
 */
public final class Stack {
	private final CpuState state;
	private final Mmu mmu;
	private final GuestFault fault;
	private final SegmentState segment = new SegmentState();
	private int level;
	private int faultCode;
	private boolean limited;
	private long mask;
	/** The stack pointer, whole register. */
	private long pointer;

	/** Makes a stack of one processor. */
	public Stack(CpuState state, Mmu mmu, GuestFault fault) {
		this.state = state;
		this.mmu = mmu;
		this.fault = fault;
	}

	/** Opens the present stack. */
	public void open() {
		open(state.segments[CpuState.SS], state.general[CpuState.RSP], state.cpl, state.in64BitMode(), 0);
	}

	/**
	 * Opens a stack.
	 *
	 * @param ss        its segment; copied
	 * @param rsp       its pointer
	 * @param privilege accesses have the rights of this level
	 * @param is64Bit   64-bit mode: base and limit do not count
	 * @param code      error code of the #SS that a limit violation raises
	 */
	public void open(SegmentState ss, long rsp, int privilege, boolean is64Bit, int code) {
		if (!is64Bit) {
			segment.set(ss);
		}
		pointer = rsp;
		level = privilege;
		faultCode = code;
		limited = !is64Bit;
		mask = is64Bit ? -1L : ss.defaultBig() ? 0xffff_ffffL : 0xffff;
	}

	/** Pushes the low {@code size} bytes of {@code value}. */
	public void push(int size, long value) {
		long offset = pointer - size & mask;
		mmu.writeAt(level, linear(offset, size), size, value);
		pointer = pointer & ~mask | offset;
	}

	/** Pops {@code size} bytes, zero-extended. */
	public long pop(int size) {
		long offset = pointer & mask;
		long value = mmu.readAt(level, linear(offset, size), size);
		pointer = pointer & ~mask | offset + size & mask;
		return value;
	}

	/** Releases bytes, as RET with an immediate does. */
	public void release(long bytes) {
		pointer = pointer & ~mask | pointer + bytes & mask;
	}

	private long linear(long offset, int size) {
		if (!limited) {
			if (!mmu.canonical(offset) || !mmu.canonical(offset + size - 1)) {
				throw fault.stackFault(faultCode);
			}
			return offset;
		}
		if (!segment.covers(offset, size)) {
			throw fault.stackFault(faultCode);
		}
		return segment.base + offset & 0xffff_ffffL;
	}

	/** The whole stack pointer register as it is now. */
	public long pointer() {
		return pointer;
	}
}
