/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Table;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.journal.ExitStatistics;
import org.hyperstep.debug.journal.ExitStatistics.Row;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.SampleSession;
import org.hyperstep.ui.session.Workbench;
import org.hyperstep.ui.table.RowTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class VmExitsViewTest {
	private final SampleSession session;
	private final VmExitsView view;

	VmExitsViewTest() throws Exception {
		session = SampleSession.debugTicker();
		view = Workbench.show(HyperstepUi.VM_EXITS_VIEW, VmExitsView.class);
	}

	@AfterEach
	void closeView() throws Exception {
		Workbench.page().hideView(view);
		session.close();
	}

	private static List<Row> rows(List<ExitRow> shown) {
		return shown.stream().map(ExitRow::exits).toList();
	}

	private ExitStatistics expected(JournalQuery query) {
		return ExitStatistics.of(session.guest().journal(), query);
	}

	@Test
	void exitsAreCountedByReasonAndByPlace() {
		session.runTo("crc32");
		Workbench.await("the exits by reason",
				() -> rows(view.byReason()).equals(expected(JournalQuery.ALL).byReason()));
		Workbench.await("the exits by place", () -> rows(view.byPlace()).equals(expected(JournalQuery.ALL).byPlace()));
		assertFalse(view.byReason().isEmpty());
		assertTrue(view.byPlace().stream().anyMatch(row -> !row.location().isEmpty()));
		assertTrue(view.getContentDescription().contains(expected(JournalQuery.ALL).exits() + " VM exits"));
	}

	@Test
	void onlyExitsThatAreAskedForAreCounted() {
		session.runTo("crc32");
		Workbench.await("the exits", () -> !view.byReason().isEmpty());
		int reason = view.byReason().get(0).exits().reason();
		view.ask("reason:" + reason);
		Workbench.await("the exits of one reason",
				() -> rows(view.byReason()).equals(expected(JournalQuery.ALL.withExitReason(reason)).byReason()));
		assertEquals(1, view.byReason().size());
		view.ask("level:2");
		Workbench.await("no exit of a guest's guest", () -> view.byReason().isEmpty());
	}

	@Test
	void aClickOnAHeadingSortsAndAnotherOneTheOtherWayRound() {
		Shell shell = new Shell();
		RowTable<ExitRow> table = new RowTable<>(shell, ExitColumns.BY_REASON);
		List<ExitRow> rows = Stream.of(new Row(1, "b", 0, 5, .5, 10), new Row(2, "a", 0, 1, .1, 0),
				new Row(3, "c", 0, 4, .4, 20)).map(row -> new ExitRow(row, "")).toList();
		table.show(rows, false);
		assertEquals(rows, table.rows());
		click(table.control(), 2);
		assertEquals(List.of(5L, 4L, 1L), table.rows().stream().map(row -> row.exits().count()).toList());
		click(table.control(), 2);
		assertEquals(List.of(1L, 4L, 5L), table.rows().stream().map(row -> row.exits().count()).toList());
		click(table.control(), 0);
		assertEquals(rows.stream().sorted(Comparator.comparing(row -> row.exits().name())).toList(), table.rows());
		shell.dispose();
	}

	private static void click(Table table, int column) {
		table.getColumn(column).notifyListeners(SWT.Selection, null);
	}
}
