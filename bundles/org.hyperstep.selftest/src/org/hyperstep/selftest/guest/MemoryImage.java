/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest.guest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.RamBank;

/**
 * What all RAM of a guest held at one time, page by page: guests of the same make are compared with it and brought back to
 * it. Immutable; any thread.
 */
@SuppressWarnings("nls")
public final class MemoryImage {
	private static final int PAGE = 4096;
	/** In the place of pages of zeros, so that comparing with them stays in the host's nearest cache. */
	private static final byte[] ZEROS = new byte[PAGE];

	private final long[] addresses;
	private final byte[][] pages;

	private MemoryImage(long[] addresses, byte[][] pages) {
		this.addresses = addresses;
		this.pages = pages;
	}

	/** What a machine's RAM holds now. */
	public static MemoryImage of(Machine machine) {
		PhysicalMemory memory = machine.physicalMemory();
		List<Long> addresses = new ArrayList<>();
		List<byte[]> pages = new ArrayList<>();
		for (MemoryMap.Range range : machine.memoryMap().ram()) {
			for (long at = range.start(); at < range.start() + range.size(); at += PAGE) {
				byte[] page = new byte[PAGE];
				memory.copyOut(at, page, 0, PAGE);
				addresses.add(at);
				pages.add(Arrays.equals(page, ZEROS) ? ZEROS : page);
			}
		}
		return new MemoryImage(addresses.stream().mapToLong(Long::longValue).toArray(), pages.toArray(byte[][]::new));
	}

	/** Makes all RAM of a machine of the same make what it was. */
	public void restore(PhysicalMemory memory) {
		for (int i = 0; i < pages.length; i++) {
			memory.copyIn(addresses[i], pages[i], 0, PAGE);
		}
	}

	/**
	 * Makes RAM what it was, where it held what another image has but for some pages.
	 *
	 * @param before  the other image, of a machine of the same make
	 * @param changed numbers of the pages that are not as the other image has them
	 */
	public void restore(PhysicalMemory memory, MemoryImage before, BitSet changed) {
		for (int i = 0; i < pages.length; i++) {
			if (changed.get(i) || pages[i] != before.pages[i] && !Arrays.equals(pages[i], before.pages[i])) {
				memory.copyIn(addresses[i], pages[i], 0, PAGE);
			}
		}
	}

	/** Numbers of the pages that hold something. */
	public BitSet used() {
		BitSet used = new BitSet();
		for (int i = 0; i < pages.length; i++) {
			used.set(i, pages[i] != ZEROS);
		}
		return used;
	}

	/** Numbers of all pages. */
	public BitSet all() {
		BitSet all = new BitSet();
		all.set(0, pages.length);
		return all;
	}

	/**
	 * Compares RAM of two machines of the same make.
	 *
	 * @param where   numbers of the pages to compare
	 * @param changed is given the numbers of those of them that are not as the image has them, in either
	 * @return address of the first byte that differs, or -1
	 */
	public long difference(PhysicalMemory one, PhysicalMemory other, BitSet where, BitSet changed) {
		for (int i = where.nextSetBit(0); i >= 0; i = where.nextSetBit(i + 1)) {
			RamBank bank = bank(one, addresses[i]);
			RamBank otherBank = bank(other, addresses[i]);
			int offset = bank.offset(addresses[i]);
			if (isPage(i, bank, offset) && isPage(i, otherBank, offset)) {
				continue;
			}
			changed.set(i);
			int at = Arrays.mismatch(bank.bytes, offset, offset + PAGE, otherBank.bytes, offset, offset + PAGE);
			if (at >= 0) {
				return addresses[i] + at;
			}
		}
		return -1;
	}

	/** Address of the first byte that differs in a part of one bank of RAM, or -1. */
	public static long difference(PhysicalMemory one, PhysicalMemory other, long address, int length) {
		RamBank bank = bank(one, address);
		int offset = bank.offset(address);
		int at = Arrays.mismatch(bank.bytes, offset, offset + length, bank(other, address).bytes, offset,
				offset + length);
		return at < 0 ? -1 : address + at;
	}

	private boolean isPage(int number, RamBank bank, int offset) {
		return Arrays.equals(pages[number], 0, PAGE, bank.bytes, offset, offset + PAGE);
	}

	private static RamBank bank(PhysicalMemory memory, long address) {
		RamBank bank = memory.bankAt(address);
		if (bank == null) {
			throw new IllegalArgumentException("no RAM at 0x" + Long.toHexString(address));
		}
		return bank;
	}
}
