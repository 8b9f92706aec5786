/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.nio.file.Path;
import java.util.List;

import org.eclipse.jdt.annotation.NonNull;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.action.IAction;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.IToolBarManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.ui.ISharedImages;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.actions.ActionFactory;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.ViewAction;
import org.hyperstep.ui.session.GuestView;
import org.hyperstep.ui.session.Newest;
import org.hyperstep.ui.table.RowTable;

/** Everything that happened to the guest that the user looks at: its event journal, live. */
public final class GuestEventsView extends GuestView<@NonNull JournalFeed> {
	private final Newest<EventPage> arrivals = new Newest<>(this::show);
	private @Nullable RowTable<EventRow> table;
	private @Nullable FilterBar bar;
	private EventPage page = EventPage.EMPTY;
	private final IAction pause = new ViewAction(Messages.View_pause, IAction.AS_CHECK_BOX, this::pauseChanged)
			.withIcon("pause"); //$NON-NLS-1$
	private final IAction scrollLock = new ViewAction(Messages.View_scrollLock, IAction.AS_CHECK_BOX, () -> {
	}).withIcon("scroll_lock"); //$NON-NLS-1$
	private final IAction export = new ViewAction(Messages.View_export, this::export).withIcon("export"); //$NON-NLS-1$
	private final IAction exportTrace = new ViewAction(Messages.View_exportTrace, this::exportTrace);
	private final IAction copy = new ViewAction(Messages.View_copy, this::copy);
	private final IAction goTo = new ViewAction(Messages.View_goTo, this::goToSelected).withIcon("go_to_address"); //$NON-NLS-1$

	@Override
	public void createPartControl(Composite parent) {
		GridLayoutFactory.fillDefaults().spacing(0, 0).applyTo(parent);
		FilterBar filters = new FilterBar(parent, this::filterChanged);
		RowTable<EventRow> events = new RowTable<>(parent, EventColumns.ALL);
		GridDataFactory.fillDefaults().grab(true, true).applyTo(events.control());
		events.onOpen(row -> Disassembler.show(getSite().getPage(), row.entry().linear()));
		events.onSelect(this::enableActions);
		bar = filters;
		table = events;
		contributeActions(events);
		begin();
	}

	private void contributeActions(RowTable<EventRow> events) {
		IToolBarManager tools = getViewSite().getActionBars().getToolBarManager();
		List.of(pause, scrollLock, export).forEach(tools::add);
		IMenuManager menu = getViewSite().getActionBars().getMenuManager();
		List.of(pause, scrollLock, export, exportTrace).forEach(menu::add);
		copy.setImageDescriptor(
				PlatformUI.getWorkbench().getSharedImages().getImageDescriptor(ISharedImages.IMG_TOOL_COPY));
		MenuManager context = new MenuManager();
		List.of(goTo, copy, export, exportTrace).forEach(context::add);
		events.control().setMenu(context.createContextMenu(events.control()));
		getViewSite().getActionBars().setGlobalActionHandler(ActionFactory.COPY.getId(), copy);
		getViewSite().getActionBars().setGlobalActionHandler(ActionFactory.SELECT_ALL.getId(),
				new ViewAction(Messages.View_selectAll, events.control()::selectAll));
		enableActions();
	}

	@Override
	public void setFocus() {
		if (table instanceof RowTable<EventRow> shown) {
			shown.control().setFocus();
		}
	}

	/** The rows that are shown now, oldest first. */
	List<EventRow> rows() {
		return page.rows();
	}

	/** Shows only some of the events. */
	void filter(EventFilter filter) {
		if (bar instanceof FilterBar shown) {
			shown.set(filter);
		}
	}

	@Override
	protected void clear() {
		arrivals.forget();
		show(EventPage.EMPTY);
		setContentDescription(guest().isPresent() ? "" : Messages.View_noGuest); //$NON-NLS-1$
		setTitleToolTip(guest().map(Target::name).orElse(Messages.View_noGuest));
	}

	@Override
	protected JournalFeed feedOf(Target guest) {
		EventFilter filter = EventFilter.NONE;
		if (bar instanceof FilterBar shown) {
			shown.showCpus(guest.cpus());
			filter = shown.filter();
		}
		JournalFeed begun = new JournalFeed(guest, filter, arrivals::comes);
		begun.pause(pause.isChecked());
		return begun;
	}

	private void filterChanged(EventFilter filter) {
		if (feed() instanceof JournalFeed reading) {
			reading.filter(filter);
		}
	}

	private void pauseChanged() {
		if (feed() instanceof JournalFeed reading) {
			reading.pause(pause.isChecked());
		}
	}

	private void show(EventPage newest) {
		if (table instanceof RowTable<EventRow> shown && bar instanceof FilterBar counts
				&& !shown.control().isDisposed()) {
			page = newest;
			shown.show(newest.rows(), !scrollLock.isChecked());
			counts.showCounts(newest);
			enableActions();
		}
	}

	private void enableActions() {
		export.setEnabled(!page.rows().isEmpty());
		exportTrace.setEnabled(!page.rows().isEmpty());
		copy.setEnabled(!page.rows().isEmpty());
		goTo.setEnabled(table instanceof RowTable<EventRow> shown && shown.single().isPresent());
	}

	private void copy() {
		if (table instanceof RowTable<EventRow> shown) {
			shown.copy();
		}
	}

	private void goToSelected() {
		if (table instanceof RowTable<EventRow> shown) {
			shown.single().ifPresent(row -> Disassembler.show(getSite().getPage(), row.entry().linear()));
		}
	}

	private void exportTrace() {
		DirectoryDialog dialog = new DirectoryDialog(getSite().getShell(), SWT.SAVE);
		dialog.setText(Messages.View_exportTitle);
		dialog.setMessage(Messages.View_exportTraceMessage);
		if (dialog.open() instanceof String chosen && feed() instanceof JournalFeed followed) {
			followed.trace(Path.of(chosen)).schedule();
		}
	}

	private void export() {
		TableExport.chooseFile(getSite().getShell(), Messages.View_exportTitle, "guest-events.csv") //$NON-NLS-1$
				.ifPresent(file -> new TableExport<>(file, EventColumns.ALL, page.rows()).schedule());
	}
}
