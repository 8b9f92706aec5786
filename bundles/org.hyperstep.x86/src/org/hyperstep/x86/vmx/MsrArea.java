/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.virtualization.ProvidedMsrs;

/**
 * VM-entry MSR-load area, VM-exit MSR-store and MSR-load areas (Intel SDM, "Loading MSRs", "Saving MSRs"). What RDMSR
 * and WRMSR can do with a register the areas can, but for those that the manual excepts. A guest hypervisor's areas move
 * the registers of its machine, some of which the software below provides.
 */
final class MsrArea {
	private static final int FS_BASE = 0xc000_0100, GS_BASE = 0xc000_0101, SMM_MONITOR_CTL = 0x9b,
			BIOS_UPDT_TRIG = 0x79,
			SMBASE = 0x9e, FIRST_X2APIC = 0x800, P5_MC_ADDR = 0, P5_MC_TYPE = 1;
	/** The most entries that IA32_VMX_MISC recommends; one more cannot be loaded or stored. */
	private static final long MOST = 512;

	private MsrArea() {
	}

	/** Loads at VM entry, in order; returns the number of the first entry that cannot be loaded, from 1, or 0. */
	static int load(Vmcs vmcs, Processor processor, LowerMemory memory, ProvidedMsrs provided) {
		return load(processor, memory, provided, vmcs.read(VM_ENTRY_MSR_LOAD_ADDRESS),
				vmcs.read(VM_ENTRY_MSR_LOAD_COUNT));
	}

	/** Loads at VM exit; anything but 0 is a VMX abort. */
	static int loadHost(Vmcs vmcs, Processor processor, LowerMemory memory, ProvidedMsrs provided) {
		return load(processor, memory, provided, vmcs.read(VM_EXIT_MSR_LOAD_ADDRESS),
				vmcs.read(VM_EXIT_MSR_LOAD_COUNT));
	}

	private static int load(Processor processor, LowerMemory memory, ProvidedMsrs provided, long address,
			long count) {
		for (int i = 0; i < count; i++) {
			long entry = address + 16L * i;
			long index = memory.read(entry, 8);
			if (i == MOST || index >>> 32 != 0
					|| !set(processor, provided, (int) index, memory.read(entry + 8, 8))) {
				return i + 1;
			}
		}
		return 0;
	}

	/** Stores at VM exit, in order. False where an entry cannot be stored: a VMX abort. */
	static boolean store(Vmcs vmcs, Processor processor, LowerMemory memory, ProvidedMsrs provided) {
		long count = vmcs.read(VM_EXIT_MSR_STORE_COUNT);
		long address = vmcs.read(VM_EXIT_MSR_STORE_ADDRESS);
		for (int i = 0; i < count; i++) {
			long entry = address + 16L * i;
			long index = memory.read(entry, 8);
			if (i == MOST || index >>> 32 != 0 || !storable((int) index)
					|| !store(processor, memory, provided, (int) index, entry + 8)) {
				return false;
			}
		}
		return true;
	}

	private static boolean store(Processor processor, LowerMemory memory, ProvidedMsrs provided, int index,
			long address) {
		if (provided.provides(index)) {
			boolean readable = provided.readable(index);
			if (readable) {
				memory.write(address, 8, provided.read(index));
			}
			return readable;
		}
		try {
			memory.write(address, 8, processor.system().modelSpecificRegisters.read(index));
			return true;
		} catch (GuestFault absent) {
			return false;
		}
	}

	private static boolean storable(int index) {
		return index >>> 8 != FIRST_X2APIC >>> 8 && index != SMBASE;
	}

	private static boolean set(Processor processor, ProvidedMsrs provided, int index, long value) {
		// "Loading MSRs" may fail for model-specific reasons: here for the remains of the Pentium's machine check.
		boolean excepted = index == P5_MC_ADDR || index == P5_MC_TYPE || index == FS_BASE || index == GS_BASE
				|| index == SMM_MONITOR_CTL || index == BIOS_UPDT_TRIG
				|| index >>> 8 == FIRST_X2APIC >>> 8;
		if (excepted) {
			return false;
		}
		if (provided.provides(index)) {
			return provided.write(index, value);
		}
		try {
			processor.system().modelSpecificRegisters.write(index, value);
			return true;
		} catch (GuestFault refused) {
			return false;
		}
	}
}
