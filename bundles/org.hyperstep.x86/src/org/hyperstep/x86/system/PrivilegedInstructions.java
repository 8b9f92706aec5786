/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Descriptor;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;

/** CPUID, HLT, time-stamp, cache and TLB instructions, MONITOR and MWAIT, and the permission of ports. */
public final class PrivilegedInstructions {
	private static final int OSXSAVE = 1 << 27, APIC = 1 << 9, OSPKE = 1 << 4, EXTENDED_STATE = 0xd;
	/** Offset of the I/O map base in a 32-bit or 64-bit TSS. */
	private static final int IO_MAP_BASE = 0x66;
	/** The first of AMD's performance counters (PerfCtr0). */
	private static final int FIRST_COUNTER = 0xc001_0004, COUNTERS = 4;

	/** IA32_MISC_ENABLE: MONITOR FSM; HWCR: MonMwaitDis, MonMwaitUserEn. */
	private static final int MISC_ENABLE_MONITOR = 1 << 18, HWCR_MONITOR_DISABLE = 1 << 9, HWCR_MONITOR_USER = 1 << 10;
	private static final int MONITOR = 1 << 3;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final Mmu mmu;
	private final int[] answer = new int[4];

	PrivilegedInstructions(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
		mmu = unit.mmu;
	}

	private void intercept(InterceptedInstruction instruction, int length, long information) {
		unit.interception().instruction(instruction, length, information);
	}

	/** CPUID of EAX and ECX. */
	public void cpuid(int length) {
		intercept(InterceptedInstruction.CPUID, length, 0);
		identify((int) state.general[CpuState.RAX], (int) state.general[CpuState.RCX], answer);
		state.general[CpuState.RAX] = answer[0] & 0xffff_ffffL;
		state.general[CpuState.RBX] = answer[1] & 0xffff_ffffL;
		state.general[CpuState.RCX] = answer[2] & 0xffff_ffffL;
		state.general[CpuState.RDX] = answer[3] & 0xffff_ffffL;
	}

	/**
	 * What CPUID answers in the present state, for a hypervisor that changes some of it.
	 *
	 * @param result takes EAX, EBX, ECX, EDX
	 */
	public void identify(int leaf, int subleaf, int[] result) {
		unit.model.cpuid(leaf, subleaf, result);
		if (leaf == 1) {
			if ((state.cr4 & CpuState.CR4_OSXSAVE) != 0) {
				result[2] |= OSXSAVE;
			}
			if ((state.apicBase & 1 << 11) == 0) {
				result[3] &= ~APIC;
			}
			if (!monitors()) {
				result[2] &= ~MONITOR;
			}
		} else if (leaf == 7 && subleaf == 0) {
			if ((state.cr4 & CpuState.CR4_PKE) != 0) {
				result[2] |= OSPKE;
			}
		} else if (leaf == EXTENDED_STATE && unit.model.has(Feature.XSAVE)) {
			if (subleaf == 0) {
				result[1] = StateComponent.standardSize(state.xcr0);
			} else if (subleaf == 1 && unit.model.has(Feature.XSAVEC)) {
				result[1] = StateComponent.compactedSize(state.xcr0 | state.xss);
			}
		}
	}

	/** HLT: RIP advances, then the processor waits. */
	public void hlt(int length) {
		unit.requirePrivilege();
		intercept(InterceptedInstruction.HLT, length, 0);
		state.activity = CpuState.Activity.HALTED;
		unit.events.stateChanged();
	}

	// ---- time and counters ----

	private void requireTimeStamp() {
		if ((state.cr4 & CpuState.CR4_TSD) != 0 && state.cpl != 0 && state.protectedMode()) {
			throw fault.generalProtection(0);
		}
	}

	private void readTimeStamp() {
		long value = unit.clock.timeStampCounter() + unit.interception().timeStampOffset();
		state.general[CpuState.RAX] = value & 0xffff_ffffL;
		state.general[CpuState.RDX] = value >>> 32;
	}

	/** RDTSC. */
	public void rdtsc(int length) {
		requireTimeStamp();
		intercept(InterceptedInstruction.RDTSC, length, 0);
		readTimeStamp();
	}

