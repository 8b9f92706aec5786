/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.hyperstep.machine.image.InitialState.Mode;

/** States of entry with the tables in memory that they need. */
@SuppressWarnings("nls")
final class InitialStates {
	private static final int STACK = 16 << 10;
	private static final long PRESENT_WRITABLE = 3, LARGE = 1 << 7;
	private static final int LARGE_PAGE = 2 << 20;
	/** One PML4, one page-directory-pointer table, four page directories. */
	private static final int TABLES = 6, ENTRIES = 512, MAPPED_GB = 4;

	private InitialStates() {
	}

	/** 32-bit protected mode without paging. */
	static InitialState protected32(LoadPlan plan, BootProtocol protocol, long entry, long rax, long rbx)
			throws ImageException {
		return new InitialState(protocol, Mode.PROTECTED_32, entry, rax, rbx, 0, 0,
				gdt(plan, protocol, Mode.PROTECTED_32));
	}

	/** The same with Linux's parameters. */
	static InitialState linux32(LoadPlan plan, long entry, long parameters) throws ImageException {
		return new InitialState(BootProtocol.LINUX_32, Mode.PROTECTED_32, entry, 0, 0, parameters, 0, 0,
				gdt(plan, BootProtocol.LINUX_32, Mode.PROTECTED_32), 0, 0);
	}

	/** 64-bit mode, the first 4 GB mapped one to one, and a stack whose top holds a zero return address. */
	static InitialState long64(LoadPlan plan, BootProtocol protocol, long entry, long rsi) throws ImageException {
		long gdt = gdt(plan, protocol, Mode.LONG_64);
		long stack = plan.reserveLow("the stack", STACK, 16);
		return new InitialState(protocol, Mode.LONG_64, entry, 0, 0, rsi, stack + STACK - 8, placeTables(plan), gdt, 0,
				0);
	}

	private static long gdt(LoadPlan plan, BootProtocol protocol, Mode mode) throws ImageException {
		return plan.placeWords("the GDT", InitialState.gdt(protocol, mode), 8);
	}

	private static long placeTables(LoadPlan plan) throws ImageException {
		long base = plan.reserveLow("the page tables", TABLES * 8 * ENTRIES, 8 * ENTRIES);
		long[] words = new long[TABLES * ENTRIES];
		words[0] = base + 8 * ENTRIES | PRESENT_WRITABLE;
		for (int gigabyte = 0; gigabyte < MAPPED_GB; gigabyte++) {
			words[ENTRIES + gigabyte] = base + (2L + gigabyte) * 8 * ENTRIES | PRESENT_WRITABLE;
		}
		for (int page = 0; page < MAPPED_GB * ENTRIES; page++) {
			words[2 * ENTRIES + page] = (long) page * LARGE_PAGE | PRESENT_WRITABLE | LARGE;
		}
		plan.fill(base, words);
		return base;
	}
}
