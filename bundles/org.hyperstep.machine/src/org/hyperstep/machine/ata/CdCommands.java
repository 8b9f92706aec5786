/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.hyperstep.machine.bus.DeviceState;

/** The commands of a CD drive that holds a CD with one data track (MMC-4). Numbers are big-endian. */
@SuppressWarnings("nls")
final class CdCommands {
	static final int SECTOR = 2048;
	private static final int ILLEGAL_REQUEST = 5, MEDIUM_ERROR = 3;
	/** Additional sense codes. */
	private static final int INVALID_OPCODE = 0x20, OUT_OF_RANGE = 0x21, INVALID_FIELD = 0x24, UNRECOVERED = 0x11;
	private static final int LEAD_OUT = 0xaa, DATA_TRACK = 0x14, FRAMES = 75, LEAD_IN = 150;
	private static final int CAPABILITIES_PAGE = 0x2a, ALL_PAGES = 0x3f, CHANGEABLE = 1;

	/**
	 * What comes of a command.
	 *
	 * @param failed  the sense data say why
	 * @param reply   bytes for the host
	 * @param start   the first sector to be read instead, if {@code sectors} is not 0
	 */
	record Answer(boolean failed, byte[] reply, long start, long sectors) {
	}

	private static final Answer FAILED = new Answer(true, new byte[0], 0, 0);
	private static final Answer NOTHING = new Answer(false, new byte[0], 0, 0);

	private final long sectors;
	private int senseKey;
	private int senseCode;

	CdCommands(long sectors) {
		this.sectors = sectors;
	}

	void reset() {
		sense(0, 0);
	}

	DeviceState state() {
		return new DeviceState().number("key", () -> senseKey, v -> senseKey = (int) v).number("code",
				() -> senseCode, v -> senseCode = (int) v);
	}

	int senseKey() {
		return senseKey;
	}

	private void sense(int key, int code) {
		senseKey = key;
		senseCode = code;
	}

	/** A sector could not be read. */
	void readError() {
		sense(MEDIUM_ERROR, UNRECOVERED);
	}

	private Answer illegal(int code) {
		sense(ILLEGAL_REQUEST, code);
		return FAILED;
	}

	/** At most as many bytes as the host has room for. */
	private static Answer reply(ByteBuffer reply, int room) {
		return new Answer(false, Arrays.copyOf(reply.array(), Math.min(reply.capacity(), room)), 0, 0);
	}

	/** Executes a packet of 12 bytes. */
	Answer execute(byte[] packet) {
		ByteBuffer command = ByteBuffer.wrap(packet);
		int code = packet[0] & 0xff;
		if (code == 0x03) {
			return requestSense(packet[4] & 0xff);
		}
		sense(0, 0);
		int room = command.getShort(7) & 0xffff;
		return switch (code) {
			// TEST UNIT READY, START STOP UNIT, PREVENT ALLOW MEDIUM REMOVAL, SEEK, SET CD SPEED, SYNCHRONIZE CACHE.
			case 0x00, 0x1b, 0x1e, 0x2b, 0xbb, 0x35 -> NOTHING;
			case 0x12 -> inquiry(packet, packet[4] & 0xff | (packet[3] & 0xff) << 8);
			case 0x25 -> reply(ByteBuffer.allocate(8).putInt((int) sectors - 1).putInt(SECTOR), 8);
			case 0x28 -> read(command.getInt(2) & 0xffffffffL, room);
			case 0xa8 -> read(command.getInt(2) & 0xffffffffL, command.getInt(6) & 0xffffffffL);
			case 0xbe -> readCd(command);
			case 0x42 -> reply(ByteBuffer.allocate(4).put(1, (byte) 0x15), room);
			case 0x43 -> tableOfContents(packet, room);
			case 0x46 -> configuration(room);
			case 0x4a -> eventStatus(packet, room);
			case 0x51 -> discInformation(room);
			case 0x5a -> modeSense(packet, room);
			case 0xbd -> reply(ByteBuffer.allocate(8), command.getShort(8) & 0xffff);
			default -> illegal(INVALID_OPCODE);
		};
	}

	private Answer requestSense(int room) {
		ByteBuffer data = ByteBuffer.allocate(18).put(0, (byte) 0x70).put(2, (byte) senseKey).put(7, (byte) 10).put(12,
				(byte) senseCode);
		sense(0, 0);
		return reply(data, room);
	}

