/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.table;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.eclipse.jface.layout.PixelConverter;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;

/**
 * A table that asks its rows for text only when they come into sight, so that 65,536 rows cost what a screenful does.
 * UI thread.
 *
 * @param <T> the rows: immutable
 */
@SuppressWarnings("nls")
public final class RowTable<T> {
	private final Table table;
	private final List<Column<T>> columns;
	private List<T> rows = List.of();
	/** The rows as they were given. */
	private List<T> given = List.of();
	private Optional<Comparator<T>> order = Optional.empty();

	public RowTable(Composite parent, List<Column<T>> columns) {
		this.columns = columns;
		table = new Table(parent, SWT.VIRTUAL | SWT.MULTI | SWT.FULL_SELECTION);
		table.setHeaderVisible(true);
		PixelConverter pixels = new PixelConverter(table);
		for (Column<T> column : columns) {
			TableColumn shown = new TableColumn(table, column.numeric() ? SWT.RIGHT : SWT.LEFT);
			shown.setText(column.name());
			shown.setToolTipText(column.help());
			shown.setWidth(pixels.convertWidthInCharsToPixels(column.width()));
			shown.setMoveable(true);
			column.order().ifPresent(by -> shown.addListener(SWT.Selection, event -> sort(shown, column, by)));
		}
		table.addListener(SWT.SetData, this::fill);
	}

	/** Sorts by a column, the other way round when it is asked again; numbers begin with the largest. */
	private void sort(TableColumn shown, Column<T> column, Comparator<T> by) {
		boolean again = table.getSortColumn() == shown;
		boolean down = again ? table.getSortDirection() == SWT.UP : column.numeric();
		table.setSortColumn(shown);
		table.setSortDirection(down ? SWT.DOWN : SWT.UP);
		order = Optional.of(down ? by.reversed() : by);
		show(given, false);
	}

	private void fill(Event event) {
		if (event.item instanceof TableItem item && event.index < rows.size()) {
			T row = rows.get(event.index);
			item.setText(columns.stream().map(column -> column.text().apply(row)).toArray(String[]::new));
		}
	}

	/** The widget, for menus, layout and focus. */
	public Table control() {
		return table;
	}

	/** The rows that are shown. */
	public List<T> rows() {
		return rows;
	}

	/**
	 * Shows other rows.
	 *
	 * @param toEnd scroll to the last one, rather than leaving the place in sight where it is
	 */
	public void show(List<T> newRows, boolean toEnd) {
		List<T> selected = selection();
		int top = table.getTopIndex();
		table.setRedraw(false);
		given = newRows;
		rows = order.map(by -> newRows.stream().sorted(by).toList()).orElse(newRows);
		table.setItemCount(newRows.size());
		table.clearAll();
		table.setRedraw(true);
		select(selected);
		if (!newRows.isEmpty()) {
			table.setTopIndex(toEnd ? newRows.size() - 1 : Math.min(top, newRows.size() - 1));
		}
	}

	private void select(List<T> wanted) {
		if (!wanted.isEmpty() || table.getSelectionCount() > 0) {
			table.setSelection(wanted.stream().mapToInt(rows::indexOf).filter(index -> index >= 0).toArray());
		}
	}

	/** What is selected, from top to bottom. */
	public List<T> selection() {
		int[] indices = table.getSelectionIndices();
		Arrays.sort(indices);
		return Arrays.stream(indices).filter(index -> index < rows.size()).mapToObj(rows::get).toList();
	}

	/** What is selected, where it is exactly one row. */
	public Optional<T> single() {
		List<T> selected = selection();
		return selected.size() == 1 ? Optional.of(selected.get(0)) : Optional.empty();
	}

	/** Has an action run on a double click or Enter on a row. */
	public void onOpen(Consumer<T> action) {
		table.addListener(SWT.DefaultSelection, event -> single().ifPresent(action));
	}

	/** Has an action run after the selection changed. */
	public void onSelect(Runnable action) {
		table.addListener(SWT.Selection, event -> action.run());
	}

	/** Puts the selected rows onto the clipboard as lines of tab-separated text; without a selection all rows. */
	public void copy() {
		List<T> chosen = selection();
		List<T> copied = chosen.isEmpty() ? rows : chosen;
		if (copied.isEmpty()) {
			return;
		}
		String text = copied.stream().map(row -> line(row, "\t")).collect(Collectors.joining(System.lineSeparator()));
		Clipboard clipboard = new Clipboard(table.getDisplay());
		clipboard.setContents(new Object[] { text }, new Transfer[] { TextTransfer.getInstance() });
		clipboard.dispose();
	}

	private String line(T row, String separator) {
		return columns.stream().map(column -> column.text().apply(row)).collect(Collectors.joining(separator));
	}
}
