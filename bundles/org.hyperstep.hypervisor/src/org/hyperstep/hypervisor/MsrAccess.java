/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.apic.ApicRegisters;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.virtualization.ProvidedMsrs;

/** RDMSR and WRMSR of the registers that belong to the hypervisor or to the machine. */
final class MsrAccess implements ProvidedMsrs {
	private static final int TIME_STAMP_COUNTER = 0x10, TSC_ADJUST = 0x3b, APIC_BASE = 0x1b, TSC_DEADLINE = 0x6e0,
			EFER = 0xc000_0080;

	/** EXTD of IA32_APIC_BASE. */
	private static final long EXTENDED_MODE = 1 << 10;

	private final GuestCpu cpu;
	private final CpuState state;
	private final GuestMode mode;

	MsrAccess(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
		mode = cpu.guestMode;
	}

	private static boolean x2apic(int index) {
		return index >= ApicRegisters.X2APIC_MSR && index < ApicRegisters.X2APIC_MSR + ApicRegisters.X2APIC_MSRS;
	}

	@Override
	public boolean provides(int index) {
		return switch (index) {
			case TIME_STAMP_COUNTER, TSC_ADJUST, APIC_BASE, TSC_DEADLINE -> true;
			default -> x2apic(index);
		};
	}

	@Override
	public boolean readable(int index) {
		return switch (index) {
			case TSC_ADJUST -> cpu.processor.model().has(Feature.TSC_ADJUST);
			case TSC_DEADLINE -> cpu.processor.model().has(Feature.TSC_DEADLINE);
			default -> !x2apic(index) || cpu.apic.registers().canRead(index);
		};
	}

	@Override
	public long read(int index) {
		return switch (index) {
			case TIME_STAMP_COUNTER -> cpu.processor.timeStampCounter() + mode.timeStampOffset();
			case TSC_ADJUST -> state.tscAdjust;
			case APIC_BASE -> cpu.apic.base();
			case TSC_DEADLINE -> cpu.apic.tscDeadline();
			default -> cpu.apic.registers().readMsr(index);
		};
	}

	@Override
	public boolean write(int index, long value) {
		switch (index) {
			case TIME_STAMP_COUNTER -> moveTimeStampCounter(value - read(index));
			case TSC_ADJUST -> {
				if (!readable(index)) {
					return false;
				}
				moveTimeStampCounter(value - state.tscAdjust);
			}
			case APIC_BASE -> {
				return setApicBase(value);
			}
			case TSC_DEADLINE -> {
				if (!readable(index)) {
					return false;
				}
				cpu.apic.setTscDeadline(value);
			}
			default -> {
				return cpu.apic.registers().writeMsr(index, value);
			}
		}
		return true;
	}

	/** RDMSR. */
	@Nullable
	VcpuStop read(Exit exit) {
		int index = (int) state.general[CpuState.RCX];
		if (index == EFER) {
			return give(mode.visibleEfer(), exit);
		}
		return provides(index) && readable(index) ? give(read(index), exit) : refuse();
	}

	/** WRMSR. */
	@Nullable
	VcpuStop write(Exit exit) {
		int index = (int) state.general[CpuState.RCX];
		long value = state.general[CpuState.RAX] & 0xffff_ffffL | state.general[CpuState.RDX] << 32;
		if (index == EFER) {
			return writeEfer();
		}
		return provides(index) && write(index, value) ? done(exit) : refuse();
	}

	private void moveTimeStampCounter(long by) {
		long offset = mode.timeStampOffset() + by;
		state.tscAdjust += by;
		mode.setTimeStampOffset(offset);
		cpu.apic.setTimeStampOffset(offset);
	}

	private boolean setApicBase(long value) {
		boolean extended = (value & EXTENDED_MODE) != 0 && !cpu.processor.model().has(Feature.X2APIC);
		if (extended || value >>> cpu.processor.system().model.physicalAddressBits() != 0 || !cpu.apic.setBase(value)) {
			return false;
		}
		state.apicBase = cpu.apic.base();
		mode.mapLocalApic(state.apicBase);
		return true;
	}

	/** SVM keeps EFER.SVME set in the VMCB: the guest's WRMSR is executed without it, by the processor's one meaning. */
	private @Nullable VcpuStop writeEfer() {
		mode.interceptMsrs(false);
		state.efer = mode.visibleEfer();
		boolean asksForSvm = (state.general[CpuState.RAX] & CpuState.EFER_SVME) != 0;
		RunOutcome outcome = asksForSvm ? RunOutcome.FAULT : mode.emulateOne();
		mode.loadEfer(state.efer);
		mode.interceptMsrs(true);
		cpu.registersReplaced();
		return asksForSvm ? refuse() : cpu.entry.emulated(outcome);
	}

	private @Nullable VcpuStop give(long value, Exit exit) {
		state.general[CpuState.RAX] = value & 0xffff_ffffL;
		state.general[CpuState.RDX] = value >>> 32;
		return done(exit);
	}

	private @Nullable VcpuStop done(Exit exit) {
		cpu.entry.skipInstruction(exit.length);
		return null;
	}

	private @Nullable VcpuStop refuse() {
		cpu.injector.queueFault(Vector.GP, 0);
		return null;
	}
}
