/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.hyperstep.x86.memory.PhysicalMemory;

/** The I/O and MSR permission maps (AMD APM volume 2, "IOIO Intercepts", "MSR Intercepts"). */
final class PermissionMaps {
	/** First MSR and byte offset of the map's three ranges of 0x2000 MSRs, two bits each. */
	private static final int[] FIRST = { 0, 0xc000_0000, 0xc001_0000 };
	private static final int[] OFFSET = { 0, 0x800, 0x1000 };
	private static final int RANGE = 0x2000;

	private final Vmcb vmcb;
	private final PhysicalMemory memory;

	PermissionMaps(Vmcb vmcb, PhysicalMemory memory) {
		this.vmcb = vmcb;
		this.memory = memory;
	}

	/** The map goes on for three bits behind port 0xffff. */
	boolean portExits(int port, int size) {
		for (int i = port; i < port + size; i++) {
			if (bit(vmcb.read(IOPM_BASE_PA), i)) {
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
				return bit(vmcb.read(MSRPM_BASE_PA) + OFFSET[i], number * 2 + (write ? 1 : 0));
			}
		}
		return true;
	}

	private boolean bit(long map, int number) {
		return (memory.read(map + (number >> 3), 1) >> (number & 7) & 1) != 0;
	}
}
