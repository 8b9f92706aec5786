/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian views of byte arrays; offsets need no alignment. */
public final class LittleEndian {
	/** {@code short} at a byte offset. */
	public static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
	/** {@code int} at a byte offset. */
	public static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
	/** {@code long} at a byte offset. */
	public static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private LittleEndian() {
	}

	/** Reads {@code size} bytes (1, 2, 4 or 8), zero-extended. */
	public static long get(byte[] bytes, int offset, int size) {
		return switch (size) {
			case 1 -> bytes[offset] & 0xff;
			case 2 -> (short) SHORT.get(bytes, offset) & 0xffff;
			case 4 -> (int) INT.get(bytes, offset) & 0xffff_ffffL;
			case 8 -> (long) LONG.get(bytes, offset);
			default -> throw new IllegalArgumentException(Integer.toString(size));
		};
	}

	/** Writes the low {@code size} bytes (1, 2, 4 or 8) of {@code value}. */
	public static void set(byte[] bytes, int offset, int size, long value) {
		switch (size) {
			case 1 -> bytes[offset] = (byte) value;
			case 2 -> SHORT.set(bytes, offset, (short) value);
			case 4 -> INT.set(bytes, offset, (int) value);
			case 8 -> LONG.set(bytes, offset, value);
			default -> throw new IllegalArgumentException(Integer.toString(size));
		}
	}
}
