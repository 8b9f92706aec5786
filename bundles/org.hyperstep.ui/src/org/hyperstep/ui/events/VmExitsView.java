/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.action.IAction;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.engine.SymbolText;
import org.hyperstep.debug.journal.ExitStatistics;
import org.hyperstep.ui.ViewAction;
import org.hyperstep.ui.session.GuestView;
import org.hyperstep.ui.session.Newest;
import org.hyperstep.ui.table.RowTable;

/** The VM exits of the guest that the user looks at: how many, for what reasons, and where. */
public final class VmExitsView extends GuestView<@NonNull ExitFeed> {
	private final Newest<ExitStatistics> arrivals = new Newest<>(this::show);
	private final IAction export = new ViewAction(Messages.View_export, this::export);
	private final IAction restart = new ViewAction(Messages.Exits_restart, this::restart);
	private @Nullable Tables tables;
	private @Nullable Text terms;

	/** The two tables, and which of them is in front. */
	private record Tables(CTabFolder folder, RowTable<ExitRow> byReason, RowTable<ExitRow> byPlace) {
		boolean placesInFront() {
			return folder.getSelectionIndex() == 1;
		}
	}

	@Override
	public void createPartControl(Composite parent) {
		GridLayoutFactory.fillDefaults().spacing(0, 0).applyTo(parent);
		Text written = new Text(parent, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL | SWT.SINGLE);
		written.setMessage(Messages.Exits_terms);
		written.setToolTipText(Messages.Exits_termsHelp);
		written.addListener(SWT.Modify, event -> queryChanged());
		GridDataFactory.fillDefaults().grab(true, false).indent(4, 3).applyTo(written);
		terms = written;
		CTabFolder folder = new CTabFolder(parent, SWT.BOTTOM);
		GridDataFactory.fillDefaults().grab(true, true).applyTo(folder);
		RowTable<ExitRow> reasons = new RowTable<>(folder, ExitColumns.BY_REASON);
		RowTable<ExitRow> places = new RowTable<>(folder, ExitColumns.BY_PLACE);
		tab(folder, Messages.Exits_byReason, reasons);
		tab(folder, Messages.Exits_byPlace, places);
		folder.setSelection(0);
		places.onOpen(row -> Disassembler.show(getSite().getPage(), row.exits().linear()));
		tables = new Tables(folder, reasons, places);
		IMenuManager menu = getViewSite().getActionBars().getMenuManager();
		List.of(restart, export).forEach(menu::add);
		getViewSite().getActionBars().getToolBarManager().add(restart);
		begin();
	}

	private void tab(CTabFolder folder, String name, RowTable<ExitRow> table) {
		CTabItem item = new CTabItem(folder, SWT.NONE);
		item.setText(name);
		item.setControl(table.control());
		MenuManager context = new MenuManager();
		context.add(new ViewAction(Messages.View_copy, table::copy));
		List.of(restart, export).forEach(context::add);
		table.control().setMenu(context.createContextMenu(table.control()));
	}

	@Override
	public void setFocus() {
		if (tables instanceof Tables shown) {
			shown.folder().setFocus();
		}
	}

	/** The exits by reason as they are shown, in their order. */
	List<ExitRow> byReason() {
		return tables instanceof Tables shown ? shown.byReason().rows() : List.of();
	}

	/** The exits by place as they are shown, in their order. */
	List<ExitRow> byPlace() {
		return tables instanceof Tables shown ? shown.byPlace().rows() : List.of();
	}

	/** Counts only exits that the terms ask for. */
	void ask(String written) {
		if (terms instanceof Text field) {
			field.setText(written);
		}
	}

	private JournalQuery query() {
		return QueryTerms.parse(terms instanceof Text written ? written.getText() : "", JournalQuery.ALL).query(); //$NON-NLS-1$
	}

	@Override
	protected void clear() {
		arrivals.forget();
		show(new ExitStatistics(0, 0, List.of(), List.of()));
	}

	@Override
	protected ExitFeed feedOf(Target guest) {
		return new ExitFeed(guest, query(), arrivals::comes);
	}

	private void queryChanged() {
		if (feed() instanceof ExitFeed counting) {
			counting.query(query());
		}
	}

	private void restart() {
		if (feed() instanceof ExitFeed counting) {
			counting.restart(query());
		}
	}

	private void show(ExitStatistics newest) {
		if (tables instanceof Tables shown && !shown.folder().isDisposed()) {
			Optional<Target> guest = guest();
			shown.byReason().show(newest.byReason().stream().map(row -> new ExitRow(row, "")).toList(), false); //$NON-NLS-1$
			shown.byPlace().show(newest.byPlace().stream().map(row -> new ExitRow(row, location(guest, row.linear())))
					.toList(), false);
			setContentDescription(guest.isEmpty() ? Messages.View_noGuest
					: Messages.bind(Messages.Exits_total, new Object[] { guest.get().name(),
							Long.valueOf(newest.exits()), Long.valueOf(newest.instructions()) }));
			export.setEnabled(newest.exits() > 0);
		}
	}

	private static String location(Optional<Target> guest, long linear) {
		return guest.flatMap(target -> target.symbols().symbolAt(linear)).map(symbol -> SymbolText.of(symbol, linear))
				.orElse(""); //$NON-NLS-1$
	}

	private void export() {
		Optional<Path> chosen = TableExport.chooseFile(getSite().getShell(), Messages.Exits_exportTitle,
				"vm-exits.csv"); //$NON-NLS-1$
		if (chosen.isPresent() && tables instanceof Tables shown) {
			new TableExport<>(chosen.get(), shown.placesInFront() ? ExitColumns.BY_PLACE : ExitColumns.BY_REASON,
					shown.placesInFront() ? byPlace() : byReason()).schedule();
		}
	}
}
