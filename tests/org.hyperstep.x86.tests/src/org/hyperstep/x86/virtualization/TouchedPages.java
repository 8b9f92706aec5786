/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

import org.hyperstep.x86.memory.CodeListener;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.RamBank;

/**
 * Pages of a bank of RAM that were stored into since it was as it is now: only they have to be brought back and compared.
 * Stores of processors and copies count; who writes into the bank's bytes without a word is not seen.
 */
public final class TouchedPages implements CodeListener {
	private static final int PAGE = 4096;

	private final PhysicalMemory memory;
	private final RamBank bank;
	private final byte[] image;
	private final BitSet touched = new BitSet();

	/** Watches the bank that begins at hostPhysical 0. */
	public TouchedPages(PhysicalMemory memory) {
		this.memory = memory;
		bank = Objects.requireNonNull(memory.bankAt(0));
		image = bank.bytes.clone();
		memory.addCodeListener(this);
		for (int at = 0; at < image.length; at += PAGE) {
			memory.markCode(at, PAGE);
		}
	}

	@Override
	public long codeStored(long hostPhysical, int length) {
		if (hostPhysical < image.length) {
			touched.set((int) hostPhysical / PAGE);
		}
		return 0;
	}

	/** Brings the bank back to what it was. */
	public void restore() {
		for (int page = touched.nextSetBit(0); page >= 0; page = touched.nextSetBit(page + 1)) {
			memory.copyIn((long) page * PAGE, image, page * PAGE, PAGE);
			memory.markCode((long) page * PAGE, PAGE);
		}
		touched.clear();
	}

	/** A number that differs, most likely, when the bank's contents do. */
	public int hash() {
		int hash = 1;
		for (int page = touched.nextSetBit(0); page >= 0; page = touched.nextSetBit(page + 1)) {
			int at = page * PAGE;
			if (!Arrays.equals(bank.bytes, at, at + PAGE, image, at, at + PAGE)) {
				hash = 31 * hash + page;
				for (int i = at; i < at + PAGE; i++) {
					hash = 31 * hash + bank.bytes[i];
				}
			}
		}
		return hash;
	}
}
