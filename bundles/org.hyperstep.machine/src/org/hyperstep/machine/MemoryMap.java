/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Where RAM is in the guestPhysical address space, and which parts of it are free for the guest. RAM that does not fit
 * below the hole for devices continues at 4 GB.
 *
 * @param ram    ranges backed by RAM
 * @param ranges what firmware would report (E820), in ascending order
 */
public record MemoryMap(List<Range> ram, List<Range> ranges) {
	/** Size of a page; all RAM ranges are made of pages. */
	public static final int PAGE = 4096;
	/** From here to 4 GB the address space belongs to devices. */
	public static final long DEVICES = 0xc0000000L;
	/** First address above the devices. */
	public static final long HIGH = 0x1_0000_0000L;
	/** 640 KB: end of conventional memory; then the video hole up to the firmware's shadow RAM. */
	public static final long VIDEO = 0xa0000, SHADOW = 0xc0000, MEGABYTE = 0x100000;
	/** The ACPI tables, and what of them must be kept while the machine sleeps. */
	public static final long ACPI = 0xe0000, ACPI_NVS = 0xe2000;
	private static final long ACPI_END = 0xe3000;
	/** The last KB of conventional memory holds firmware data. */
	private static final long FIRMWARE_DATA = 0x9fc00;

	/** Kinds of ranges, numbered as E820 does. */
	public enum Kind {
		USABLE(1), RESERVED(2), ACPI_RECLAIMABLE(3), ACPI_NVS(4);

		private final int code;

		Kind(int code) {
			this.code = code;
		}

		/** The E820 type. */
		public int code() {
			return code;
		}
	}

	/** {@code size} bytes from {@code start} on. */
	public record Range(long start, long size, Kind kind) {
		public long end() {
			return start + size;
		}
	}

	/** The map of a machine with {@code bytes} of RAM, a multiple of {@link #PAGE} and at least 1 MB. */
	public static MemoryMap of(long bytes) {
		List<Range> ram = new ArrayList<>();
		List<Range> ranges = new ArrayList<>();
		ram.add(new Range(0, VIDEO, Kind.USABLE));
		ram.add(new Range(SHADOW, MEGABYTE - SHADOW, Kind.USABLE));
		ranges.add(new Range(0, FIRMWARE_DATA, Kind.USABLE));
		ranges.add(new Range(FIRMWARE_DATA, VIDEO - FIRMWARE_DATA, Kind.RESERVED));
		ranges.add(new Range(ACPI, ACPI_NVS - ACPI, Kind.ACPI_RECLAIMABLE));
		ranges.add(new Range(ACPI_NVS, ACPI_END - ACPI_NVS, Kind.ACPI_NVS));
		ranges.add(new Range(0xf0000, MEGABYTE - 0xf0000, Kind.RESERVED));
		addUsable(ram, ranges, MEGABYTE, Math.min(bytes, DEVICES) - MEGABYTE);
		addUsable(ram, ranges, HIGH, bytes - DEVICES);
		return new MemoryMap(List.copyOf(ram), List.copyOf(ranges));
	}

	private static void addUsable(List<Range> ram, List<Range> ranges, long start, long size) {
		if (size > 0) {
			Range range = new Range(start, size, Kind.USABLE);
			ram.add(range);
			ranges.add(range);
		}
	}

	/** Whether the bytes lie wholly in RAM that is free for the guest. */
	public boolean isUsable(long start, long size) {
		for (Range range : ranges) {
			if (range.kind == Kind.USABLE && start >= range.start && size >= 0 && size <= range.end() - start) {
				return true;
			}
		}
		return false;
	}
}
