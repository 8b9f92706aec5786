/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;

import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.Tlb;

/** Copies and fills within pages that the TLB's fast path serves. What it cannot do it leaves undone and says so. */
final class BlockTransfer {
	private final Mmu mmu;

	BlockTransfer(Mmu mmu) {
		this.mmu = mmu;
	}

	private int entry(long linear) {
		return (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | mmu.section;
	}

	/** Elements from {@code linear} to the end of its page. */
	private static long inPage(long linear, int size) {
		return (4096 - (linear & 4095)) / size;
	}

	/** Stores up to {@code most} elements of the value's low bytes. Returns how many. */
	long fill(long to, long value, int size, long most) {
		Tlb tlb = mmu.tlb;
		int e = entry(to);
		long count = Math.min(most, inPage(to, size));
		if (tlb.writeTag[e] != (to & Tlb.PAGE_MASK) || count == 0) {
			return 0;
		}
		byte[] bytes = tlb.bank[e];
		int start = tlb.origin[e] + ((int) to & 4095);
		int end = start + (int) count * size;
		byte low = (byte) value;
		if (size == 1 || value == 0) {
			Arrays.fill(bytes, start, end, low);
		} else {
			for (int at = start; at < end; at += size) {
				LittleEndian.set(bytes, at, size, value);
			}
		}
		return count;
	}

	/** Copies up to {@code most} elements. Returns how many: none where the elements copied would be copied again. */
	long copy(long from, long to, int size, long most) {
		Tlb tlb = mmu.tlb;
		int f = entry(from);
		int t = entry(to);
		long count = Math.min(most, Math.min(inPage(from, size), inPage(to, size)));
		if (count == 0 || tlb.readTag[f] != (from & Tlb.PAGE_MASK) || tlb.writeTag[t] != (to & Tlb.PAGE_MASK)) {
			return 0;
		}
		int length = (int) count * size;
		int source = tlb.origin[f] + ((int) from & 4095);
		int destination = tlb.origin[t] + ((int) to & 4095);
		if (tlb.bank[f] == tlb.bank[t] && destination > source && destination < source + length) {
			return 0;
		}
		System.arraycopy(tlb.bank[f], source, tlb.bank[t], destination, length);
		return count;
	}
}
