/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.input;

/** Takes what the guest sends over a serial line. Called on the machine's thread; must not block it for long. */
@FunctionalInterface
public interface SerialSink {
	/** One byte, 0 to 255. */
	void write(int value);
}
