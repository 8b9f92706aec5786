/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.List;

import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.PendingEvent.Reason;
import org.hyperstep.ui.table.Column;

/** What the Pending Events view shows of an event. */
final class PendingColumns {
	static final List<Column<PendingEvent>> ALL = List.of(
			Column.number(Messages.Column_cpu, Messages.Column_cpuHelp, 6, event -> Integer.toString(event.cpu())),
			Column.text(Messages.Column_kind, Messages.Column_kindHelp, 12, event -> kind(event.kind())),
			Column.text(Messages.Column_vector, Messages.Column_vectorHelp, 8, PendingColumns::vector),
			Column.text(Messages.Column_source, Messages.Column_sourceHelp, 24, PendingEvent::source),
			Column.text(Messages.Column_reason, Messages.Column_reasonHelp, 44, event -> reason(event.reason())),
			Column.number(Messages.Column_since, Messages.Column_sinceHelp, 16,
					event -> Long.toString(event.since())));

	private PendingColumns() {
	}

	private static String vector(PendingEvent event) {
		return event.kind() == PendingEvent.Kind.INTERRUPT ? "0x" + Integer.toHexString(event.vector()) : "\u2013"; //$NON-NLS-1$ //$NON-NLS-2$
	}

	static String kind(PendingEvent.Kind kind) {
		return switch (kind) {
			case INTERRUPT -> Messages.Kind_interrupt;
			case NMI -> Messages.Kind_nmi;
			case SMI -> Messages.Kind_smi;
		};
	}

	static String reason(Reason reason) {
		return switch (reason) {
			case DELIVERABLE -> Messages.Reason_deliverable;
			case MASKED_BY_DEBUGGER -> Messages.Reason_maskedByDebugger;
			case INTERRUPT_FLAG_CLEAR -> Messages.Reason_interruptFlagClear;
			case PROCESSOR_PRIORITY -> Messages.Reason_processorPriority;
			case STI_SHADOW -> Messages.Reason_stiShadow;
			case MOV_SS_SHADOW -> Messages.Reason_movSsShadow;
			case NMI_IN_SERVICE -> Messages.Reason_nmiInService;
			case SMI_IN_SERVICE -> Messages.Reason_smiInService;
			case GLOBAL_INTERRUPT_FLAG_CLEAR -> Messages.Reason_globalInterruptFlagClear;
			case LOWER_THAN_ANOTHER -> Messages.Reason_lowerThanAnother;
			case WAITING_FOR_STARTUP -> Messages.Reason_waitingForStartup;
		};
	}
}
