/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

import org.hyperstep.debug.MemorySpace;
import org.hyperstep.x86.decode.CodeSize;

/** The handlers that the guest's interrupt-descriptor table names, at one stop. Immutable. */
final class InterruptGates {
	private static final int VECTORS = 256;
	private static final int PRESENT = 0x80;
	/** Vectors whose exception pushes an error code (Intel SDM, "Error Code"): 8, 10 to 14, 17, 21, 29, 30. */
	private static final int PUSH_ERROR_CODE = 0x60227d00;

	private final Map<Long, Integer> vectors;
	private final int wordSize;

	private InterruptGates(Map<Long, Integer> vectors, int wordSize) {
		this.vectors = Map.copyOf(vectors);
		this.wordSize = wordSize;
	}

	static InterruptGates read(Machinery machinery, int cpu) {
		boolean longMode = machinery.backEnd.codeSize(cpu) == CodeSize.CODE64;
		Map<Long, Integer> vectors = new HashMap<>();
		if (machinery.backEnd.codeSize(cpu) != CodeSize.CODE16) {
			collect(machinery, cpu, longMode, vectors);
		}
		return new InterruptGates(vectors, longMode ? 8 : 4);
	}

	private static void collect(Machinery machinery, int cpu, boolean longMode, Map<Long, Integer> vectors) {
		long base = machinery.backEnd.readRegister(cpu, machinery.registerIndex("idtr.base")); //$NON-NLS-1$
		long limit = machinery.backEnd.readRegister(cpu, machinery.registerIndex("idtr.limit")); //$NON-NLS-1$
		int gateSize = longMode ? 16 : 8;
		byte[] table = new byte[(int) Math.min(limit + 1, (long) VECTORS * gateSize)];
		int length = machinery.backEnd.readMemory(cpu, MemorySpace.LINEAR, base, table, 0, table.length);
		ByteBuffer gates = ByteBuffer.wrap(table, 0, length).order(ByteOrder.LITTLE_ENDIAN);
		for (int vector = 0; (vector + 1) * gateSize <= length; vector++) {
			int at = vector * gateSize;
			if ((gates.get(at + 5) & PRESENT) != 0) {
				long low = gates.getShort(at) & 0xffffL | (gates.getShort(at + 6) & 0xffffL) << 16;
				vectors.putIfAbsent(longMode ? low | (long) gates.getInt(at + 8) << 32 : low, vector);
			}
		}
	}

	/** The vector whose handler starts at this address, or -1. */
	int vectorOf(long linear) {
		return vectors.getOrDefault(linear, -1);
	}

	/** Bytes of error code that the processor pushes for a vector. */
	int errorCodeSize(int vector) {
		return vector < 32 && (PUSH_ERROR_CODE >>> vector & 1) != 0 ? wordSize : 0;
	}
}
