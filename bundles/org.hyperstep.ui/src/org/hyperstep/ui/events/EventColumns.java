/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.List;
import java.util.Locale;

import org.hyperstep.ui.table.Column;

/** What the Guest Events view shows of a row, and its export writes. */
final class EventColumns {
	private static final long NANOS_PER_SECOND = 1_000_000_000;

	static final List<Column<EventRow>> ALL = List.of(
			Column.number(Messages.Column_number, Messages.Column_numberHelp, 8,
					row -> Long.toString(row.entry().number())),
			Column.number(Messages.Column_time, Messages.Column_timeHelp, 14,
					row -> seconds(row.entry().virtualNanos())),
			Column.number(Messages.Column_cpu, Messages.Column_cpuHelp, 6, row -> Integer.toString(row.entry().cpu())),
			Column.number(Messages.Column_level, Messages.Column_levelHelp, 8,
					row -> Integer.toString(row.entry().level())),
			Column.text(Messages.Column_event, Messages.Column_eventHelp, 20, row -> row.entry().kind().label()),
			Column.text(Messages.Column_details, Messages.Column_detailsHelp, 28, row -> row.entry().text()),
			Column.text(Messages.Column_location, Messages.Column_locationHelp, 24, EventRow::location),
			Column.text(Messages.Column_address, Messages.Column_addressHelp, 20,
					row -> "0x" + Long.toHexString(row.entry().linear())), //$NON-NLS-1$
			Column.number(Messages.Column_retired, Messages.Column_retiredHelp, 13,
					row -> Long.toString(row.entry().retired())));

	private EventColumns() {
	}

	private static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%d.%09d", nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND); //$NON-NLS-1$
	}
}
