/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import java.io.IOException;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.disk.Disk;

/** A disk (ATA/ATAPI-6, "General feature set", "48-bit Address feature set"). */
@SuppressWarnings("nls")
final class AtaDisk extends AtaDrive {
	private static final int MOST_MULTIPLE = 16, LBA = 0x40, HEAD_BITS = 0xf;

	/** How a command moves data. */
	private enum Way {
		PIO, MULTIPLE, DMA, NONE
	}

	/** The commands that name sectors. */
	private enum Access {
		READ_SECTORS(0x20, false, false, Way.PIO), READ_SECTORS_ONCE(0x21, false, false, Way.PIO),
		READ_SECTORS_EXT(0x24, false, true, Way.PIO), READ_DMA_EXT(0x25, false, true, Way.DMA),
		READ_MULTIPLE_EXT(0x29, false, true, Way.MULTIPLE), WRITE_SECTORS(0x30, true, false, Way.PIO),
		WRITE_SECTORS_ONCE(0x31, true, false, Way.PIO), WRITE_SECTORS_EXT(0x34, true, true, Way.PIO),
		WRITE_DMA_EXT(0x35, true, true, Way.DMA), WRITE_MULTIPLE_EXT(0x39, true, true, Way.MULTIPLE),
		READ_VERIFY(0x40, false, false, Way.NONE), READ_VERIFY_EXT(0x42, false, true, Way.NONE),
		READ_MULTIPLE(0xc4, false, false, Way.MULTIPLE), WRITE_MULTIPLE(0xc5, true, false, Way.MULTIPLE),
		READ_DMA(0xc8, false, false, Way.DMA), READ_DMA_ONCE(0xc9, false, false, Way.DMA),
		WRITE_DMA(0xca, true, false, Way.DMA), WRITE_DMA_ONCE(0xcb, true, false, Way.DMA);

		private final int code;
		private final boolean writes;
		private final boolean wide;
		private final Way way;

		Access(int code, boolean writes, boolean wide, Way way) {
			this.code = code;
			this.writes = writes;
			this.wide = wide;
			this.way = way;
		}
	}

	private static final Access[] ACCESSES = new Access[256];
	static {
		for (Access access : Access.values()) {
			ACCESSES[access.code] = access;
		}
	}

	private final Disk disk;
	private final int number;
	private final long sectors;
	private int multiple;
	/** The next sector of the access under way, and how many are left. */
	private long next;
	private int left;
	/** Geometry for addresses by cylinder, head and sector. */
	private int heads, sectorsPerTrack;

	AtaDisk(AtaChannel channel, Disk disk, int number) {
		super(channel, MOST_MULTIPLE * SECTOR);
		this.disk = disk;
		this.number = number;
		sectors = disk.size() / SECTOR;
	}

	@Override
	void reset() {
		multiple = 0;
		next = 0;
		left = 0;
		heads = IdentifyData.HEADS;
		sectorsPerTrack = IdentifyData.SECTORS;
		java.util.Arrays.fill(buffer, (byte) 0);
		super.reset();
	}

	@Override
	DeviceState state() {
		return super.state().number("multiple", () -> multiple, v -> multiple = (int) v)
				.number("next", () -> next, v -> next = v).number("left", () -> left, v -> left = (int) v)
				.number("heads", () -> heads, v -> heads = (int) v)
				.number("sectorsPerTrack", () -> sectorsPerTrack, v -> sectorsPerTrack = (int) v);
	}

	@Override
	void showSignature() {
		count.set(1);
		low.set(1);
		middle.set(0);
		high.set(0);
		status = READY | SEEK_COMPLETE;
	}

	@Override
	void command(int code) {
		error = 0;
		Access access = ACCESSES[code];
		if (access != null) {
			begin(access);
			return;
		}
		switch (code) {
			case IDENTIFY -> {
				byte[] data = IdentifyData.disk(number, sectors, multiple, MOST_MULTIPLE);
				System.arraycopy(data, 0, buffer, 0, data.length);
				executing = IDENTIFY;
				requestData(data.length);
				channel.request(true);
			}
			case DIAGNOSTIC -> {
				showSignature();
				device = 0;
				complete();
				error = 1;
			}
			case 0x91 -> setGeometry();
			case 0xc6 -> setMultiple();
			case SET_FEATURES -> setFeatures();
			case 0xe7, 0xea -> flush();
			case 0xf8 -> nativeMaximum(false);
			case 0x27 -> nativeMaximum(true);
			case 0xe5, 0x98 -> {
				count.set(0xff);
				complete();
			}
			// RECALIBRATE, SEEK, the power commands and their old codes have nothing to do.
			case 0x10, 0x70, 0xe0, 0xe1, 0xe2, 0xe3, 0xe6, 0x94, 0x95, 0x96, 0x97, 0x99 -> complete();
			default -> fail(ABORTED);
		}
	}

	private void setGeometry() {
		if (count.present == 0) {
			fail(ABORTED);
			return;
		}
		sectorsPerTrack = count.present;
		heads = (device & HEAD_BITS) + 1;
		complete();
	}

