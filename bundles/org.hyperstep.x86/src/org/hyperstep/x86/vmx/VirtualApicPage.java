/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import org.hyperstep.x86.virtualization.ApicRegisterFile;

/** The registers in a virtual-APIC page (Intel SDM, "Virtual APIC State"). */
final class VirtualApicPage extends ApicRegisterFile {
	static final int SELF_IPI = 0x3f0;

	private final LowerMemory memory;

	VirtualApicPage(LowerMemory memory) {
		this.memory = memory;
	}

	@Override
	protected long readMemory(long physical, int size) {
		return memory.read(physical, size);
	}

	@Override
	protected void writeMemory(long physical, int size, long value) {
		memory.write(physical, size, value);
	}

	/** The highest vector whose bit is set, or 0, as RVI and SVI say that there is none. */
	int highestOrZero(int base) {
		return Math.max(0, highest(base));
	}
}
