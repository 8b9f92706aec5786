/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import java.util.Arrays;

/**
 * What accesses of a guest to its APIC's registers do where AVIC is on: one row for each register or group of registers
 * (AMD APM volume 2, "Virtual APIC Register Accesses", table "Guest vAPIC Register Access Behavior").
 */
enum BackingPageRule {
	ID(0x20, 0x20, Access.ALLOWED, Access.TRAP), VERSION(0x30, 0x30, Access.ALLOWED, Access.FAULT),
	TASK_PRIORITY(0x80, 0x80, Access.ALLOWED, Access.ACCELERATED),
	ARBITRATION_PRIORITY(0x90, 0x90, Access.FAULT, Access.FAULT),
	PROCESSOR_PRIORITY(0xa0, 0xa0, Access.ALLOWED, Access.FAULT),
	END_OF_INTERRUPT(0xb0, 0xb0, Access.ALLOWED, Access.ACCELERATED),
	REMOTE_READ(0xc0, 0xc0, Access.ALLOWED, Access.TRAP),
	LOGICAL_DESTINATION(0xd0, 0xd0, Access.ALLOWED, Access.TRAP),
	DESTINATION_FORMAT(0xe0, 0xe0, Access.ALLOWED, Access.TRAP),
	SPURIOUS_VECTOR(0xf0, 0xf0, Access.ALLOWED, Access.TRAP), IN_SERVICE(0x100, 0x170, Access.ALLOWED, Access.FAULT),
	TRIGGER_MODE(0x180, 0x1f0, Access.ALLOWED, Access.FAULT), REQUEST(0x200, 0x270, Access.ALLOWED, Access.FAULT),
	ERROR_STATUS(0x280, 0x280, Access.ALLOWED, Access.TRAP),
	COMMAND_LOW(0x300, 0x300, Access.ALLOWED, Access.ACCELERATED),
	COMMAND_HIGH(0x310, 0x310, Access.ALLOWED, Access.ALLOWED),
	LOCAL_VECTORS(0x320, 0x370, Access.ALLOWED, Access.TRAP),
	INITIAL_COUNT(0x380, 0x380, Access.ALLOWED, Access.TRAP), CURRENT_COUNT(0x390, 0x390, Access.FAULT, Access.FAULT),
	DIVIDE(0x3e0, 0x3e0, Access.ALLOWED, Access.TRAP);

	/** What becomes of an access. */
	enum Access {
		/** It reaches the backing page and nothing else. */
		ALLOWED,
		/** The processor does what the APIC would do. */
		ACCELERATED,
		/** It reaches the backing page, and an exit follows the instruction. */
		TRAP,
		/** An exit in the place of the access. */
		FAULT
	}

	private static final int DISTANCE = 16;
	private static final Access[][] BY_OFFSET = byOffset();

	private final int first;
	private final int last;
	private final Access read;
	private final Access write;

	BackingPageRule(int first, int last, Access read, Access write) {
		this.first = first;
		this.last = last;
		this.read = read;
		this.write = write;
	}

	private static Access[][] byOffset() {
		Access[][] table = new Access[4096 / DISTANCE][];
		Arrays.fill(table, new Access[] { Access.FAULT, Access.FAULT });
		for (BackingPageRule rule : values()) {
			for (int offset = rule.first; offset <= rule.last; offset += DISTANCE) {
				table[offset / DISTANCE] = new Access[] { rule.read, rule.write };
			}
		}
		return table;
	}

	/**
	 * The behaviour of an access at an offset of the page; the extended registers, which the APIC does not have, and
	 * what no register has, are left to software.
	 */
	static Access of(int offset, boolean write) {
		return BY_OFFSET[offset / DISTANCE][write ? 1 : 0];
	}
}
