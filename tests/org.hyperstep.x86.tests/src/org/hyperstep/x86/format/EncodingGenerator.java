/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.Random;

import org.hyperstep.x86.decode.CodeSize;

/**
 * Makes encodings that between them cover every opcode with every kind of prefix and operand: the opcode counts up, all
 * else is drawn from a seeded source.
 */
@SuppressWarnings("nls")
final class EncodingGenerator {

	private static final int[] PREFIXES = { 0x66, 0x66, 0x66, 0x67, 0x67, 0xf2, 0xf2, 0xf3, 0xf3, 0xf3, 0xf0, 0x26,
			0x2e,
			0x36, 0x3e, 0x64, 0x65 };
	/** Stand for drawn VEX, XOP and EVEX prefixes. */
	private static final int[] VEX = {}, XOP = {}, EVEX = {};
	/** 3DNow! (0F 0F) has its opcode behind the operands; it and the last two are not offered. */
	private static final int[][] ESCAPES = { {}, {}, { 0x0f }, { 0x0f }, { 0x0f }, { 0x0f, 0x38 }, { 0x0f, 0x3a }, VEX,
			VEX, { 0x0f, 0x0f }, XOP, EVEX };
	private static final int MAPS_OF_VEX = 3, FIRST_MAP_OF_XOP = 8;
	private static final int[] EDGE_BYTES = { 0, 1, 0x7f, 0x80, 0xff };
	/** Room for operands behind the opcode; with three prefixes, REX and a three-byte opcode this makes 15. */
	private static final int OPERAND_BYTES = 10;

	private final Random random;
	private final boolean longMode;
	private int next;

	EncodingGenerator(CodeSize codeSize, long seed) {
		this.random = new Random(seed);
		this.longMode = codeSize == CodeSize.CODE64;
	}

	/** Writes an encoding, and whatever follows it, over all of {@code slot}. */
	void fill(byte[] slot) {
		int at = prefixes(slot);
		int[] escapes = ESCAPES[(next >> 8) % ESCAPES.length];
		for (int escape : escapes) {
			slot[at++] = (byte) escape;
		}
		if (escapes == VEX) {
			at = vex(slot);
		} else if (escapes == XOP) {
			at = threeBytes(slot, overrides(slot), 0x8f, FIRST_MAP_OF_XOP);
		} else if (escapes == EVEX) {
			at = evex(slot);
		}
		slot[at++] = (byte) next++;
		for (int i = 0; i < OPERAND_BYTES && at < slot.length; i++) {
			slot[at++] = (byte) (random.nextInt(4) == 0 ? EDGE_BYTES[random.nextInt(EDGE_BYTES.length)]
					: random.nextInt());
		}
	}

	/** VEX, alone or behind prefixes that go with it; the unused vvvv is drawn more often than others. */
	private int vex(byte[] slot) {
		int at = overrides(slot);
		if (random.nextInt(4) != 0) {
			return threeBytes(slot, at, 0xc4, 1);
		}
		slot[at++] = (byte) 0xc5;
		slot[at++] = (byte) (fields() | (longMode && random.nextBoolean() ? 0 : 0x80));
		return at;
	}

	/** The prefixes that may stand before VEX. */
	private int overrides(byte[] slot) {
		if (random.nextInt(4) != 0) {
			return 0;
		}
		slot[0] = (byte) (random.nextBoolean() ? 0x67 : 0x64);
		return 1;
	}

	/** VEX.vvvv, L and pp. */
	private int fields() {
		return random.nextInt(8) | (random.nextBoolean() ? 15 : random.nextInt(16)) << 3;
	}

	/** Three-byte VEX or XOP with one of three maps, now and then with one that nobody uses. */
	private int threeBytes(byte[] slot, int start, int first, int firstMap) {
		int map = random.nextInt(16) == 0 ? random.nextInt(32) : firstMap + random.nextInt(MAPS_OF_VEX);
		int at = start;
		slot[at++] = (byte) first;
		slot[at++] = (byte) ((longMode ? random.nextInt(8) << 5 : 0xe0) | map);
		slot[at++] = (byte) (fields() | (random.nextBoolean() ? 0x80 : 0));
		return at;
	}

	private int evex(byte[] slot) {
		int at = overrides(slot);
		slot[at++] = 0x62;
		slot[at++] = (byte) ((longMode ? random.nextInt(16) << 4 : 0xf0) | 1 + random.nextInt(MAPS_OF_VEX));
		slot[at++] = (byte) (random.nextInt(256) | 4);
		slot[at++] = (byte) random.nextInt(256);
		return at;
	}

	private int prefixes(byte[] slot) {
		int at = 0;
		int count = Math.max(0, random.nextInt(6) - 2);
		for (int i = 0; i < count; i++) {
			slot[at++] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
		}
		if (longMode && random.nextInt(3) == 0) {
			slot[at++] = (byte) (0x40 | random.nextInt(16));
		}
		return at;
	}
}
