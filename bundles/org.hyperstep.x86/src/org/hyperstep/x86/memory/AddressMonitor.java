/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/**
 * The hardware behind MONITOR (Intel SDM, "MONITOR/MWAIT Usage"): armed for a line of memory, triggered by a store into
 * it by any processor or device, of whatever value.
 */
public final class AddressMonitor implements CodeListener {
	/** Bytes that are watched at once, as CPUID tells. */
	public static final int LINE = 64;
	private static final long NONE = -1;
	private static final long PAGE = -1L << Tlb.PAGE_SHIFT;

	private final PhysicalMemory memory;
	private long line = NONE;

	/** Makes the monitor of one processor, not armed. */
	public AddressMonitor(PhysicalMemory memory) {
		this.memory = memory;
		memory.addCodeListener(this);
	}

	/** MONITOR: watches the line that holds the byte; only memory can be watched, no device. */
	public void arm(long hostPhysical) {
		line = NONE;
		if (memory.bankAt(hostPhysical) != null) {
			line = hostPhysical & -LINE;
			memory.markCode(line, LINE);
		}
	}

	/** Whether a line is watched and nobody has stored into it. */
	public boolean armed() {
		return line != NONE;
	}

	/** Nothing is watched any more. */
	public void disarm() {
		line = NONE;
	}

	@Override
	public long codeStored(long hostPhysical, int length) {
		if (line == NONE || (line & PAGE) != (hostPhysical & PAGE)) {
			return 0;
		}
		if (hostPhysical < line + LINE && line < hostPhysical + length) {
			line = NONE;
			return 0;
		}
		return RamBank.lines((int) line & ~(int) PAGE, LINE);
	}
}
