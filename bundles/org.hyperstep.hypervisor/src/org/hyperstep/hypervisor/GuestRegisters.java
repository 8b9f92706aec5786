/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/** Reads and writes registers as the guest sees them. The guest stands still. */
@SuppressWarnings("nls")
final class GuestRegisters {
	private static final int[] GENERAL = { CpuState.RAX, CpuState.RBX, CpuState.RCX, CpuState.RDX, CpuState.RSI,
			CpuState.RDI, CpuState.RBP, CpuState.RSP, 8, 9, 10, 11, 12, 13, 14, 15 };
	private static final int[] SEGMENTS = { CpuState.CS, CpuState.SS, CpuState.DS, CpuState.ES, CpuState.FS,
			CpuState.GS, CpuState.LDTR, CpuState.TR };
	private static final long RFLAGS_WRITABLE = 0x3f7fd5;
	private static final long DR6_WRITABLE = 0xe00f, DR7_WRITABLE = 0xffff23ffL, DR7_ONE = 0x400;

	private final GuestCpu cpu;
	private final CpuState state;
	private final GuestMode mode;

	GuestRegisters(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
		mode = cpu.guestMode;
	}

	private SegmentState segment(GuestRegister register, GuestRegister first) {
		return state.segments[SEGMENTS[register.ordinal() - first.ordinal()]];
	}

	long read(GuestRegister register) {
		return switch (register) {
			case RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11, R12, R13, R14, R15 ->
				state.general[GENERAL[register.ordinal()]];
			case RIP -> state.rip;
			case RFLAGS -> state.rflags;
			case CS, SS, DS, ES, FS, GS, LDTR, TR -> segment(register, GuestRegister.CS).selector;
			case CS_BASE, SS_BASE, DS_BASE, ES_BASE, FS_BASE, GS_BASE, LDTR_BASE, TR_BASE ->
				segment(register, GuestRegister.CS_BASE).base;
			case CS_LIMIT, SS_LIMIT, DS_LIMIT, ES_LIMIT, FS_LIMIT, GS_LIMIT, LDTR_LIMIT, TR_LIMIT ->
				segment(register, GuestRegister.CS_LIMIT).limit;
			case CS_RIGHTS, SS_RIGHTS, DS_RIGHTS, ES_RIGHTS, FS_RIGHTS, GS_RIGHTS, LDTR_RIGHTS, TR_RIGHTS ->
				segment(register, GuestRegister.CS_RIGHTS).accessRights;
			case GDTR_BASE -> state.gdtrBase;
			case GDTR_LIMIT -> state.gdtrLimit;
			case IDTR_BASE -> state.idtrBase;
			case IDTR_LIMIT -> state.idtrLimit;
			case CR0 -> mode.visibleCr0();
			case CR2 -> state.cr2;
			case CR3 -> state.cr3;
			case CR4 -> mode.visibleCr4();
			case CR8 -> cpu.apic.taskPriorityClass();
			case XCR0 -> state.xcr0;
			case EFER -> mode.visibleEfer();
			case DR0, DR1, DR2, DR3 -> state.breakpointAddress[register.ordinal() - GuestRegister.DR0.ordinal()];
			case DR6 -> state.dr6;
			case DR7 -> state.dr7;
			case DEBUGCTL -> state.debugControl;
			case STAR -> state.star;
			case LSTAR -> state.lstar;
			case CSTAR -> state.cstar;
			case SFMASK -> state.syscallMask;
			case KERNEL_GS_BASE -> state.kernelGsBase;
			case TSC_AUX -> state.tscAux;
			case SYSENTER_CS -> state.sysenterCs;
			case SYSENTER_ESP -> state.sysenterEsp;
			case SYSENTER_EIP -> state.sysenterEip;
			case PAT -> state.pat;
			case APIC_BASE -> cpu.apic.base();
			case TSC -> cpu.processor.timeStampCounter() + mode.timeStampOffset();
		};
	}

	@Nullable
	Refusal write(GuestRegister register, long value) {
		Refusal refusal = refusal(register, value);
		if (refusal == null) {
			long before = read(register);
			store(register, value);
			refusal = refusalOfEntry();
			if (refusal != null) {
				store(register, before);
			}
			cpu.registersReplaced();
		}
		return refusal;
	}

	/** VM entry has the last word. */
	private @Nullable Refusal refusalOfEntry() {
		String broken = mode.brokenRule();
		return broken == null ? null : new Refusal("VM entry refuses it: " + broken);
	}