	/** RDTSCP. */
	public void rdtscp(int length) {
		unit.interception().requireEnabled(InterceptedInstruction.RDTSCP);
		requireTimeStamp();
		intercept(InterceptedInstruction.RDTSCP, length, 0);
		readTimeStamp();
		state.general[CpuState.RCX] = state.tscAux;
	}

	/** RDPID: returns IA32_TSC_AUX. */
	public long rdpid() {
		unit.interception().requireEnabled(InterceptedInstruction.RDPID);
		return state.tscAux;
	}

	/** RDPMC: AMD's processors have counters whatever CPUID says, and drivers rely on it; Intel's here have none. */
	public void rdpmc(int length) {
		if ((state.cr4 & CpuState.CR4_PCE) == 0 && state.cpl != 0 && state.protectedMode()) {
			throw fault.generalProtection(0);
		}
		intercept(InterceptedInstruction.RDPMC, length, 0);
		long counter = state.general[CpuState.RCX] & 0xffff_ffffL;
		int register = FIRST_COUNTER + (int) counter;
		if (counter >= COUNTERS || !unit.modelSpecificRegisters.exists(register)) {
			throw fault.generalProtection(0);
		}
		long value = unit.modelSpecificRegisters.read(register);
		state.general[CpuState.RAX] = value & 0xffff_ffffL;
		state.general[CpuState.RDX] = value >>> 32;
	}

	/**
	 * RDRAND and RDSEED: the next number of a generator whose seed is part of the machine's description, so that the same
	 * machine with the same input sees the same numbers.
	 *
	 * @param register the destination, which the exit's information names
	 */
	public long random(InterceptedInstruction instruction, int length, int register) {
		intercept(instruction, length, register);
		// SplitMix64.
		state.randomState += 0x9e37_79b9_7f4a_7c15L;
		long value = (state.randomState ^ state.randomState >>> 30) * 0xbf58_476d_1ce4_e5b9L;
		value = (value ^ value >>> 27) * 0x94d0_49bb_1331_11ebL;
		return value ^ value >>> 31;
	}

	// ---- caches and translations ----

	/** INVLPG of a linear address. */
	public void invlpg(long linear, int length) {
		unit.requirePrivilege();
		intercept(InterceptedInstruction.INVLPG, length, linear);
		if (!state.longModeActive() || mmu.canonical(linear)) {
			mmu.flushPage(linear);
		}
	}

	/**
	 * INVPCID.
	 *
	 * @param type   of the register operand
	 * @param linear address of the descriptor
	 */
	public void invpcid(long type, long linear, int length) {
		if (!unit.model.has(Feature.INVPCID)) {
			throw fault.undefinedInstruction();
		}
		unit.interception().requireEnabled(InterceptedInstruction.INVPCID);
		unit.requirePrivilege();
		intercept(InterceptedInstruction.INVPCID, length, linear);
		long pcid = mmu.read64(linear);
		long address = mmu.read64(linear + 8);
		long identifiers = (state.cr4 & CpuState.CR4_PCIDE) != 0 || type >= 2 ? 0xfff : 0;
		if (Long.compareUnsigned(type, 3) > 0 || (pcid & ~identifiers) != 0) {
			throw fault.generalProtection(0);
		}
		if (type == 0) {
			unit.requireHeld(address);
		}
		// The TLB holds translations of the present PCID alone.
		switch ((int) type) {
			case 0 -> mmu.flushPage(address);
			case 2 -> mmu.flushAll();
			default -> mmu.flush();
		}
	}

	private void requireProtectionKeys() {
		if ((state.cr4 & CpuState.CR4_PKE) == 0) {
			throw fault.undefinedInstruction();
		}
		if ((int) state.general[CpuState.RCX] != 0) {
			throw fault.generalProtection(0);
		}
	}

	/** RDPKRU. */
	public void rdpkru(int length) {
		requireProtectionKeys();
		state.general[CpuState.RAX] = state.extended.pkru & 0xffff_ffffL;
		state.general[CpuState.RDX] = 0;
	}