	private Answer inquiry(byte[] packet, int room) {
		if ((packet[1] & 1) != 0) {
			return illegal(INVALID_FIELD);
		}
		ByteBuffer data = ByteBuffer.allocate(36).put(0, (byte) 5).put(1, (byte) 0x80).put(3, (byte) 0x21).put(4,
				(byte) 31);
		data.put(8, String.format("%-8s%-16s%-4s", "HYPERSTP", "CD-ROM", "1.0").getBytes(StandardCharsets.US_ASCII));
		return reply(data, room);
	}

	private Answer read(long start, long length) {
		if (start > sectors || length > sectors - start) {
			return illegal(OUT_OF_RANGE);
		}
		return new Answer(false, new byte[0], start, length);
	}

	/** Of the parts of a sector only the user data can be had. */
	private Answer readCd(ByteBuffer command) {
		int parts = command.get(9) & 0xf8;
		int length = command.getInt(5) & 0xffffff;
		return parts == 0 ? NOTHING
				: parts == 0x10 ? read(command.getInt(2) & 0xffffffffL, length)
						: illegal(INVALID_FIELD);
	}

	private Answer tableOfContents(byte[] packet, int room) {
		boolean minutes = (packet[1] & 2) != 0;
		int format = (packet[2] & 0xf) != 0 ? packet[2] & 0xf : (packet[9] & 0xff) >> 6;
		int first = packet[6] & 0xff;
		if (format > 1 || format == 0 && first > 1 && first != LEAD_OUT) {
			return illegal(INVALID_FIELD);
		}
		boolean tracks = format == 1 || first <= 1;
		boolean leadOut = format == 0;
		ByteBuffer data = ByteBuffer.allocate(4 + (tracks ? 8 : 0) + (leadOut ? 8 : 0));
		data.putShort((short) (data.capacity() - 2)).put((byte) 1).put((byte) 1);
		if (tracks) {
			data.put((byte) 0).put((byte) DATA_TRACK).put((byte) 1).put((byte) 0).putInt(address(0, minutes));
		}
		if (leadOut) {
			data.put((byte) 0).put((byte) DATA_TRACK).put((byte) LEAD_OUT).put((byte) 0)
					.putInt(address(sectors, minutes));
		}
		return reply(data, room);
	}

	private static int address(long sector, boolean minutes) {
		if (!minutes) {
			return (int) sector;
		}
		long frames = sector + LEAD_IN;
		return (int) (frames / FRAMES / 60 << 16 | frames / FRAMES % 60 << 8 | frames % FRAMES);
	}

	/** The current profile is CD-ROM; its feature and the core's are listed. */
	private static Answer configuration(int room) {
		ByteBuffer data = ByteBuffer.allocate(28).putInt(24).putShort((short) 0).putShort((short) 8);
		data.putShort((short) 0).put((byte) 3).put((byte) 4).putShort((short) 8).put((byte) 1).put((byte) 0);
		data.putShort((short) 1).put((byte) 3).put((byte) 8).putInt(2).putInt(0);
		return reply(data, room);
	}

	/** Nothing happens to the CD. Asked without the polled bit it would have to wait, which is refused. */
	private Answer eventStatus(byte[] packet, int room) {
		if ((packet[1] & 1) == 0) {
			return illegal(INVALID_FIELD);
		}
		boolean media = (packet[4] & 0x10) != 0;
		ByteBuffer data = ByteBuffer.allocate(media ? 8 : 4).putShort((short) (media ? 6 : 2))
				.put((byte) (media ? 4 : 0x80)).put((byte) 0x10);
		if (media) {
			data.put((byte) 0).put((byte) 2);
		}
		return reply(data, room);
	}

	private static Answer discInformation(int room) {
		ByteBuffer data = ByteBuffer.allocate(34).putShort((short) 32).put((byte) 0x0e).put((byte) 1).put((byte) 1)
				.put((byte) 1).put((byte) 1).put((byte) 0x20);
		return reply(data, room);
	}

	private Answer modeSense(byte[] packet, int room) {
		int page = packet[2] & 0x3f;
		int control = (packet[2] & 0xff) >> 6;
		if (page != CAPABILITIES_PAGE && page != ALL_PAGES || control == CHANGEABLE) {
			return illegal(INVALID_FIELD);
		}
		ByteBuffer data = ByteBuffer.allocate(8 + 22).putShort((short) 28).put((byte) 0x70);
		data.put(8, (byte) CAPABILITIES_PAGE).put(9, (byte) 20).put(10, (byte) 3).put(12, (byte) 0x71).put(14,
				(byte) 0x29);
		data.putShort(16, (short) 706).putShort(20, (short) 512).putShort(22, (short) 706);
		return reply(data, room);
	}
}