	private @Nullable Refusal refusal(GuestRegister register, long value) {
		if (register.bits() < 64 && value >>> register.bits() != 0) {
			return new Refusal(register + " has " + register.bits() + " bits only");
		}
		return switch (register) {
			case RIP, GDTR_BASE, IDTR_BASE, LSTAR, CSTAR, KERNEL_GS_BASE, SYSENTER_ESP, SYSENTER_EIP, FS_BASE, GS_BASE,
					TR_BASE, LDTR_BASE ->
				canonical(value) ? null : new Refusal("the address is not canonical");
			case CR0 -> crRefusal(value);
			case XCR0 -> cpu.processor.model().acceptsXcr0(value) ? null
					: new Refusal("XCR0 cannot have this value on this processor");
			case CS_BASE, SS_BASE, DS_BASE, ES_BASE, DR7 ->
				value >>> 32 == 0 ? null : new Refusal(register + " has 32 bits only");
			case EFER -> ((value ^ read(GuestRegister.EFER)) & ~(CpuState.EFER_SCE | CpuState.EFER_NXE)) == 0 ? null
					: new Refusal("only EFER.SCE and EFER.NXE can be changed while the guest stands still");
			case CR4 -> ((value ^ read(GuestRegister.CR4)) & CpuState.CR4_PAE) == 0 ? null
					: new Refusal("CR4.PAE cannot be changed while the guest stands still");
			case CS, CS_RIGHTS, SS_RIGHTS, TR_RIGHTS, TR, LDTR_RIGHTS, APIC_BASE ->
				value == read(register) ? null : new Refusal(register + " follows from what the guest loads");
			default -> null;
		};
	}

	private @Nullable Refusal crRefusal(long value) {
		long modes = CpuState.CR0_PE | CpuState.CR0_PG;
		if (((value ^ read(GuestRegister.CR0)) & modes) != 0) {
			return new Refusal("CR0.PE and CR0.PG cannot be changed while the guest stands still");
		}
		return value >>> 32 == 0 ? null : new Refusal("CR0 has 32 bits only");
	}

	private static boolean canonical(long linear) {
		return linear << 16 >> 16 == linear;
	}

	private void store(GuestRegister register, long value) {
		switch (register) {
			case RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11, R12, R13, R14, R15 ->
				state.general[GENERAL[register.ordinal()]] = value;
			case RIP -> state.rip = value;
			case RFLAGS -> storeFlags(value);
			case CS, SS, DS, ES, FS, GS, LDTR, TR -> segment(register, GuestRegister.CS).selector = (int) value;
			case CS_BASE, SS_BASE, DS_BASE, ES_BASE, FS_BASE, GS_BASE, LDTR_BASE, TR_BASE ->
				segment(register, GuestRegister.CS_BASE).base = value;
			case CS_LIMIT, SS_LIMIT, DS_LIMIT, ES_LIMIT, FS_LIMIT, GS_LIMIT, LDTR_LIMIT, TR_LIMIT ->
				segment(register, GuestRegister.CS_LIMIT).limit = value;
			case CS_RIGHTS, SS_RIGHTS, DS_RIGHTS, ES_RIGHTS, FS_RIGHTS, GS_RIGHTS, LDTR_RIGHTS, TR_RIGHTS ->
				segment(register, GuestRegister.CS_RIGHTS).accessRights = (int) value;
			case GDTR_BASE -> state.gdtrBase = value;
			case GDTR_LIMIT -> state.gdtrLimit = (int) value;
			case IDTR_BASE -> state.idtrBase = value;
			case IDTR_LIMIT -> state.idtrLimit = (int) value;
			case CR0 -> mode.loadCr0(value);
			case CR2 -> state.cr2 = value;
			case CR3 -> state.cr3 = value;
			case CR4 -> mode.loadCr4(value);
			case CR8 -> cpu.apic.setTaskPriorityClass((int) value);
			case XCR0 -> state.xcr0 = value;
			case EFER -> mode.loadEfer(value);
			case DR0, DR1, DR2, DR3 ->
				state.breakpointAddress[register.ordinal() - GuestRegister.DR0.ordinal()] = value;
			case DR6 -> state.dr6 = value & DR6_WRITABLE | DebugStatus.DR6_CLEAN;
			case DR7 -> state.dr7 = value & DR7_WRITABLE | DR7_ONE;
			case DEBUGCTL -> state.debugControl = value;
			case STAR -> state.star = value;
			case LSTAR -> state.lstar = value;
			case CSTAR -> state.cstar = value;
			case SFMASK -> state.syscallMask = value;
			case KERNEL_GS_BASE -> state.kernelGsBase = value;
			case TSC_AUX -> state.tscAux = value;
			case SYSENTER_CS -> state.sysenterCs = value;
			case SYSENTER_ESP -> state.sysenterEsp = value;
			case SYSENTER_EIP -> state.sysenterEip = value;
			case PAT -> state.pat = value;
			case APIC_BASE -> {
				// the same value: nothing to do
			}
			case TSC -> mode.setTimeStampOffset(value - cpu.processor.timeStampCounter());
		}
	}

	/**
	 * VM entry wants the flags and the shadow in force to fit: blocking by STI goes with IF, and under a shadow the
	 * single-step trap is pending exactly with TF.
	 */
	private void storeFlags(long value) {
		Interruptibility interruptibility = state.interruptibility;
		state.rflags = value & RFLAGS_WRITABLE | 2;
		if ((value & CpuState.IF) == 0 && interruptibility.shadow == Shadow.STI) {
			interruptibility.shadow = Shadow.NONE;
		}
		boolean singleStep = (value & CpuState.TF) != 0
				&& (state.debugControl & DebugStatus.BRANCH_TRAP_FLAG) == 0;
		if (interruptibility.shadow != Shadow.NONE) {
			long others = interruptibility.pendingDebugExceptions & ~DebugStatus.BS;
			interruptibility.pendingDebugExceptions = singleStep ? others | DebugStatus.BS : others;
		}
	}
}
