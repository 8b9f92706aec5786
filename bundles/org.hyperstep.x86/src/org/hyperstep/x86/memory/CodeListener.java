/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/** Holds translations of code; told of stores into lines of 64 bytes that {@link PhysicalMemory#markCode} named. */
public interface CodeListener {

	/**
	 * Bytes of at least one marked line are about to change; called before the store takes effect. The lines stay
	 * marked until {@link PhysicalMemory#unmarkCode}.
	 *
	 * @param hostPhysical first byte of the store
	 * @param length       bytes stored, within one page
	 */
	void codeStored(long hostPhysical, int length);
}
