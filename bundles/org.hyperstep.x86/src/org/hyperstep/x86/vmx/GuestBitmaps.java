/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

/** The I/O and MSR bitmaps (Intel SDM, "I/O-Bitmap Addresses", "MSR-Bitmap Address"). */
final class GuestBitmaps {
	private static final int HIGH_MSRS = 0xc000_0000, MSRS = 0x2000;

	private final Vmcs vmcs;
	private final LowerMemory memory;
	private boolean portsByBitmap;
	private boolean allPorts;
	private boolean msrsByBitmap;

	GuestBitmaps(Vmcs vmcs, LowerMemory memory) {
		this.vmcs = vmcs;
		this.memory = memory;
	}

	void refresh() {
		portsByBitmap = vmcs.has(USE_IO_BITMAPS);
		allPorts = vmcs.has(UNCONDITIONAL_IO_EXITING);
		msrsByBitmap = vmcs.has(USE_MSR_BITMAPS);
	}

	/** An access that wraps around the end of the 16-bit port space exits. */
	boolean portExits(int port, int size) {
		if (!portsByBitmap) {
			return allPorts;
		}
		if (port + size > 0x10000) {
			return true;
		}
		for (int i = port; i < port + size; i++) {
			long bitmap = vmcs.read(i < 0x8000 ? ADDRESS_OF_IO_BITMAP_A : ADDRESS_OF_IO_BITMAP_B);
			if (bit(bitmap, i & 0x7fff)) {
				return true;
			}
		}
		return false;
	}

	boolean msrExits(int index, boolean write) {
		if (!msrsByBitmap) {
			return true;
		}
		boolean high = index - HIGH_MSRS >= 0 && index - HIGH_MSRS < MSRS && index < 0;
		boolean low = index >= 0 && index < MSRS;
		if (!high && !low) {
			return true;
		}
		long bitmap = vmcs.read(ADDRESS_OF_MSR_BITMAPS) + (high ? 0x400 : 0) + (write ? 0x800 : 0);
		return bit(bitmap, index & MSRS - 1);
	}

	/** Whether VMREAD or VMWRITE of a field exits by its bitmap ("VMCS Shadowing Bitmap Addresses"). */
	boolean fieldExits(VmcsField bitmap, long encoding) {
		return encoding >>> 15 != 0 || bit(vmcs.read(bitmap), (int) encoding);
	}

	private boolean bit(long bitmap, int number) {
		return (memory.read(bitmap + (number >> 3), 1) >> (number & 7) & 1) != 0;
	}
}
