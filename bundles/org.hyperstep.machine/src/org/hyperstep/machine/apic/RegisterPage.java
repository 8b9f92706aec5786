/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.hyperstep.x86.memory.LittleEndian;

/**
 * The memory of a local APIC's registers, laid out as Intel SDM, "Local APIC Register Address Map", has it. Requests,
 * what is in service, trigger modes and the task priority live here and nowhere else, so that hardware that virtualizes
 * the APIC (a virtual-APIC page, an AVIC backing page) works on them as the APIC itself does. The other registers are
 * copied here for such hardware by {@link ApicRegisters#publish}.
 */
public final class RegisterPage {
	private static final int SIZE = 4096;

	private final byte[] bytes = new byte[SIZE];
	private boolean mapped;

	/** The page itself, for whoever maps it. */
	public byte[] bytes() {
		mapped = true;
		return bytes;
	}

	/** Whether somebody else may change registers, too. */
	boolean isMapped() {
		return mapped;
	}

	int get(int offset) {
		return (int) LittleEndian.INT.get(bytes, offset);
	}

	void set(int offset, int value) {
		LittleEndian.INT.set(bytes, offset, value);
	}
}