	private void setMultiple() {
		boolean possible = count.present <= MOST_MULTIPLE && Integer.bitCount(count.present) <= 1;
		multiple = possible ? count.present : multiple;
		if (possible) {
			complete();
		} else {
			fail(ABORTED);
		}
	}

	/** Transfer modes and caches are as good one way as the other; what is not known is refused. */
	private void setFeatures() {
		switch (features.present) {
			case 0x02, 0x82, 0x03, 0xaa, 0x55, 0x66, 0xcc, 0x05, 0x85, 0x42, 0xc2 -> complete();
			default -> fail(ABORTED);
		}
	}

	private void flush() {
		try {
			disk.flush();
			complete();
		} catch (IOException e) {
			fail(UNCORRECTABLE);
		}
	}

	private void nativeMaximum(boolean wide) {
		showAddress(wide ? sectors - 1 : Math.min(sectors, 1 << 28) - 1, wide);
		complete();
	}

	// Addresses

	private long address(boolean wide) {
		if (wide) {
			return (long) high.previous << 40 | (long) middle.previous << 32 | (long) low.previous << 24
					| high.present << 16 | middle.present << 8 | low.present;
		}
		int cylinder = high.present << 8 | middle.present;
		if ((device & LBA) != 0) {
			return (long) (device & HEAD_BITS) << 24 | cylinder << 8 | low.present;
		}
		return low.present == 0 ? -1
				: ((long) cylinder * heads + (device & HEAD_BITS)) * sectorsPerTrack + low.present - 1;
	}

	private void showAddress(long sector, boolean wide) {
		low.present = (int) sector & 0xff;
		middle.present = (int) (sector >> 8) & 0xff;
		high.present = (int) (sector >> 16) & 0xff;
		if (wide) {
			low.previous = (int) (sector >> 24) & 0xff;
			middle.previous = (int) (sector >> 32) & 0xff;
			high.previous = (int) (sector >> 40) & 0xff;
		} else {
			device = device & ~HEAD_BITS | (int) (sector >> 24) & HEAD_BITS;
		}
	}

	// Accesses

	private void begin(Access access) {
		int asked = access.wide ? count.previous << 8 | count.present : count.present;
		left = asked == 0 ? access.wide ? 0x10000 : 0x100 : asked;
		next = address(access.wide);
		if (access.way == Way.MULTIPLE && multiple == 0 || access.wide && (device & LBA) == 0) {
			fail(ABORTED);
			return;
		}
		if (next < 0 || next + left > sectors) {
			fail(NOT_FOUND);
			return;
		}
		executing = access.code;
		switch (access.way) {
			case NONE -> complete();
			case DMA -> {
				status = READY | SEEK_COMPLETE | DATA_REQUEST;
				if (channel.busMaster.isStarted()) {
					busMasterStarted();
				}
			}
			default -> {
				if (access.writes) {
					requestData(block(access) * SECTOR);
				} else {
					fill(access);
				}
			}
		}
	}

	/** Sectors of the next block. */
	private int block(Access access) {
		return Math.min(left, access.way == Way.MULTIPLE ? multiple : 1);
	}

	/** Reads the next block for the host. */
	private void fill(Access access) {
		int length = block(access) * SECTOR;
		try {
			disk.read(next * SECTOR, buffer, 0, length);
			requestData(length);
			channel.request(true);
		} catch (IOException e) {
			fail(UNCORRECTABLE);
		}
	}

	@Override
	boolean isReading() {
		Access access = ACCESSES[executing & 0xff];
		return access == null || !access.writes;
	}

	@Override
	void bufferDone() {
		Access access = ACCESSES[executing & 0xff];
		if (access == null) {
			// IDENTIFY DEVICE: the interrupt came with the data.
			status = READY | SEEK_COMPLETE;
			executing = NOTHING;
			end = 0;
			return;
		}
		int done = end / SECTOR;
		if (access.writes) {
			try {
				disk.write(next * SECTOR, buffer, 0, end);
			} catch (IOException e) {
				fail(UNCORRECTABLE);
				return;
			}
		}
		next += done;
		left -= done;
		if (left > 0 && access.writes) {
			requestData(block(access) * SECTOR);
			channel.request(true);
		} else if (left > 0) {
			fill(access);
		} else {
			end(access);
		}
	}

	/** Reading ends without an interrupt: it came with the last block. */
	private void end(Access access) {
		showAddress(next - 1, access.wide);
		count.set(0);
		if (access.writes || access.way == Way.DMA) {
			complete();
		} else {
			status = READY | SEEK_COMPLETE;
			executing = NOTHING;
			end = 0;
		}
	}

	@Override
	void busMasterStarted() {
		Access access = ACCESSES[executing & 0xff];
		if (access == null || access.way != Way.DMA || left == 0) {
			return;
		}
		long[] at = { next * SECTOR };
		boolean moved = channel.busMaster.transfer((long) left * SECTOR, !access.writes, (bytes, length) -> {
			try {
				if (access.writes) {
					disk.write(at[0], bytes, 0, length);
				} else {
					disk.read(at[0], bytes, 0, length);
				}
				at[0] += length;
				return true;
			} catch (IOException e) {
				return false;
			}
		});
		next += left;
		left = 0;
		if (moved) {
			end(access);
		} else {
			fail(UNCORRECTABLE);
		}
	}
}
