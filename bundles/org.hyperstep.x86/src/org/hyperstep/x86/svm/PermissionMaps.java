/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

/**
 * The I/O and MSR permission maps (AMD APM volume 2, "IOIO Intercepts", "MSR Intercepts"); the low 12 bits of their
 * addresses are ignored.
 */
final class PermissionMaps {
	/** First MSR and byte offset of the map's three ranges of 0x2000 MSRs, two bits each. */
	private static final int[] FIRST = { 0, 0xc000_0000, 0xc001_0000 };
	private static final int[] OFFSET = { 0, 0x800, 0x1000 };
	private static final int RANGE = 0x2000;

	private static final long PAGE = 0x000f_ffff_ffff_f000L;

	private final SvmGuest guest;

	PermissionMaps(SvmGuest guest) {
		this.guest = guest;
	}

	/** The map goes on for three bits behind port 0xffff. */
	boolean portExits(int port, int size) {
		for (int i = port; i < port + size; i++) {
			if (bit(guest.vmcb.read(IOPM_BASE_PA) & PAGE, i)) {
				return true;
			}
		}
		return false;
	}

	/** MSRs outside of the ranges always exit. */
	boolean msrExits(int index, boolean write) {
		for (int i = 0; i < FIRST.length; i++) {
			int number = index - FIRST[i];
			if (number >= 0 && number < RANGE && Integer.compareUnsigned(index, FIRST[i]) >= 0) {
				return bit((guest.vmcb.read(MSRPM_BASE_PA) & PAGE) + OFFSET[i], number * 2 + (write ? 1 : 0));
			}
		}
		return true;
	}

	private boolean bit(long map, int number) {
		return (guest.readBelow(map + (number >> 3), 1) >> (number & 7) & 1) != 0;
	}
}
