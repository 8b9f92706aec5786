/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.apic.ApicRegisters;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;

/** RDMSR and WRMSR of the registers that belong to the hypervisor or to the machine. */
final class MsrAccess {
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

	/** RDMSR. */
	@Nullable
	VcpuStop read(Exit exit) {
		int index = (int) state.general[CpuState.RCX];
		if (x2apic(index)) {
			ApicRegisters registers = cpu.apic.registers();
			return registers.canRead(index) ? give(registers.readMsr(index), exit) : refuse();
		}
		return switch (index) {
			case TIME_STAMP_COUNTER -> give(cpu.processor.timeStampCounter() + mode.timeStampOffset(), exit);
			case TSC_ADJUST -> cpu.processor.model().has(Feature.TSC_ADJUST) ? give(state.tscAdjust, exit) : refuse();
			case APIC_BASE -> give(cpu.apic.base(), exit);
			case TSC_DEADLINE ->
				cpu.processor.model().has(Feature.TSC_DEADLINE) ? give(cpu.apic.tscDeadline(), exit) : refuse();
			case EFER -> give(mode.visibleEfer(), exit);
			default -> refuse();
		};
	}

	/** WRMSR. */
	@Nullable
	VcpuStop write(Exit exit) {
		int index = (int) state.general[CpuState.RCX];
		long value = state.general[CpuState.RAX] & 0xffff_ffffL | state.general[CpuState.RDX] << 32;
		if (x2apic(index)) {
			return cpu.apic.registers().writeMsr(index, value) ? done(exit) : refuse();
		}
		switch (index) {
			case TIME_STAMP_COUNTER -> moveTimeStampCounter(value - cpu.processor.timeStampCounter()
					- mode.timeStampOffset());
			case TSC_ADJUST -> {
				if (!cpu.processor.model().has(Feature.TSC_ADJUST)) {
					return refuse();
				}
				moveTimeStampCounter(value - state.tscAdjust);
			}
			case APIC_BASE -> {
				return setApicBase(value) ? done(exit) : refuse();
			}
			case TSC_DEADLINE -> {
				if (!cpu.processor.model().has(Feature.TSC_DEADLINE)) {
					return refuse();
				}
				cpu.apic.setTscDeadline(value);
			}
			case EFER -> {
				return writeEfer();
			}
			default -> {
				return refuse();
			}
		}
		return done(exit);
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
