/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;

/** Looks up the guest's paging structures as a debugger must: without effects, permissions and reserved bits. */
final class QuietWalk {
	private static final long FRAME = 0x000f_ffff_ffff_f000L;
	private static final int PRESENT = 1, LARGE = 1 << 7;
	private static final long NOTHING = -1;

	private QuietWalk() {
	}

	/** The hostPhysical address, or -1. */
	static long translate(CpuState state, PhysicalMemory memory, Interception context, long linear) {
		boolean longMode = (state.efer & 1 << 10) != 0;
		long guestPhysical;
		if ((state.cr0 & 1L << 31) == 0) {
			guestPhysical = linear & 0xffff_ffffL;
		} else if ((state.cr4 & 1 << 5) == 0) {
			guestPhysical = twoLevels(state, memory, context, linear);
		} else if (longMode) {
			int levels = (state.cr4 & 1 << 12) == 0 ? 4 : 5;
			guestPhysical = levels(memory, context, state.cr3 & FRAME, levels, linear);
		} else {
			long pointer = state.pdpte[(int) (linear >>> 30) & 3];
			guestPhysical = (pointer & PRESENT) == 0 ? NOTHING
					: levels(memory, context, pointer & FRAME, 2, linear & 0xffff_ffffL);
		}
		long host = guestPhysical == NOTHING ? NOTHING : context.translateForDebugger(guestPhysical);
		return host == NOTHING ? NOTHING : memory.wired(host, Interception.READ, state.inSystemManagementMode);
	}

	private static long levels(PhysicalMemory memory, Interception context, long table, int levels, long linear) {
		long next = table;
		for (int level = levels; level > 0; level--) {
			int shift = 3 + level * 9;
			long entry = read(memory, context, next + (linear >>> shift - 3 & 0xff8), 8);
			if ((entry & PRESENT) == 0) {
				return NOTHING;
			}
			if (level == 1 || level < 4 && (entry & LARGE) != 0) {
				return entry & FRAME & -1L << shift | linear & (1L << shift) - 1;
			}
			next = entry & FRAME;
		}
		return NOTHING;
	}

	private static long twoLevels(CpuState state, PhysicalMemory memory, Interception context, long linear) {
		long entry = read(memory, context, (state.cr3 & 0xffff_f000L) + (linear >>> 20 & 0xffc), 4);
		if ((entry & PRESENT) == 0) {
			return NOTHING;
		}
		if ((entry & LARGE) != 0 && (state.cr4 & 1 << 4) != 0) {
			return entry & 0xffc0_0000L | (entry >>> 13 & 0xff) << 32 | linear & 0x3f_ffff;
		}
		entry = read(memory, context, (entry & 0xffff_f000L) + (linear >>> 10 & 0xffc), 4);
		return (entry & PRESENT) == 0 ? NOTHING : entry & 0xffff_f000L | linear & 0xfff;
	}

	/** An entry in RAM; anything else counts as not present. */
	private static long read(PhysicalMemory memory, Interception context, long guestPhysical, int size) {
		long host = context.translateForDebugger(guestPhysical);
		RamBank bank = host == NOTHING ? null : memory.bankAt(host);
		return bank == null ? 0 : LittleEndian.get(bank.bytes, bank.offset(host), size);
	}
}
