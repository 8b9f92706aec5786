/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.hypervisor.PendingEvent.Blocked;
import org.hyperstep.machine.apic.PendingInterrupt;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;

/** What is raised for a virtual CPU, and the first reason why each of it waits. */
final class PendingEvents {
	private final GuestCpu cpu;
	private final CpuState state;

	PendingEvents(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
	}

	List<PendingEvent> list() {
		List<PendingEvent> events = new ArrayList<>();
		boolean firstInterrupt = true;
		cpu.report.raised();
		for (PendingInterrupt pending : cpu.apic.pending()) {
			switch (pending.kind()) {
				case FIXED, EXTERNAL -> {
					events.add(event(PendingEvent.Kind.EXTERNAL_INTERRUPT, pending.vector(), pending,
							interruptBlocked(pending, firstInterrupt)));
					firstInterrupt = false;
				}
				case NMI -> events.add(event(PendingEvent.Kind.NMI, Vector.NMI, pending, nmiBlocked()));
				case SMI -> events.add(event(PendingEvent.Kind.SMI, 0, pending, smiBlocked()));
				case INIT, STARTUP -> {
					// not held back by anybody: taken at the next boundary
				}
			}
		}
		return events;
	}

	private PendingEvent event(PendingEvent.Kind kind, int vector, PendingInterrupt pending, Blocked blocked) {
		return new PendingEvent(cpu.number(), kind, vector, pending.source(), since(pending), blocked);
	}

	private long since(PendingInterrupt pending) {
		return switch (pending.kind()) {
			case FIXED -> cpu.report.raisedAt(pending.vector());
			case NMI -> cpu.report.nmiRaisedAt();
			default -> cpu.retiredAt(pending.since());
		};
	}

	private Blocked interruptBlocked(PendingInterrupt pending, boolean first) {
		Blocked common = commonReason(cpu.holdsInterrupts());
		if (common != null) {
			return common;
		}
		if (!flagsAdmit()) {
			return Blocked.INTERRUPT_FLAG_CLEAR;
		}
		boolean exits = cpu.processor.contexts().interruptExits();
		if (!exits && state.interruptibility.shadow != Shadow.NONE) {
			return state.interruptibility.shadow == Shadow.STI ? Blocked.STI_SHADOW : Blocked.MOV_SS_SHADOW;
		}
		boolean external = pending.kind() == PendingInterrupt.Kind.EXTERNAL;
		if (!external && pending.vector() >> 4 <= cpu.apic.processorPriority() >> 4) {
			return Blocked.PROCESSOR_PRIORITY;
		}
		return first ? Blocked.DELIVERABLE : Blocked.LOWER_THAN_ANOTHER;
	}

	/** RFLAGS.IF of the guest, or what a guest hypervisor has decided for the guest of its own that runs. */
	private boolean flagsAdmit() {
		return cpu.processor.contexts().interruptExits()
				|| cpu.processor.contexts().admitsInterrupts((state.rflags & CpuState.IF) != 0);
	}

	private Blocked nmiBlocked() {
		Blocked common = commonReason(cpu.holdsNmi());
		if (common != null) {
			return common;
		}
		if (cpu.processor.contexts().nmiExits()) {
			return cpu.processor.events().admission.admitsNmi() ? Blocked.DELIVERABLE : Blocked.NMI_IN_SERVICE;
		}
		if (state.interruptibility.blockingByNmi) {
			return Blocked.NMI_IN_SERVICE;
		}
		return state.interruptibility.shadow == Shadow.MOV_SS ? Blocked.MOV_SS_SHADOW : Blocked.DELIVERABLE;
	}

	private Blocked smiBlocked() {
		Blocked common = commonReason(cpu.holdsSmi());
		if (common != null) {
			return common;
		}
		if (state.inSystemManagementMode) {
			return Blocked.SMI_IN_SERVICE;
		}
		return switch (state.interruptibility.shadow) {
			case NONE -> Blocked.DELIVERABLE;
			case STI -> Blocked.STI_SHADOW;
			case MOV_SS -> Blocked.MOV_SS_SHADOW;
		};
	}

	private @Nullable Blocked commonReason(boolean masked) {
		if (cpu.activity.waitsForStartup()) {
			return Blocked.WAITING_FOR_STARTUP;
		}
		if (masked) {
			return Blocked.MASKED_BY_DEBUGGER;
		}
		boolean held = cpu.processor.contexts().inner() == null && !state.interruptibility.globalInterruptFlag;
		return held ? Blocked.GLOBAL_INTERRUPT_FLAG_CLEAR : null;
	}

	/** Why the guest itself cannot take the event at the next boundary at which the shadows are over; null if it can. */
	@Nullable
	Refusal refusal(PendingEvent event) {
		if (!stillPending(event)) {
			return new Refusal("The event is not pending any more."); //$NON-NLS-1$
		}
		if (cpu.activity.waitsForStartup()) {
			return new Refusal("The CPU waits for a start-up IPI."); //$NON-NLS-1$
		}
		return switch (event.kind()) {
			case EXTERNAL_INTERRUPT -> !flagsAdmit()
					? new Refusal("RFLAGS.IF is clear: the guest takes no interrupts now.") //$NON-NLS-1$
					: null;
			case NMI -> state.interruptibility.blockingByNmi && !cpu.processor.contexts().nmiExits()
					? new Refusal("An NMI handler runs: NMIs wait for its IRET.") //$NON-NLS-1$
					: null;
			case SMI -> state.inSystemManagementMode
					? new Refusal("An SMI handler runs: SMIs wait for its RSM.") //$NON-NLS-1$
					: null;
		};
	}

	private boolean stillPending(PendingEvent event) {
		return list().stream().anyMatch(e -> e.kind() == event.kind() && e.vector() == event.vector());
	}
}
