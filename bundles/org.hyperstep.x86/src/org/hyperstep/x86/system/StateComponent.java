/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

/**
 * State components of the XSAVE feature set, one row each (Intel SDM, "XSAVE-Supported Features and State-Component
 * Bitmaps"). The first two lie in the legacy region of an area of 512 bytes, the others behind its header.
 */
public enum StateComponent {
	/** x87 state. */
	X87(0, Feature.FPU, 0, 0),
	/** XMM registers; MXCSR goes with it and with AVX. */
	SSE(1, Feature.SSE, 0, 0),
	/** Upper halves of the YMM registers. */
	AVX(2, Feature.AVX, 256, LegacyRegion.END),
	/** PKRU, the rights of the protection keys; where the processors that have AVX-512 put it. */
	PKRU(9, Feature.PKU, 8, 2688);

	/** Bytes in front of the first component outside the legacy region: that region, and the header. */
	public static final int EXTENDED_REGION = LegacyRegion.END;

	private static final class LegacyRegion {
		static final int END = 512 + 64;
	}

	private static final StateComponent[] ROWS = values();

	/** Number of the component: its bit in XCR0 and in all bitmaps. */
	public final int number;
	/** What a processor must have to have the component. */
	final Feature feature;
	/** Bytes behind the header; 0 for the two of the legacy region. */
	public final int size;
	/** Offset in an area of the standard format. */
	public final int offset;

	StateComponent(int number, Feature feature, int size, int offset) {
		this.number = number;
		this.feature = feature;
		this.size = size;
		this.offset = offset;
	}

	/** The component's bit in bitmaps. */
	public long bit() {
		return 1L << number;
	}

	/** Offset in an area of the compacted format that has the components of a bitmap. */
	public int compactedOffset(long components) {
		int at = EXTENDED_REGION;
		for (StateComponent lower : ROWS) {
			at += lower.number < number && (components & lower.bit()) != 0 ? lower.size : 0;
		}
		return at;
	}

	/** Bytes of an area of the standard format for the components of a bitmap. */
	public static int standardSize(long components) {
		int end = EXTENDED_REGION;
		for (StateComponent row : ROWS) {
			end = (components & row.bit()) == 0 ? end : Math.max(end, row.offset + row.size);
		}
		return end;
	}

	/** Bytes of an area of the compacted format for the components of a bitmap. */
	public static int compactedSize(long components) {
		int end = EXTENDED_REGION;
		for (StateComponent row : ROWS) {
			end += (components & row.bit()) == 0 ? 0 : row.size;
		}
		return end;
	}
}
