/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;

/** The log of guestPhysical addresses whose EPT dirty flag was set (Intel SDM, "Page-Modification Logging"). */
final class PageModificationLog {
	private static final int ENTRIES = 512;

	private final Vmcs vmcs;
	private final LowerMemory memory;
	private boolean enabled;

	PageModificationLog(Vmcs vmcs, LowerMemory memory) {
		this.vmcs = vmcs;
		this.memory = memory;
	}

	/** Takes over what the VMCS says. */
	void refresh() {
		enabled = vmcs.has(VmxControl.ENABLE_PML);
	}

	/** Whether there is no room for an entry: the access exits before it sets the flag. */
	boolean full() {
		return enabled && vmcs.read(PML_INDEX) >= ENTRIES;
	}

	void add(long guestPhysical) {
		if (enabled) {
			long index = vmcs.read(PML_INDEX);
			memory.write(vmcs.read(PML_ADDRESS) + index * 8, 8, guestPhysical & -4096L);
			vmcs.store(PML_INDEX, index - 1);
		}
	}
}
