/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;

/** VM-entry MSR-load area and VM-exit MSR-store area (Intel SDM, "Loading MSRs", "Saving MSRs"). */
final class MsrArea {
	private static final int TSC_AUX = 0xc000_0103, STAR = 0xc000_0081, LSTAR = 0xc000_0082, CSTAR = 0xc000_0083,
			SFMASK = 0xc000_0084, KERNEL_GS_BASE = 0xc000_0102;

	private MsrArea() {
	}

	/** Loads the entries in order; returns the number of the first that cannot be loaded, from 1, or 0. */
	static int load(Vmcs vmcs, Processor processor) {
		PhysicalMemory memory = processor.mmu().physical();
		long count = vmcs.read(VM_ENTRY_MSR_LOAD_COUNT);
		for (int i = 0; i < count; i++) {
			long entry = vmcs.read(VM_ENTRY_MSR_LOAD_ADDRESS) + 16L * i;
			long index = memory.read(entry, 8);
			if (index >>> 32 != 0 || !set(processor.state(), (int) index, memory.read(entry + 8, 8))) {
				return i + 1;
			}
		}
		return 0;
	}

	/** Stores the entries in order. An MSR that cannot be stored would be a VMX abort: a fault of the software below. */
	static void store(Vmcs vmcs, Processor processor) {
		PhysicalMemory memory = processor.mmu().physical();
		long count = vmcs.read(VM_EXIT_MSR_STORE_COUNT);
		for (int i = 0; i < count; i++) {
			long entry = vmcs.read(VM_EXIT_MSR_STORE_ADDRESS) + 16L * i;
			memory.write(entry + 8, 8, get(processor.state(), (int) memory.read(entry, 4)));
		}
	}

	private static boolean set(CpuState state, int index, long value) {
		switch (index) {
			case STAR -> state.star = value;
			case LSTAR -> state.lstar = value;
			case CSTAR -> state.cstar = value;
			case SFMASK -> state.syscallMask = value;
			case KERNEL_GS_BASE -> state.kernelGsBase = value;
			case TSC_AUX -> state.tscAux = value;
			default -> {
				return false;
			}
		}
		return true;
	}

	private static long get(CpuState state, int index) {
		return switch (index) {
			case STAR -> state.star;
			case LSTAR -> state.lstar;
			case CSTAR -> state.cstar;
			case SFMASK -> state.syscallMask;
			case KERNEL_GS_BASE -> state.kernelGsBase;
			case TSC_AUX -> state.tscAux;
			default -> throw new IllegalStateException(
					"VMX abort 1: no MSR 0x" + Integer.toHexString(index) + " to store"); //$NON-NLS-1$ //$NON-NLS-2$
		};
	}
}
