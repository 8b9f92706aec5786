/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.OptionalLong;

/**
 * Memory of the guest as a debugger sees it: no accessed or dirty bits are set, no faults arise, devices are not
 * touched. On the machine's thread, while the guest stands still.
 */
public interface GuestMemory {

	/** Translates by the CPU's present paging structures; empty where nothing is mapped. */
	OptionalLong translate(long linear);

	/**
	 * Reads linear memory.
	 *
	 * @return bytes read, up to the first byte that is not mapped or not RAM
	 */
	int readLinear(long linear, byte[] target, int offset, int length);

	/**
	 * Writes linear memory, page protection notwithstanding; translated code of the bytes is dropped.
	 *
	 * @return bytes written, up to the first byte that is not mapped or not RAM
	 */
	int writeLinear(long linear, byte[] source, int offset, int length);

	/** Reads guestPhysical memory; returns the bytes read, up to the first that is not RAM. */
	int readPhysical(long guestPhysical, byte[] target, int offset, int length);

	/** Writes guestPhysical memory; returns the bytes written, up to the first that is not RAM. */
	int writePhysical(long guestPhysical, byte[] source, int offset, int length);
}