	/** WRPKRU. */
	public void wrpkru(int length) {
		requireProtectionKeys();
		if ((int) state.general[CpuState.RDX] != 0) {
			throw fault.generalProtection(0);
		}
		mmu.setProtectionKeyRights((int) state.general[CpuState.RAX]);
	}

	/** WBINVD: memory is always coherent. */
	public void wbinvd(int length) {
		unit.requirePrivilege();
		intercept(InterceptedInstruction.WBINVD, length, 0);
	}

	/** INVD. */
	public void invd(int length) {
		unit.requirePrivilege();
		intercept(InterceptedInstruction.INVD, length, 0);
	}

	/**
	 * MONITOR: arms the monitor for the line of an address, which is read as a byte would be.
	 *
	 * @param linear address, after the checks of its segment
	 */
	public void monitor(long linear, int length) {
		requireMonitor();
		intercept(InterceptedInstruction.MONITOR, length, 0);
		if ((int) state.general[CpuState.RCX] != 0) {
			throw fault.generalProtection(0);
		}
		mmu.read8(linear);
		unit.monitor.arm(mmu.probe(linear, Interception.READ));
	}

	/**
	 * MWAIT: ends at once, as "implementation-dependent" events may end it; the software below, which it exits to, does the
	 * waiting. A guest of a guest hypervisor that does not intercept it does not wait.
	 */
	public void mwait(int length) {
		requireMonitor();
		intercept(InterceptedInstruction.MWAIT, length, unit.monitor.armed() ? 1 : 0);
		requireWaitExtensions();
		unit.monitor.disarm();
	}

	/** #GP(0) unless ECX has extensions of MWAIT that there are: bit 0, interrupts end it even if they are masked. */
	public void requireWaitExtensions() {
		if ((state.general[CpuState.RCX] & 0xffff_fffeL) != 0) {
			throw fault.generalProtection(0);
		}
	}

	/** Whether MONITOR and MWAIT exist now: firmware can switch them off. */
	private boolean monitors() {
		boolean intel = unit.model.vendor() == ProcessorModel.Vendor.INTEL;
		long control = unit.modelSpecificRegisters.read(intel ? MsrRow.MISC_ENABLE.index : MsrRow.HWCR.index);
		return unit.model.has(Feature.MONITOR)
				&& (intel ? (control & MISC_ENABLE_MONITOR) != 0 : (control & HWCR_MONITOR_DISABLE) == 0);
	}

	/** #UD where they do not exist, and beyond CPL 0 unless AMD's HWCR lets users have them. */
	public void requireMonitor() {
		boolean user = unit.model.vendor() == ProcessorModel.Vendor.AMD
				&& (unit.modelSpecificRegisters.read(MsrRow.HWCR.index) & HWCR_MONITOR_USER) != 0;
		if (!monitors() || state.cpl != 0 && !user) {
			throw fault.undefinedInstruction();
		}
	}

	/** PAUSE. */
	public void pause(int length) {
		intercept(InterceptedInstruction.PAUSE, length, 0);
	}

	// ---- ports ----

	/**
	 * Whether IN or OUT may touch the ports: IOPL, else the TSS's I/O permission bitmap; raises #GP(0). The intercept
	 * comes after it, and after both the breakpoints: {@code mmu.breakpoints.notePort}.
	 *
	 * @param port 0 to 0xffff
	 * @param size 1, 2 or 4
	 */
	public void requirePort(int port, int size) {
		if (!state.protectedMode() || !state.virtual8086() && state.cpl <= state.ioPrivilegeLevel()) {
			return;
		}
		SegmentState tr = state.segments[CpuState.TR];
		boolean wide = tr.type() == Descriptor.TSS_BUSY;
		if (!wide || IO_MAP_BASE + 1 > tr.limit) {
			throw fault.generalProtection(0);
		}
		int offset = (int) mmu.readSupervisor(tr.base + IO_MAP_BASE, 2) + (port >> 3);
		if (offset + 1 > tr.limit) {
			throw fault.generalProtection(0);
		}
		int bits = (int) mmu.readSupervisor(tr.base + offset, 2) >> (port & 7);
		if ((bits & (1 << size) - 1) != 0) {
			throw fault.generalProtection(0);
		}
	}
}
