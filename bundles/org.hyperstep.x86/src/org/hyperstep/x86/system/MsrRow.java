/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.BranchStack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/** The model-specific registers, one row each. An index without a row raises #GP. */
public enum MsrRow {
	TIME_STAMP_COUNTER(0x10, u -> u.clock.timeStampCounter() + u.interception().timeStampOffset(),
			(u, v) -> {
				u.state.tscAdjust += v - u.clock.timeStampCounter();
				u.clock.setTimeStampCounter(v);
			}),
	/** Moves the time-stamp counter by what is added to it. */
	TSC_ADJUST(Vendor.INTEL, 0x3b, u -> u.state.tscAdjust, (u, v) -> {
		u.clock.setTimeStampCounter(u.clock.timeStampCounter() + v - u.state.tscAdjust);
		u.state.tscAdjust = v;
	}),
	PLATFORM_ID(0x17, 0, 0),
	APIC_BASE(0x1b, u -> u.state.apicBase, MsrRow::writeApicBase),
	/** Locked, VMX allowed outside SMX. */
	FEATURE_CONTROL(Vendor.INTEL, 0x3a, 5, 0),
	BIOS_SIGN_ID(0x8b, 0, -1),
	/** 8 variable ranges, fixed ranges, write combining. */
	MTRRCAP(0xfe, 0x508, 0),
	SYSENTER_CS(0x174, u -> u.state.sysenterCs, (u, v) -> u.state.sysenterCs = v & 0xffff_ffffL),
	SYSENTER_ESP(0x175, u -> u.state.sysenterEsp, (u, v) -> u.state.sysenterEsp = canonical(u, v)),
	SYSENTER_EIP(0x176, u -> u.state.sysenterEip, (u, v) -> u.state.sysenterEip = canonical(u, v)),
	P5_MC_ADDR(0x0, 0, -1),
	P5_MC_TYPE(0x1, 0, -1),
	MCG_CAP(0x179, MachineCheck.BANKS | MachineCheck.CONTROL_PRESENT, 0),
	MCG_STATUS(0x17a, 0, 7),
	MCG_CTL(0x17b, -1, MachineCheck::checkControl),
	// IA32_MCi_ADDR and IA32_MCi_MISC take every value, as AMD's do. Intel's manual has #GP for ones; but hypervisors let
	// software lay records there, and guests that run under them rely on it.
	MC0_CTL(0x400, 0, MachineCheck::checkControl), MC0_STATUS(0x401, 0, MachineCheck::checkStatus),
	MC0_ADDR(0x402, 0, -1), MC0_MISC(0x403, 0, -1),
	MC1_CTL(0x404, 0, MachineCheck::checkControl), MC1_STATUS(0x405, 0, MachineCheck::checkStatus),
	MC1_ADDR(0x406, 0, -1), MC1_MISC(0x407, 0, -1),
	MC2_CTL(0x408, 0, MachineCheck::checkControl), MC2_STATUS(0x409, 0, MachineCheck::checkStatus),
	MC2_ADDR(0x40a, 0, -1), MC2_MISC(0x40b, 0, -1),
	MC3_CTL(0x40c, 0, MachineCheck::checkControl), MC3_STATUS(0x40d, 0, MachineCheck::checkStatus),
	MC3_ADDR(0x40e, 0, -1), MC3_MISC(0x40f, 0, -1),
	MC4_CTL(0x410, 0, MachineCheck::checkControl), MC4_STATUS(0x411, 0, MachineCheck::checkStatus),
	MC4_ADDR(0x412, 0, -1), MC4_MISC(0x413, 0, -1),
	/** Fast strings, MONITOR. */
	MISC_ENABLE(Vendor.INTEL, 0x1a0, 0x4_0001, 0x4_00c5_1889L),
	DEBUGCTL(0x1d9, u -> u.state.debugControl, MsrRow::writeDebugControl),
	/** "LBR Stack": the number of the most recent record. */
	LASTBRANCH_TOS(Vendor.INTEL, 0x1c9, u -> u.state.branches.top,
			(u, v) -> u.state.branches.top = (int) masked(u, v, BranchStack.DEPTH - 1)),
	LASTBRANCH_0_FROM_IP(Vendor.INTEL, 0x680, u -> u.state.branches.from[0],
			(u, v) -> u.state.branches.from[0] = canonical(u, v)),
	LASTBRANCH_1_FROM_IP(Vendor.INTEL, 0x681, u -> u.state.branches.from[1],
			(u, v) -> u.state.branches.from[1] = canonical(u, v)),
	LASTBRANCH_2_FROM_IP(Vendor.INTEL, 0x682, u -> u.state.branches.from[2],
			(u, v) -> u.state.branches.from[2] = canonical(u, v)),
	LASTBRANCH_3_FROM_IP(Vendor.INTEL, 0x683, u -> u.state.branches.from[3],
			(u, v) -> u.state.branches.from[3] = canonical(u, v)),
	LASTBRANCH_4_FROM_IP(Vendor.INTEL, 0x684, u -> u.state.branches.from[4],
			(u, v) -> u.state.branches.from[4] = canonical(u, v)),
	LASTBRANCH_5_FROM_IP(Vendor.INTEL, 0x685, u -> u.state.branches.from[5],
			(u, v) -> u.state.branches.from[5] = canonical(u, v)),
	LASTBRANCH_6_FROM_IP(Vendor.INTEL, 0x686, u -> u.state.branches.from[6],
			(u, v) -> u.state.branches.from[6] = canonical(u, v)),
	LASTBRANCH_7_FROM_IP(Vendor.INTEL, 0x687, u -> u.state.branches.from[7],
			(u, v) -> u.state.branches.from[7] = canonical(u, v)),
	LASTBRANCH_8_FROM_IP(Vendor.INTEL, 0x688, u -> u.state.branches.from[8],
			(u, v) -> u.state.branches.from[8] = canonical(u, v)),
	LASTBRANCH_9_FROM_IP(Vendor.INTEL, 0x689, u -> u.state.branches.from[9],
			(u, v) -> u.state.branches.from[9] = canonical(u, v)),
	LASTBRANCH_10_FROM_IP(Vendor.INTEL, 0x68a, u -> u.state.branches.from[10],
			(u, v) -> u.state.branches.from[10] = canonical(u, v)),
	LASTBRANCH_11_FROM_IP(Vendor.INTEL, 0x68b, u -> u.state.branches.from[11],
			(u, v) -> u.state.branches.from[11] = canonical(u, v)),
	LASTBRANCH_12_FROM_IP(Vendor.INTEL, 0x68c, u -> u.state.branches.from[12],
			(u, v) -> u.state.branches.from[12] = canonical(u, v)),
	LASTBRANCH_13_FROM_IP(Vendor.INTEL, 0x68d, u -> u.state.branches.from[13],
			(u, v) -> u.state.branches.from[13] = canonical(u, v)),
	LASTBRANCH_14_FROM_IP(Vendor.INTEL, 0x68e, u -> u.state.branches.from[14],
			(u, v) -> u.state.branches.from[14] = canonical(u, v)),
	LASTBRANCH_15_FROM_IP(Vendor.INTEL, 0x68f, u -> u.state.branches.from[15],
			(u, v) -> u.state.branches.from[15] = canonical(u, v)),
	LASTBRANCH_0_TO_IP(Vendor.INTEL, 0x6c0, u -> u.state.branches.to[0],
			(u, v) -> u.state.branches.to[0] = canonical(u, v)),
	LASTBRANCH_1_TO_IP(Vendor.INTEL, 0x6c1, u -> u.state.branches.to[1],
			(u, v) -> u.state.branches.to[1] = canonical(u, v)),
	LASTBRANCH_2_TO_IP(Vendor.INTEL, 0x6c2, u -> u.state.branches.to[2],
			(u, v) -> u.state.branches.to[2] = canonical(u, v)),
	LASTBRANCH_3_TO_IP(Vendor.INTEL, 0x6c3, u -> u.state.branches.to[3],
			(u, v) -> u.state.branches.to[3] = canonical(u, v)),
	LASTBRANCH_4_TO_IP(Vendor.INTEL, 0x6c4, u -> u.state.branches.to[4],
			(u, v) -> u.state.branches.to[4] = canonical(u, v)),
	LASTBRANCH_5_TO_IP(Vendor.INTEL, 0x6c5, u -> u.state.branches.to[5],
			(u, v) -> u.state.branches.to[5] = canonical(u, v)),
	LASTBRANCH_6_TO_IP(Vendor.INTEL, 0x6c6, u -> u.state.branches.to[6],
			(u, v) -> u.state.branches.to[6] = canonical(u, v)),
	LASTBRANCH_7_TO_IP(Vendor.INTEL, 0x6c7, u -> u.state.branches.to[7],
			(u, v) -> u.state.branches.to[7] = canonical(u, v)),
	LASTBRANCH_8_TO_IP(Vendor.INTEL, 0x6c8, u -> u.state.branches.to[8],
			(u, v) -> u.state.branches.to[8] = canonical(u, v)),
	LASTBRANCH_9_TO_IP(Vendor.INTEL, 0x6c9, u -> u.state.branches.to[9],
			(u, v) -> u.state.branches.to[9] = canonical(u, v)),
	LASTBRANCH_10_TO_IP(Vendor.INTEL, 0x6ca, u -> u.state.branches.to[10],
			(u, v) -> u.state.branches.to[10] = canonical(u, v)),
	LASTBRANCH_11_TO_IP(Vendor.INTEL, 0x6cb, u -> u.state.branches.to[11],
			(u, v) -> u.state.branches.to[11] = canonical(u, v)),
	LASTBRANCH_12_TO_IP(Vendor.INTEL, 0x6cc, u -> u.state.branches.to[12],
			(u, v) -> u.state.branches.to[12] = canonical(u, v)),
	LASTBRANCH_13_TO_IP(Vendor.INTEL, 0x6cd, u -> u.state.branches.to[13],
			(u, v) -> u.state.branches.to[13] = canonical(u, v)),
	LASTBRANCH_14_TO_IP(Vendor.INTEL, 0x6ce, u -> u.state.branches.to[14],
			(u, v) -> u.state.branches.to[14] = canonical(u, v)),
	LASTBRANCH_15_TO_IP(Vendor.INTEL, 0x6cf, u -> u.state.branches.to[15],
			(u, v) -> u.state.branches.to[15] = canonical(u, v)),
	LAST_BRANCH_FROM_IP(Vendor.AMD, 0x1db, u -> u.state.lastBranchFrom, MsrRow::refuse),
	LAST_BRANCH_TO_IP(Vendor.AMD, 0x1dc, u -> u.state.lastBranchTo, MsrRow::refuse),
	LAST_EXCEPTION_FROM_IP(0x1dd, u -> u.state.lastExceptionFrom, MsrRow::refuse),
	LAST_EXCEPTION_TO_IP(0x1de, u -> u.state.lastExceptionTo, MsrRow::refuse),
	PAT(0x277, u -> u.state.pat, MsrRow::writePat),
	MTRR_FIX64K_00000(0x250, 0, MemoryTypeRanges::checkFixed),
	MTRR_FIX16K_80000(0x258, 0, MemoryTypeRanges::checkFixed),
	MTRR_FIX16K_A0000(0x259, 0, MemoryTypeRanges::checkFixed), MTRR_FIX4K_C0000(0x268, 0, MemoryTypeRanges::checkFixed),
	MTRR_FIX4K_C8000(0x269, 0, MemoryTypeRanges::checkFixed), MTRR_FIX4K_D0000(0x26a, 0, MemoryTypeRanges::checkFixed),
	MTRR_FIX4K_D8000(0x26b, 0, MemoryTypeRanges::checkFixed), MTRR_FIX4K_E0000(0x26c, 0, MemoryTypeRanges::checkFixed),
	MTRR_FIX4K_E8000(0x26d, 0, MemoryTypeRanges::checkFixed), MTRR_FIX4K_F0000(0x26e, 0, MemoryTypeRanges::checkFixed),
	MTRR_FIX4K_F8000(0x26f, 0, MemoryTypeRanges::checkFixed), MTRR_DEF_TYPE(0x2ff, 0, MemoryTypeRanges::checkDefault),
	MTRR_PHYSBASE0(0x200, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK0(0x201, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE1(0x202, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK1(0x203, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE2(0x204, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK2(0x205, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE3(0x206, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK3(0x207, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE4(0x208, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK4(0x209, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE5(0x20a, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK5(0x20b, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE6(0x20c, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK6(0x20d, 0, MemoryTypeRanges::checkMask),
	MTRR_PHYSBASE7(0x20e, 0, MemoryTypeRanges::checkBase), MTRR_PHYSMASK7(0x20f, 0, MemoryTypeRanges::checkMask),
	XSS(0xda0, u -> require(u, Feature.XSAVES).state.xss,
			(u, v) -> require(u, Feature.XSAVES).state.xss = masked(u, v, u.model.xssAllowed())),
	EFER(0xc000_0080, u -> u.state.efer, MsrRow::writeEfer),
	STAR(0xc000_0081, u -> u.state.star, (u, v) -> u.state.star = v),
	LSTAR(0xc000_0082, u -> u.state.lstar, (u, v) -> u.state.lstar = canonical(u, v)),
	CSTAR(0xc000_0083, u -> u.state.cstar, (u, v) -> u.state.cstar = canonical(u, v)),
	FMASK(0xc000_0084, u -> u.state.syscallMask, (u, v) -> u.state.syscallMask = v & 0xffff_ffffL),
	FS_BASE(0xc000_0100, u -> u.state.segments[CpuState.FS].base,
			(u, v) -> u.state.segments[CpuState.FS].base = canonical(u, v)),
	GS_BASE(0xc000_0101, u -> u.state.segments[CpuState.GS].base,
			(u, v) -> u.state.segments[CpuState.GS].base = canonical(u, v)),
	KERNEL_GS_BASE(0xc000_0102, u -> u.state.kernelGsBase, (u, v) -> u.state.kernelGsBase = canonical(u, v)),
	/** There for what reads it. */
	TSC_AUX(0xc000_0103, u -> requireReaderOfTscAux(u).state.tscAux,
			(u, v) -> requireReaderOfTscAux(u).state.tscAux = masked(u, v, 0xffff_ffffL)),
	/** 8.32: 1 after reset. */
	TSC_RATIO(Vendor.AMD, 0xc000_0104, 1L << 32, 0xff_ffff_ffffL),
	/** The counters of every AMD processor; they hold what is written and count nothing. */
	PERF_EVENT_SELECT0(Vendor.AMD, 0xc001_0000, 0, 0x30f_ffd7_ffffL),
	PERF_EVENT_SELECT1(Vendor.AMD, 0xc001_0001, 0, 0x30f_ffd7_ffffL),
	PERF_EVENT_SELECT2(Vendor.AMD, 0xc001_0002, 0, 0x30f_ffd7_ffffL),
	PERF_EVENT_SELECT3(Vendor.AMD, 0xc001_0003, 0, 0x30f_ffd7_ffffL),
	PERF_COUNTER0(Vendor.AMD, 0xc001_0004, 0, 0xffff_ffff_ffffL),
	PERF_COUNTER1(Vendor.AMD, 0xc001_0005, 0, 0xffff_ffff_ffffL),
	PERF_COUNTER2(Vendor.AMD, 0xc001_0006, 0, 0xffff_ffff_ffffL),
	PERF_COUNTER3(Vendor.AMD, 0xc001_0007, 0, 0xffff_ffff_ffffL),
	SYSCFG(Vendor.AMD, 0xc001_0010, 0, 0x7f_0000),
	/** The time-stamp counter counts at the frequency of P-state 0. */
	HWCR(Vendor.AMD, 0xc001_0015, 1 << 24, 0xffff_ffffL),
	TOP_MEM(Vendor.AMD, 0xc001_001a, 0, -1), NB_CFG(Vendor.AMD, 0xc001_001f, 0, -1),
	INT_PENDING_MSG(Vendor.AMD, 0xc001_0055, 0, 0),
	VM_CR(Vendor.AMD, 0xc001_0114, u -> require(u, Feature.SVM).state.svmControl, MsrRow::writeSvmControl),
	VM_HSAVE_PA(Vendor.AMD, 0xc001_0117, 0, 0xffff_ffff_f000L),
	/** Reads as zero. */
	SVM_KEY(Vendor.AMD, 0xc001_0118, u -> require(u, Feature.SVM_LOCK).state.svmKey & 0, MsrRow::writeSvmKey),
	/** Write-only: the physical APIC ID of the processor to signal. */
	AVIC_DOORBELL(Vendor.AMD, 0xc001_011b, MsrRow::writeOnly, MsrRow::ringDoorbell),
	DE_CFG(Vendor.AMD, 0xc001_1029, 0, -1);

	/** Reads a register of the unit. */
	@FunctionalInterface
	interface Reader {
		long read(SystemUnit unit);
	}

	/** Writes a register of the unit, or raises #GP. */
	@FunctionalInterface
	interface Writer {
		void write(SystemUnit unit, long value);
	}

	/** Looks at a value before it is stored, and raises #GP where WRMSR does. */
	@FunctionalInterface
	interface Check {
		void check(SystemUnit unit, long value);
	}

	/** Index as in ECX. */
	public final int index;
	/** The only vendor that has it, or null. */
	final @Nullable Vendor vendor;
	/** Value after reset, of a row without accessors. */
	final long resetValue;
	/** Writable bits, of a row without accessors; others must keep their value. 0: read-only, unless there is a check. */
	final long writable;
	/** What decides in the place of {@link #writable}, or null. */
	final @Nullable Check check;
	final @Nullable Reader reader;
	final @Nullable Writer writer;

	MsrRow(int index, Reader reader, Writer writer) {
		this(null, index, reader, writer);
	}

	MsrRow(@Nullable Vendor vendor, int index, Reader reader, Writer writer) {
		this.index = index;
		this.vendor = vendor;
		this.resetValue = 0;
		this.writable = 0;
		this.check = null;
		this.reader = reader;
		this.writer = writer;
	}

	MsrRow(int index, long resetValue, Check check) {
		this.index = index;
		this.vendor = null;
		this.resetValue = resetValue;
		this.writable = 0;
		this.check = check;
		this.reader = null;
		this.writer = null;
	}

	MsrRow(int index, long resetValue, long writable) {
		this(null, index, resetValue, writable);
	}

	MsrRow(@Nullable Vendor vendor, int index, long resetValue, long writable) {
		this.index = index;
		this.vendor = vendor;
		this.resetValue = resetValue;
		this.writable = writable;
		this.check = null;
		this.reader = null;
		this.writer = null;
	}

	/** Bits of VM_CR. */
	private static final long LOCK = 1 << 3, SVMDIS = 1 << 4;

	private static long canonical(SystemUnit unit, long value) {
		unit.requireHeld(value);
		return value;
	}

	private static long masked(SystemUnit unit, long value, long mask) {
		if ((value & ~mask) != 0) {
			throw unit.fault.generalProtection(0);
		}
		return value;
	}

	/** #GP(0) where the processor has not the feature that the register belongs to. */
	private static SystemUnit require(SystemUnit unit, Feature feature) {
		if (!unit.model.has(feature)) {
			throw unit.fault.generalProtection(0);
		}
		return unit;
	}

	private static SystemUnit requireReaderOfTscAux(SystemUnit unit) {
		return unit.model.has(Feature.RDPID) ? unit : require(unit, Feature.RDTSCP);
	}

	private static void refuse(SystemUnit unit, long value) {
		throw unit.fault.generalProtection(0);
	}

	private static long writeOnly(SystemUnit unit) {
		throw unit.fault.generalProtection(0);
	}

	private static void ringDoorbell(SystemUnit unit, long value) {
		require(unit, Feature.SVM_AVIC).doorbell.ring((int) masked(unit, value, 0xffff_ffffL));
	}

	private static void writeDebugControl(SystemUnit unit, long value) {
		unit.state.debugControl = masked(unit, value, CpuState.DEBUGCTL_BTF | CpuState.DEBUGCTL_LBR);
		unit.events.stateChanged();
	}

	private static void writePat(SystemUnit unit, long value) {
		for (int i = 0; i < 64; i += 8) {
			int type = (int) (value >>> i) & 0xff;
			if (type > 7 || type == 2 || type == 3) {
				throw unit.fault.generalProtection(0);
			}
		}
		unit.state.pat = value;
	}

	/** "Extended XAPIC (x2APIC)": the transitions of the APIC's mode that are legal. */
	private static void writeApicBase(SystemUnit unit, long value) {
		final long enable = 1 << 11;
		final long extended = 1 << 10;
		long addressable = (1L << unit.model.physicalAddressBits()) - 1;
		boolean hadExtended = (unit.state.apicBase & extended) != 0;
		boolean keepsEnable = (value & enable) != 0;
		boolean keepsExtended = (value & extended) != 0;
		boolean illegal = (value & ~(addressable & ~0x2ffL | 1 << 8)) != 0 || keepsExtended && !keepsEnable
				|| hadExtended && keepsEnable && !keepsExtended
				|| keepsExtended && (unit.state.apicBase & enable) == 0;
		if (illegal) {
			throw unit.fault.generalProtection(0);
		}
		unit.state.apicBase = value & ~(1L << 8) | unit.state.apicBase & 1L << 8;
	}

	private static void writeEfer(SystemUnit unit, long value) {
		CpuState state = unit.state;
		long changed = state.efer ^ value;
		boolean paging = (state.cr0 & CpuState.CR0_PG) != 0;
		boolean disabled = (value & CpuState.EFER_SVME) != 0 && (state.svmControl & SVMDIS) != 0;
		if (disabled || (value & ~unit.model.eferAllowed()) != 0 || paging && (changed & CpuState.EFER_LME) != 0) {
			throw unit.fault.generalProtection(0);
		}
		// LMA follows CR0.PG and LME; what WRMSR says of it does not count.
		state.efer = value & ~CpuState.EFER_LMA | state.efer & CpuState.EFER_LMA;
		if ((changed & CpuState.EFER_NXE) != 0) {
			unit.mmu.flushAll();
		}
	}

	/** "Enabling SVM": what LOCK protects stays; SVM that is in use cannot be disabled. */
	private static void writeSvmControl(SystemUnit unit, long value) {
		CpuState state = require(unit, Feature.SVM).state;
		long locked = (state.svmControl & LOCK) != 0 ? LOCK | SVMDIS : 0;
		long next = value & ~locked | state.svmControl & locked;
		boolean disables = (next & ~state.svmControl & SVMDIS) != 0;
		if ((value & ~0x1fL) != 0 || disables && (state.efer & CpuState.EFER_SVME) != 0) {
			throw unit.fault.generalProtection(0);
		}
		state.svmControl = next;
	}

	/** "SVM-Lock": the key is set while VM_CR is not locked, and unlocks it. */
	private static void writeSvmKey(SystemUnit unit, long value) {
		CpuState state = require(unit, Feature.SVM_LOCK).state;
		if ((state.svmControl & LOCK) == 0) {
			state.svmKey = value;
		} else if (value != 0 && value == state.svmKey) {
			state.svmControl &= ~LOCK;
		}
	}
}
