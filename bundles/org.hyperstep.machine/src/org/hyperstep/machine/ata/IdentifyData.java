/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import java.util.Arrays;

/** The 256 words by which a drive describes itself (ATA/ATAPI-6, "IDENTIFY DEVICE", "IDENTIFY PACKET DEVICE"). */
@SuppressWarnings("nls")
final class IdentifyData {
	static final int HEADS = 16, SECTORS = 63, MOST_CYLINDERS = 16383;
	private static final int SIZE = 512;
	private static final long MOST_28_BIT = 0xfffffff;

	private final byte[] bytes = new byte[SIZE];

	private IdentifyData() {
	}

	private void word(int index, int value) {
		bytes[2 * index] = (byte) value;
		bytes[2 * index + 1] = (byte) (value >> 8);
	}

	private void wide(int index, long value) {
		word(index, (int) value & 0xffff);
		word(index + 1, (int) (value >>> 16) & 0xffff);
	}

	/** Two characters a word, the first in the high byte, padded with spaces. */
	private void text(int index, int words, String text) {
		for (int i = 0; i < 2 * words; i++) {
			bytes[2 * index + (i ^ 1)] = (byte) (i < text.length() ? text.charAt(i) : ' ');
		}
	}

	private void names(int number, String model) {
		text(10, 10, String.format("HS%05d", number + 1));
		text(23, 4, "1.0");
		text(27, 20, model);
		word(80, 0x7e);
	}

	private void dma() {
		word(53, 6);
		word(63, 7);
		word(64, 3);
		for (int i = 65; i <= 68; i++) {
			word(i, 120);
		}
		word(88, 0x3f);
		word(93, 0x6001);
	}

	static int cylinders(long sectors) {
		return (int) Math.min(MOST_CYLINDERS, Math.max(1, sectors / (HEADS * SECTORS)));
	}

	/** A disk of so many sectors; {@code multiple} are moved at a time by READ MULTIPLE. */
	static byte[] disk(int number, long sectors, int multiple, int mostMultiple) {
		IdentifyData data = new IdentifyData();
		int cylinders = cylinders(sectors);
		data.word(0, 0x40);
		data.word(1, cylinders);
		data.word(3, HEADS);
		data.word(6, SECTORS);
		data.names(number, "Hyperstep disk");
		data.word(47, 0x8000 | mostMultiple);
		data.word(48, 1);
		data.word(49, 0xb00);
		data.dma();
		data.word(53, 7);
		data.word(54, cylinders);
		data.word(55, HEADS);
		data.word(56, SECTORS);
		data.wide(57, (long) cylinders * HEADS * SECTORS);
		data.word(59, multiple == 0 ? 0 : 0x100 | multiple);
		data.wide(60, Math.min(sectors, MOST_28_BIT));
		// Write cache, NOP; FLUSH CACHE, FLUSH CACHE EXT and 48-bit addresses.
		data.word(82, 0x4020);
		data.word(83, 0x7400);
		data.word(84, 0x4000);
		data.word(85, 0x4020);
		data.word(86, 0x3400);
		data.word(87, 0x4000);
		data.wide(100, sectors);
		data.wide(102, sectors >>> 32);
		return data.bytes;
	}

	/** A CD drive. */
	static byte[] cdDrive(int number) {
		IdentifyData data = new IdentifyData();
		// Removable, ATAPI, CD-ROM, packets of 12 bytes, fast DRQ.
		data.word(0, 0x85c0);
		data.names(number, "Hyperstep CD-ROM");
		data.word(49, 0xf00);
		data.dma();
		data.word(82, 0x4210);
		data.word(83, 0x4000);
		data.word(84, 0x4000);
		data.word(85, 0x4210);
		data.word(87, 0x4000);
		return Arrays.copyOf(data.bytes, SIZE);
	}
}
