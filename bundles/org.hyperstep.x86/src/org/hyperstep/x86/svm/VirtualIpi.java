/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.BackingPage.*;
import static org.hyperstep.x86.svm.VmcbField.*;

/**
 * Interprocessor interrupts of a guest under AVIC (AMD APM volume 2, "Interprocessor Interrupts", "Physical APIC ID
 * Table", "Logical APIC ID Table"): the targets' request bits are set in their backing pages, running targets get a
 * doorbell; what cannot be done so is an exit behind the instruction.
 */
final class VirtualIpi {
	/** Causes of the exit, in EXITINFO2 bits 63:32. */
	private static final int INVALID_TYPE = 0, NOT_RUNNING = 1, INVALID_TARGET = 2, INVALID_BACKING_PAGE = 3,
			INVALID_VECTOR = 4;
	/** Bits of the interrupt command register. */
	private static final long MESSAGE_TYPE = 7 << 8, LOGICAL = 1 << 11, LEVEL = 1 << 15;
	private static final int SELF = 1, ALL = 2, FIRST_VECTOR = 16, EVERYBODY = 0xff;
	/** Bits of table entries. */
	private static final long VALID = 1L << 63, RUNNING = 1L << 62, LOGICAL_VALID = 1L << 31;
	private static final long PAGE = 0x000f_ffff_ffff_f000L;
	private static final int FLAT = 0xf, CLUSTER_SIZE = 4, CLUSTERS = 15;

	private final SvmGuest guest;
	private final BackingPage own;
	private final BackingPage target;
	/** What the targets' entries showed: a bad one, or one that does not run; and its index. */
	private int problem;
	private int index;

	VirtualIpi(SvmGuest guest, BackingPage own) {
		this.guest = guest;
		this.own = own;
		target = new BackingPage(guest);
	}

	/** Does what the command register says. */
	void send() {
		long command = own.read(ICR_LOW);
		int vector = (int) command & 0xff;
		problem = -1;
		if ((command & (MESSAGE_TYPE | LEVEL)) != 0) {
			fail(INVALID_TYPE, 0);
		} else if (vector < FIRST_VECTOR) {
			fail(INVALID_VECTOR, 0);
		} else if ((command >>> 18 & 3) == SELF) {
			request(own, vector);
			guest.requested(vector);
		} else {
			deliver(command, -1);
			if (problem < 0) {
				deliver(command, vector);
			}
		}
		if (problem >= 0) {
			guest.avic().trapDue(SvmExitCode.AVIC_INCOMPLETE_IPI, own.read(ICR_HIGH) << 32 | command,
					(long) problem << 32 | index);
		}
	}

	private void fail(int cause, int where) {
		if (problem < 0) {
			problem = cause;
			index = where;
		}
	}

	private static void request(BackingPage page, int vector) {
		page.setBit(TMR, vector, false);
		page.setBit(IRR, vector, true);
	}

	/** Goes over the targets: first, with a vector of -1, to check that all of them are valid. */
	private void deliver(long command, int vector) {
		int shorthand = (int) (command >>> 18) & 3;
		int destination = (int) (own.read(ICR_HIGH) >>> 24) & 0xff;
		if (shorthand >= ALL) {
			everybody(vector, shorthand != ALL);
		} else if ((command & LOGICAL) != 0) {
			logical(destination, vector);
		} else if (destination == EVERYBODY) {
			everybody(vector, false);
		} else {
			physical(destination, destination, vector);
		}
	}

	private int highestIndex() {
		return (int) guest.vmcb.read(AVIC_PHYSICAL_TABLE) & 0xff;
	}

	private long entry(int apicId) {
		return guest.readBelow((guest.vmcb.read(AVIC_PHYSICAL_TABLE) & PAGE) + apicId * 8L, 8);
	}

	/** A broadcast goes to all valid entries. */
	private void everybody(int vector, boolean butSelf) {
		int self = (int) (own.read(ID) >>> 24) & 0xff;
		for (int i = 0; i <= highestIndex(); i++) {
			if ((entry(i) & VALID) != 0 && !(butSelf && i == self)) {
				physical(i, i, vector);
			}
		}
	}

	private void logical(int destination, int vector) {
		if ((own.read(DFR) >>> 28 & 0xf) == FLAT) {
			members(destination, 8, 0, vector);
		} else if (destination >>> 4 < CLUSTERS) {
			members(destination & 0xf, CLUSTER_SIZE, (destination >>> 4) * CLUSTER_SIZE, vector);
		} else {
			for (int cluster = 0; cluster < CLUSTERS; cluster++) {
				members(destination & 0xf, CLUSTER_SIZE, cluster * CLUSTER_SIZE, vector);
			}
		}
	}

	private void members(int mask, int count, int first, int vector) {
		long table = guest.vmcb.read(AVIC_LOGICAL_TABLE) & PAGE;
		for (int i = 0; i < count; i++) {
			if ((mask >>> i & 1) != 0) {
				long entry = guest.readBelow(table + (first + i) * 4L, 4);
				if ((entry & LOGICAL_VALID) == 0) {
					fail(INVALID_TARGET, first + i);
				} else {
					physical((int) entry & 0xff, first + i, vector);
				}
			}
		}
	}

	private void physical(int apicId, int where, int vector) {
		long entry = apicId <= highestIndex() ? entry(apicId) : 0;
		if ((entry & VALID) == 0) {
			fail(INVALID_TARGET, where);
		} else if ((entry & PAGE) >>> guest.processor.model().physicalAddressBits() != 0) {
			fail(INVALID_BACKING_PAGE, where);
		} else if (vector >= 0) {
			target.setAddress(entry & PAGE);
			request(target, vector);
			if ((entry & RUNNING) == 0) {
				fail(NOT_RUNNING, where);
			} else {
				guest.ring((int) entry & 0xff);
			}
		}
	}
}
