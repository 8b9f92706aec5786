/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.hyperstep.ui.table.Column;

/** What the VM Exits view shows of a row, and its export writes. */
final class ExitColumns {
	private static final double PERCENT = 100;

	/** Of exits by reason. */
	static final List<Column<ExitRow>> BY_REASON = List.of(
			Column.<ExitRow>text(Messages.Exit_reason, Messages.Exit_reasonHelp, 30, row -> row.exits().name())
					.sortedBy(Comparator.comparing(row -> row.exits().name())),
			Column.<ExitRow>number(Messages.Exit_number, Messages.Exit_numberHelp, 12,
					row -> Integer.toString(row.exits().reason()))
					.sortedBy(Comparator.comparingInt(row -> row.exits().reason())),
			Column.<ExitRow>number(Messages.Exit_count, Messages.Exit_countHelp, 14,
					row -> Long.toString(row.exits().count()))
					.sortedBy(Comparator.comparingLong(row -> row.exits().count())),
			Column.<ExitRow>number(Messages.Exit_share, Messages.Exit_shareHelp, 13,
					row -> decimal(PERCENT * row.exits().share()))
					.sortedBy(Comparator.comparingDouble(row -> row.exits().share())),
			Column.<ExitRow>number(Messages.Exit_between, Messages.Exit_betweenHelp, 24,
					row -> row.exits().between() == 0 ? "" : decimal(row.exits().between())) //$NON-NLS-1$
					.sortedBy(Comparator.comparingDouble(row -> row.exits().between())));

	/** Of exits by place and reason. */
	static final List<Column<ExitRow>> BY_PLACE = Stream.concat(Stream.of(
			Column.text(Messages.Column_location, Messages.Column_locationHelp, 30, ExitRow::location)
					.sortedBy(Comparator.comparing(ExitRow::location)),
			Column.<ExitRow>text(Messages.Column_address, Messages.Exit_addressHelp, 20,
					row -> "0x" + Long.toHexString(row.exits().linear())) //$NON-NLS-1$
					.sortedBy((one, other) -> Long.compareUnsigned(one.exits().linear(), other.exits().linear()))),
			BY_REASON.stream()).toList();

	private ExitColumns() {
	}

	private static String decimal(double value) {
		return String.format(Locale.ROOT, "%.1f", value); //$NON-NLS-1$
	}
}
