/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.Interception;

/**
 * Physical memory as the software sees it that a VMCS belongs to: hostPhysical for the bottom's, and for a guest
 * hypervisor's what the bottom translates. Values lie within one naturally aligned unit.
 */
final class LowerMemory {
	private final PhysicalMemory memory;
	private final ContextStack contexts;
	private final boolean translated;

	/**
	 * Makes the view.
	 *
	 * @param translated whether addresses are guestPhysical of the bottom context
	 */
	LowerMemory(PhysicalMemory memory, ContextStack contexts, boolean translated) {
		this.memory = memory;
		this.contexts = contexts;
		this.translated = translated;
	}

	long read(long address, int size) {
		return memory.read(translated ? host(address, Interception.READ) : address, size);
	}

	void write(long address, int size, long value) {
		memory.write(translated ? host(address, Interception.WRITE) : address, size, value);
	}

	/** The hostPhysical address. */
	long host(long address, int access) {
		return contexts.bottom().translate(address, access, 0, true) & Mmu.PHYSICAL_MASK;
	}

	/** The hostPhysical address without any effect; -1 where nothing is mapped. */
	long hostForDebugger(long address) {
		return translated ? contexts.bottom().translateForDebugger(address) : address;
	}

	/** Reads for a debugger: zero where nothing is mapped. */
	long look(long address, int size) {
		long host = hostForDebugger(address);
		return host < 0 || memory.bankAt(host) == null ? 0 : memory.read(host, size);
	}
}
