/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

/** Bytes that make a sum zero. */
final class Checksums {
	private Checksums() {
	}

	/** Sets the byte at {@code at} so that those from {@code start} to {@code end} sum up to zero. Returns the array. */
	static byte[] complete(byte[] bytes, int start, int end, int at) {
		int sum = 0;
		for (int i = start; i < end; i++) {
			sum += i == at ? 0 : bytes[i];
		}
		bytes[at] = (byte) -sum;
		return bytes;
	}
}
