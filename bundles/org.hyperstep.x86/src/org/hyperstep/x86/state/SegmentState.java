/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.state;

/** A segment register with its hidden part, as the processor holds it after a load. Plain mutable state. */
public final class SegmentState {
	/** The visible selector. */
	public int selector;
	/** Linear base address. */
	public long base;
	/** Highest byte offset, scaled by granularity (32 bits, unsigned). */
	public long limit;
	/**
	 * Access rights in the VMCS format (Intel SDM, "Guest Register State"): type 3:0, S 4, DPL 6:5, P 7, AVL 12, L 13,
	 * D/B 14, G 15, unusable 16.
	 */
	public int accessRights;

	/** Bit 16 of the access rights: loaded with a null selector. */
	public static final int UNUSABLE = 1 << 16;

	/** Copies all parts from {@code other}. */
	public void set(SegmentState other) {
		set(other.selector, other.base, other.limit, other.accessRights);
	}

	/** Sets all parts. */
	public void set(int selector, long base, long limit, int accessRights) {
		this.selector = selector;
		this.base = base;
		this.limit = limit;
		this.accessRights = accessRights;
	}

	public int type() {
		return accessRights & 15;
	}

	public int privilegeLevel() {
		return accessRights >> 5 & 3;
	}

	public boolean present() {
		return (accessRights & 1 << 7) != 0;
	}

	public boolean longMode() {
		return (accessRights & 1 << 13) != 0;
	}

	/** D/B: 32-bit default size, or 32-bit stack. */
	public boolean defaultBig() {
		return (accessRights & 1 << 14) != 0;
	}

	public boolean unusable() {
		return (accessRights & UNUSABLE) != 0;
	}

	/** A readable or writable data segment that expands down. */
	private boolean expandsDown() {
		return (accessRights & 0x1c) == 0x14;
	}

	/**
	 * The limit check outside 64-bit mode.
	 *
	 * @param offset offset of the first byte, at most 32 bits
	 * @param size   bytes, at least 1
	 */
	public boolean covers(long offset, int size) {
		long last = offset + size - 1;
		if (expandsDown()) {
			return offset > limit && last <= (defaultBig() ? 0xffff_ffffL : 0xffffL);
		}
		return last <= limit;
	}
}
