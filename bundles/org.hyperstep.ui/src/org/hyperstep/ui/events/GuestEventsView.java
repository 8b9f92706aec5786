/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.List;
import java.util.Optional;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.IAction;
import org.eclipse.jface.action.IMenuManager;
import org.eclipse.jface.action.IToolBarManager;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.ui.ISharedImages;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.actions.ActionFactory;
import org.eclipse.ui.part.ViewPart;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.ActiveGuest;
import org.hyperstep.ui.session.Newest;
import org.hyperstep.ui.table.RowTable;

/** Everything that happened to the guest that the user looks at: its event journal, live. */
public final class GuestEventsView extends ViewPart {
	private final Newest<EventPage> arrivals = new Newest<>(this::show);
	private @Nullable ActiveGuest active;
	private @Nullable JournalFeed feed;
	private @Nullable RowTable<EventRow> table;
	private @Nullable FilterBar bar;
	private EventPage page = EventPage.EMPTY;
	private final IAction pause = toggle(Messages.View_pause, "pause", this::pauseChanged); //$NON-NLS-1$
	private final IAction scrollLock = toggle(Messages.View_scrollLock, "scroll_lock", () -> { //$NON-NLS-1$
	});
	private final IAction export = action(Messages.View_export, "export", this::export); //$NON-NLS-1$
	private final IAction exportTrace = action(Messages.View_exportTrace, "", this::exportTrace); //$NON-NLS-1$
	private final IAction copy = action(Messages.View_copy, "", this::copy); //$NON-NLS-1$
	private final IAction goTo = action(Messages.View_goTo, "go_to_address", this::goToSelected); //$NON-NLS-1$

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
		ActiveGuest guests = new ActiveGuest(getSite().getWorkbenchWindow(), this::follow);
		active = guests;
		follow(guests.get());
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
				action(Messages.View_selectAll, "", events.control()::selectAll)); //$NON-NLS-1$
		enableActions();
	}

	private static IAction toggle(String text, String icon, Runnable changed) {
		return action(text, icon, IAction.AS_CHECK_BOX, changed);
	}

	private static IAction action(String text, String icon, Runnable run) {
		return action(text, icon, IAction.AS_PUSH_BUTTON, run);
	}

	private static IAction action(String text, String icon, int style, Runnable run) {
		Action action = new Action(text, style) {
			@Override
			public void run() {
				run.run();
			}
		};
		if (!icon.isEmpty()) {
			action.setImageDescriptor(HyperstepUi.icon(icon));
		}
		return action;
	}

	@Override
	public void setFocus() {
		if (table instanceof RowTable<EventRow> shown) {
			shown.control().setFocus();
		}
	}

	@Override
	public void dispose() {
		if (active instanceof ActiveGuest following) {
			following.close();
		}
		unfollow();
		super.dispose();
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

	private void follow(Optional<Target> guest) {
		unfollow();
		arrivals.forget();
		show(EventPage.EMPTY);
		setContentDescription(guest.isPresent() ? "" : Messages.View_noGuest); //$NON-NLS-1$
		setTitleToolTip(guest.map(Target::name).orElse(Messages.View_noGuest));
		guest.ifPresent(target -> {
			if (bar instanceof FilterBar shown) {
				shown.showCpus(target.cpus());
				feed = new JournalFeed(target, shown.filter(), arrivals::comes);
				pauseChanged();
			}
		});
	}

	private void unfollow() {
		if (feed instanceof JournalFeed old) {
			old.close();
		}
		feed = null;
	}

	private void filterChanged(EventFilter filter) {
		if (feed instanceof JournalFeed reading) {
			reading.filter(filter);
		}
	}

	private void pauseChanged() {
		if (feed instanceof JournalFeed reading) {
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
		if (dialog.open() instanceof String chosen && feed instanceof JournalFeed followed) {
			followed.trace(java.nio.file.Path.of(chosen)).schedule();
		}
	}

	private void export() {
		FileDialog dialog = new FileDialog(getSite().getShell(), SWT.SAVE);
		dialog.setText(Messages.View_exportTitle);
		dialog.setFilterExtensions(new String[] { "*.csv", "*" }); //$NON-NLS-1$ //$NON-NLS-2$
		dialog.setFileName("guest-events.csv"); //$NON-NLS-1$
		dialog.setOverwrite(true);
		if (dialog.open() instanceof String file) {
			new TableExport<>(java.nio.file.Path.of(file), EventColumns.ALL, page.rows()).schedule();
		}
	}
}
