/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/** Sections of the TLB: an access's rights beyond its page. The values are offsets into the TLB's arrays. */
final class Privilege {
	/** CPL 0 to 2 and the processor's own accesses; SMAP applies. */
	static final int SUPERVISOR = 0;
	/** CPL 3. */
	static final int USER = 1 << Tlb.INDEX_BITS;
	/** CPL 0 to 2 with RFLAGS.AC set: SMAP is suspended. */
	static final int SUPERVISOR_SMAP_SUSPENDED = 2 << Tlb.INDEX_BITS;
	/** CPL 3 with alignment checking on: every access takes the slow path. */
	static final int USER_ALIGNED = 3 << Tlb.INDEX_BITS;

	private Privilege() {
	}

	static boolean user(int section) {
		return (section & USER) != 0;
	}
}
