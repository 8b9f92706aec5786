/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.DeviceRow;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.disk.Disk;
import org.hyperstep.machine.disk.Drive;

/** A disk (Virtual I/O Device specification, "Block Device"). */
@SuppressWarnings("nls")
public final class VirtioBlock extends VirtioFunction {
	private static final int TYPE = 2, CLASS = 0x010000, QUEUE = 0;
	private static final long SEGMENTS = 1 << 2, GEOMETRY = 1 << 4, READ_ONLY = 1 << 5, BLOCK_SIZE = 1 << 6,
			FLUSH = 1 << 9;
	private static final int CONFIGURATION = 60, MOST_SEGMENTS = VirtQueue.LARGEST - 2;
	private static final int HEADER = 16, ID_LENGTH = 20, CHUNK = 0x10000;
	/** Kinds of requests. */
	private static final int IN = 0, OUT = 1, FLUSH_REQUEST = 4, GET_ID = 8;
	private static final int OK = 0, ERROR = 1, UNSUPPORTED = 2;
	/** A request that moves more is no driver's. */
	private static final long LARGEST_REQUEST = 64 << 20, MOVED_AT_ONCE = 16 << 20;

	private final Disk disk;
	private final byte[] configuration;
	private final byte[] id;
	private final byte[] buffer = new byte[CHUNK];

	private VirtioBlock(Machine machine, String name, Drive drive, int number) {
		super(machine, name, TYPE, CLASS, 1,
				SEGMENTS | GEOMETRY | BLOCK_SIZE | FLUSH | (drive.disk().isReadOnly() ? READ_ONLY : 0));
		disk = drive.disk();
		machine.closeWithMachine(disk);
		id = Arrays.copyOf(String.format("hyperstep-%d", number).getBytes(StandardCharsets.US_ASCII), ID_LENGTH);
		long sectors = disk.size() / Disk.SECTOR;
		int cylinders = (int) Math.min(0xffff, sectors / (16 * 63));
		configuration = ByteBuffer.allocate(CONFIGURATION).order(ByteOrder.LITTLE_ENDIAN).putLong(0, sectors)
				.putInt(12, MOST_SEGMENTS).putShort(16, (short) cylinders).put(18, (byte) 16).put(19, (byte) 63)
				.putInt(20, Disk.SECTOR).array();
		reset();
	}

	/**
	 * The line of a machine's description.
	 *
	 * @param number counts the disks, from 0
	 */
	public static DeviceRow row(Drive drive, int number) {
		String name = "virtio-blk" + number;
		return new DeviceRow(name, machine -> new VirtioBlock(machine, name, drive, number));
	}

	@Override
	int configuration(int offset) {
		return offset < configuration.length ? configuration[offset] : 0;
	}

	@Override
	void resetDevice() {
		// All requests are done when they are made.
	}

	@Override
	long serve(int index) throws VirtQueue.Broken {
		VirtQueue queue = queue(QUEUE);
		long moved = 0;
		for (int left = queue.available(); left > 0; left--) {
			if (moved > MOVED_AT_ONCE) {
				serveAgain(QUEUE);
				break;
			}
			@Nullable
			Chain chain = queue.take();
			if (chain == null) {
				break;
			}
			moved += execute(queue, chain);
		}
		interruptFor(QUEUE);
		return moved;
	}

	/** The last byte of the room for the device is the request's status. */
	private long execute(VirtQueue queue, Chain chain) throws VirtQueue.Broken {
		if (chain.readableLength() < HEADER || chain.writableLength() < 1) {
			throw new VirtQueue.Broken("a request without a header or a status");
		}
		chain.read(0, buffer, 0, HEADER);
		ByteBuffer header = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
		int kind = header.getInt(0);
		long sector = header.getLong(8);
		long room = chain.writableLength() - 1;
		long length = kind == OUT ? chain.readableLength() - HEADER : room;
		int result;
		try {
			result = execute(kind, sector, length, chain);
		} catch (IOException e) {
			result = ERROR;
		}
		chain.write(room, new byte[] { (byte) result }, 0, 1);
		queue.giveBack(chain, kind == OUT || kind == FLUSH_REQUEST ? 1 : room + 1);
		return length;
	}

	private int execute(int kind, long sector, long length, Chain chain) throws IOException {
		switch (kind) {
			case IN, OUT -> {
				long sectors = disk.size() / Disk.SECTOR;
				if (length > LARGEST_REQUEST || length % Disk.SECTOR != 0 || sector < 0 || sector > sectors
						|| length / Disk.SECTOR > sectors - sector || kind == OUT && disk.isReadOnly()) {
					return ERROR;
				}
				move(kind == OUT, sector * Disk.SECTOR, length, chain);
				return OK;
			}
			case FLUSH_REQUEST -> {
				disk.flush();
				return OK;
			}
			case GET_ID -> {
				chain.write(0, id, 0, (int) Math.min(length, ID_LENGTH));
				return OK;
			}
			default -> {
				return UNSUPPORTED;
			}
		}
	}

	private void move(boolean toDisk, long at, long length, Chain chain) throws IOException {
		for (long done = 0; done < length;) {
			int part = (int) Math.min(CHUNK, length - done);
			if (toDisk) {
				chain.read(HEADER + done, buffer, 0, part);
				disk.write(at + done, buffer, 0, part);
			} else {
				disk.read(at + done, buffer, 0, part);
				chain.write(done, buffer, 0, part);
			}
			done += part;
		}
	}
}
