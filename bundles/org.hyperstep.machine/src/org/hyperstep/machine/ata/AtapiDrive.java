/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import java.io.IOException;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.disk.Disk;

/**
 * A CD drive with a CD in it: packets over ATA (ATA/ATAPI-6, "PACKET Command feature set"). What the packets ask for is
 * {@link CdCommands}' to say.
 */
@SuppressWarnings("nls")
final class AtapiDrive extends AtaDrive {
	private static final int PACKET = 0xa0, PACKET_SIZE = 12, BUFFER = 0x10000, MOST_BYTES = 0xfffe;
	/** What is moved next, in the sector count register: the command, data to the host, or nothing any more. */
	private static final int COMMAND_NEXT = 1, DATA_NEXT = 2, STATUS_NEXT = 3;
	private static final int USES_DMA = 1;

	private final Disk disk;
	private final int number;
	private final CdCommands commands;
	private boolean packetNext;
	private boolean dma;
	/** Bytes behind the present part of the data, and where on the disk they are; negative if they are in the buffer. */
	private long left;
	private long at;
	private int limit;

	AtapiDrive(AtaChannel channel, Disk disk, int number) {
		super(channel, BUFFER);
		this.disk = disk;
		this.number = number;
		commands = new CdCommands(disk.size() / CdCommands.SECTOR);
	}

	@Override
	void reset() {
		packetNext = false;
		dma = false;
		left = 0;
		at = 0;
		limit = 0;
		commands.reset();
		java.util.Arrays.fill(buffer, (byte) 0);
		super.reset();
	}

	@Override
	DeviceState state() {
		return super.state().flag("packetNext", () -> packetNext, v -> packetNext = v)
				.flag("dma", () -> dma, v -> dma = v).number("left", () -> left, v -> left = v)
				.number("at", () -> at, v -> at = v).number("limit", () -> limit, v -> limit = (int) v)
				.part("sense", commands.state());
	}

	@Override
	void showSignature() {
		count.set(1);
		low.set(1);
		middle.set(0x14);
		high.set(0xeb);
		status = 0;
	}

	@Override
	void command(int code) {
		error = 0;
		switch (code) {
			case PACKET -> {
				executing = PACKET;
				packetNext = true;
				dma = (features.present & USES_DMA) != 0;
				int asked = high.present << 8 | middle.present;
				limit = Math.min(MOST_BYTES, asked < 2 ? MOST_BYTES : asked & ~1);
				count.set(COMMAND_NEXT);
				requestData(PACKET_SIZE);
			}
			case IDENTIFY_PACKET -> {
				byte[] data = IdentifyData.cdDrive(number);
				System.arraycopy(data, 0, buffer, 0, data.length);
				executing = IDENTIFY_PACKET;
				requestData(data.length);
				channel.request(true);
			}
			case DEVICE_RESET -> reset();
			case DIAGNOSTIC -> {
				showSignature();
				device = 0;
				channel.request(true);
				error = 1;
			}
			case IDENTIFY, 0x20 -> {
				fail(ABORTED);
				showSignature();
				status = READY | FAILED;
			}
			case SET_FEATURES, 0xe0, 0xe1, 0xe5, 0xe6 -> complete();
			default -> fail(ABORTED);
		}
	}

	@Override
	boolean isReading() {
		return !packetNext;
	}

	@Override
	void bufferDone() {
		if (packetNext) {
			packetNext = false;
			executePacket();
		} else if (executing == PACKET) {
			nextPart();
		} else {
			status = READY | SEEK_COMPLETE;
			executing = NOTHING;
			end = 0;
		}
	}

	private void executePacket() {
		byte[] packet = java.util.Arrays.copyOf(buffer, PACKET_SIZE);
		CdCommands.Answer answer = commands.execute(packet);
		position = 0;
		end = 0;
		if (answer.failed()) {
			failPacket();
			return;
		}
		byte[] reply = answer.reply();
		System.arraycopy(reply, 0, buffer, 0, reply.length);
		left = answer.sectors() == 0 ? reply.length : answer.sectors() * CdCommands.SECTOR;
		at = answer.sectors() == 0 ? -1 : answer.start() * CdCommands.SECTOR;
		if (left == 0) {
			completePacket();
		} else if (!dma) {
			nextPart();
		} else {
			status = READY | SEEK_COMPLETE | DATA_REQUEST;
			if (channel.busMaster.isStarted()) {
				busMasterStarted();
			}
		}
	}

	/** Hands the host the next bytes, as many as it takes at a time. */
	private void nextPart() {
		if (left == 0) {
			completePacket();
			return;
		}
		int part = (int) Math.min(left, limit);
		if (at >= 0) {
			try {
				disk.read(at, buffer, 0, part);
			} catch (IOException e) {
				commands.readError();
				failPacket();
				return;
			}
			at += part;
			end = 0;
		}
		int start = end;
		requestData(start + part);
		position = start;
		left -= part;
		count.set(DATA_NEXT);
		middle.set(part & 0xff);
		high.set(part >> 8);
		channel.request(true);
	}

	@Override
	void busMasterStarted() {
		if (executing != PACKET || packetNext || !dma || left == 0) {
			return;
		}
		int[] from = { 0 };
		boolean moved = channel.busMaster.transfer(left, true, (bytes, length) -> {
			try {
				if (at < 0) {
					System.arraycopy(buffer, from[0], bytes, 0, length);
					from[0] += length;
				} else {
					disk.read(at, bytes, 0, length);
					at += length;
				}
				return true;
			} catch (IOException e) {
				commands.readError();
				return false;
			}
		});
		left = 0;
		if (moved) {
			completePacket();
		} else {
			failPacket();
		}
	}

	private void completePacket() {
		count.set(STATUS_NEXT);
		complete();
	}

	private void failPacket() {
		left = 0;
		count.set(STATUS_NEXT);
		fail(commands.senseKey() << 4 | ABORTED);
	}
}
