/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.hypervisor.EventSink;
import org.hyperstep.hypervisor.VirtualMachine;

/** Writes what the hypervisor tells into the journal. On the engine's thread. */
final class JournalWriter implements EventSink {
	/** By the hypervisor's ordinal. */
	private static final EventKind[] KINDS = kinds();

	private final EventJournal journal;
	private final VirtualMachine guest;

	JournalWriter(EventJournal journal, VirtualMachine guest) {
		this.journal = journal;
		this.guest = guest;
	}

	@Override
	public void event(org.hyperstep.hypervisor.EventKind kind, int cpu, int level, long number, long linear,
			long retired, long information) {
		journal.write(KINDS[kind.ordinal()], cpu, level, retired, guest.time(), linear, (int) number, information);
	}

	private static EventKind[] kinds() {
		org.hyperstep.hypervisor.EventKind[] of = org.hyperstep.hypervisor.EventKind.values();
		EventKind[] kinds = new EventKind[of.length];
		for (int i = 0; i < of.length; i++) {
			kinds[i] = kind(of[i]);
		}
		return kinds;
	}

	private static EventKind kind(org.hyperstep.hypervisor.EventKind kind) {
		return switch (kind) {
			case INTERRUPT_RAISED -> EventKind.INTERRUPT_RAISED;
			case INTERRUPT_HELD -> EventKind.INTERRUPT_HELD;
			case INTERRUPT_INJECTED -> EventKind.INTERRUPT_INJECTED;
			case INTERRUPT_DELIVERED -> EventKind.INTERRUPT_DELIVERED;
			case NMI_RAISED -> EventKind.NMI_RAISED;
			case NMI_HELD -> EventKind.NMI_HELD;
			case NMI_INJECTED -> EventKind.NMI_INJECTED;
			case NMI_DELIVERED -> EventKind.NMI_DELIVERED;
			case EXCEPTION -> EventKind.EXCEPTION;
			case VM_EXIT -> EventKind.VM_EXIT;
			case VM_ENTRY -> EventKind.VM_ENTRY;
			case MODE_SWITCH -> EventKind.MODE_SWITCH;
			case STARTUP -> EventKind.STARTUP;
			case RESET -> EventKind.RESET;
			case PORT_READ -> EventKind.PORT_READ;
			case PORT_WRITE -> EventKind.PORT_WRITE;
		};
	}
}
