/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import org.hyperstep.x86.virtualization.ApicRegisterFile;

/** The registers in a vAPIC backing page (AMD APM volume 2, "Virtual APIC Register Accesses"). */
final class BackingPage extends ApicRegisterFile {
	static final int ID = 0x20, DFR = 0xe0, TMR = 0x180;

	private final SvmGuest guest;

	BackingPage(SvmGuest guest) {
		this.guest = guest;
	}

	@Override
	protected long readMemory(long physical, int size) {
		return guest.readBelow(physical, size);
	}

	@Override
	protected void writeMemory(long physical, int size, long value) {
		guest.writeBelow(physical, size, value);
	}
}
