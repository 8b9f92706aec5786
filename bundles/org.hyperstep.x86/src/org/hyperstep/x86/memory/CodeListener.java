/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/** Holds translations of code, or waits for a store; told of stores into lines of 64 bytes that {@link PhysicalMemory#markCode} named. */
public interface CodeListener {

	/**
	 * Bytes of at least one marked line are about to change; called before the store takes effect.
	 *
	 * @param hostPhysical first byte of the store
	 * @param length       bytes stored, within one page
	 * @return the lines of the page, one bit each, that hold what this listener watches still: only they stay
	 *         marked
	 */
	long codeStored(long hostPhysical, int length);
}
