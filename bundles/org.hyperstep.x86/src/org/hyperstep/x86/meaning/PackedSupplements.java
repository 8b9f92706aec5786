/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.PackedIntegers.clamp;
import static org.hyperstep.x86.meaning.PackedIntegers.elements;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedIntegers.Element;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** The integer instructions of SSSE3. */
final class PackedSupplements {
	private PackedSupplements() {
	}

	static void define(Section rows) {
		rows.define(Mnemonic.PSHUFB, PackedSupplements::shuffleBytes);
		rows.define(Mnemonic.PHADDW, horizontal(16, (a, b) -> a + b));
		rows.define(Mnemonic.PHADDD, horizontal(32, (a, b) -> a + b));
		rows.define(Mnemonic.PHADDSW, horizontal(16, (a, b) -> clamp(a + b, -32768, 32767)));
		rows.define(Mnemonic.PHSUBW, horizontal(16, (a, b) -> a - b));
		rows.define(Mnemonic.PHSUBD, horizontal(32, (a, b) -> a - b));
		rows.define(Mnemonic.PHSUBSW, horizontal(16, (a, b) -> clamp(a - b, -32768, 32767)));
		rows.define(Mnemonic.PMADDUBSW, elements(16, (a, b) -> clamp(
				(a & 255) * (byte) b + (a >> 8 & 255) * (byte) (b >> 8), -32768, 32767)));
		rows.define(Mnemonic.PMULHRSW, elements(16, (a, b) -> (a * b >> 14) + 1 >> 1));
		rows.define(Mnemonic.PSIGNB, elements(8, (a, b) -> a * Long.signum(b)));
		rows.define(Mnemonic.PSIGNW, elements(16, (a, b) -> a * Long.signum(b)));
		rows.define(Mnemonic.PSIGND, elements(32, (a, b) -> a * Long.signum(b)));
		rows.define(Mnemonic.PABSB, elements(8, (a, b) -> Math.abs(b)));
		rows.define(Mnemonic.PABSW, elements(16, (a, b) -> Math.abs(b)));
		rows.define(Mnemonic.PABSD, elements(32, (a, b) -> Math.abs(b)));
		rows.define(Mnemonic.PALIGNR, PackedSupplements::align);
	}

	private static void shuffleBytes(VectorLane lane) {
		lane.set(shuffledBytes(lane, lane.bLow), shuffledBytes(lane, lane.bHigh));
	}

	private static long shuffledBytes(VectorLane lane, long selectors) {
		long result = 0;
		for (int at = 0; at < 64; at += 8) {
			int selector = (int) (selectors >>> at);
			if ((selector & 0x80) == 0) {
				long half = (selector & 8 & lane.bytes >> 1) == 0 ? lane.aLow : lane.aHigh;
				result |= (half >>> ((selector & 7) << 3) & 255) << at;
			}
		}
		return result;
	}

	/** Pairs of neighbours: the first source's become the lower elements, the second's the upper ones. */
	private static LaneOperation horizontal(int bits, Element element) {
		return lane -> {
			long a = pairs(bits, element, lane.aLow);
			long b = pairs(bits, element, lane.bLow);
			if (lane.bytes == 8) {
				lane.low = a | b << 32;
			} else {
				lane.set(a | pairs(bits, element, lane.aHigh) << 32, b | pairs(bits, element, lane.bHigh) << 32);
			}
		};
	}

	private static long pairs(int bits, Element element, long half) {
		long result = 0;
		for (int at = 0; at < 64; at += 2 * bits) {
			long value = element.apply(half << 64 - bits - at >> 64 - bits, half << 64 - 2 * bits - at >> 64 - bits);
			result |= (value & -1L >>> 64 - bits) << (at >> 1);
		}
		return result;
	}

	/** Both sources in a row, the first above the second, shifted right by so many bytes. */
	private static void align(VectorLane lane) {
		int bits = 8 * lane.immediate;
		if (lane.bytes == 8) {
			lane.low = shifted(lane.bLow, lane.aLow, 0, bits);
		} else if (bits < 128) {
			boolean far = bits >= 64;
			long first = far ? lane.bHigh : lane.bLow;
			long second = far ? lane.aLow : lane.bHigh;
			long third = far ? lane.aHigh : lane.aLow;
			lane.set(shifted(first, second, third, bits & 63), shifted(second, third, 0, bits & 63));
		} else {
			lane.set(shifted(lane.aLow, lane.aHigh, 0, bits - 128), shifted(lane.aHigh, 0, 0, bits - 128));
		}
	}

	/** The low half of third:second:first shifted right by any number of bits. */
	private static long shifted(long first, long second, long third, int bits) {
		if (bits == 0) {
			return first;
		}
		if (bits < 64) {
			return first >>> bits | second << 64 - bits;
		}
		return bits == 64 ? second : bits < 128 ? second >>> bits - 64 | third << 128 - bits : 0;
	}
}
