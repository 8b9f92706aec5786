/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

/** What was seen is not what must be. */
@SuppressWarnings("nls")
public final class CheckFailure extends Exception {
	private static final long serialVersionUID = 1;

	public CheckFailure(String message) {
		super(message);
	}

	/** Fails unless both are equal. */
	static void same(String what, Object expected, Object seen) throws CheckFailure {
		if (!expected.equals(seen)) {
			throw new CheckFailure(what + ": expected " + expected + ", was " + seen);
		}
	}

	/** Fails unless both are equal; shows them in hexadecimal. */
	static void same(String what, long expected, long seen) throws CheckFailure {
		if (expected != seen) {
			throw new CheckFailure(
					what + ": expected 0x" + Long.toHexString(expected) + ", was 0x" + Long.toHexString(seen));
		}
	}

	/** Fails unless the condition holds. */
	static void holds(String what, boolean condition) throws CheckFailure {
		if (!condition) {
			throw new CheckFailure("does not hold: " + what);
		}
	}
}
