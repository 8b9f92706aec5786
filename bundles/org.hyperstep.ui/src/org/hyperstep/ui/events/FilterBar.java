/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.MenuItem;
import org.eclipse.swt.widgets.Text;
import org.hyperstep.debug.EventKind;

/** The line above the events: what is shown of them, and how many that are. UI thread. */
final class FilterBar {
	private static final int COLUMNS = 4;

	private final Composite bar;
	private final Button kinds;
	private final Combo cpus;
	private final Text text;
	private final Label counts;
	private final Consumer<EventFilter> changed;
	private EventFilter filter = EventFilter.NONE;

	FilterBar(Composite parent, Consumer<EventFilter> changed) {
		this.changed = changed;
		bar = new Composite(parent, SWT.NONE);
		GridDataFactory.fillDefaults().grab(true, false).applyTo(bar);
		GridLayoutFactory.fillDefaults().numColumns(COLUMNS).margins(4, 3).spacing(8, 0).applyTo(bar);
		kinds = new Button(bar, SWT.PUSH);
		kinds.setToolTipText(Messages.FilterBar_kindsHelp);
		kinds.addListener(SWT.Selection, event -> openKinds());
		cpus = new Combo(bar, SWT.READ_ONLY | SWT.DROP_DOWN);
		cpus.setToolTipText(Messages.FilterBar_cpusHelp);
		cpus.addListener(SWT.Selection, event -> set(filter.withCpu(cpus.getSelectionIndex() - 1)));
		text = new Text(bar, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL | SWT.SINGLE);
		text.setMessage(Messages.FilterBar_text);
		text.setToolTipText(Messages.FilterBar_textHelp);
		text.addListener(SWT.Modify, event -> set(filter.withText(text.getText())));
		GridDataFactory.fillDefaults().grab(true, false).align(SWT.FILL, SWT.CENTER).hint(120, SWT.DEFAULT)
				.applyTo(text);
		counts = new Label(bar, SWT.RIGHT);
		GridDataFactory.fillDefaults().align(SWT.END, SWT.CENTER).applyTo(counts);
		showCpus(1);
		showKinds();
	}

	EventFilter filter() {
		return filter;
	}

	void set(EventFilter other) {
		if (!other.equals(filter)) {
			filter = other;
			showKinds();
			changed.accept(other);
		}
	}

	/** Offers the CPUs of a guest. */
	void showCpus(int count) {
		cpus.setItems(Stream.concat(Stream.of(Messages.FilterBar_allCpus), IntStream.range(0, count)
				.mapToObj(number -> Messages.bind(Messages.FilterBar_cpu, Integer.valueOf(number))))
				.toArray(String[]::new));
		int chosen = filter.cpu() < count ? filter.cpu() : EventFilter.ALL_CPUS;
		cpus.select(chosen + 1);
		set(filter.withCpu(chosen));
		bar.layout();
	}

	/** Says how many events are shown. */
	void showCounts(EventPage page) {
		Object shown = Integer.valueOf(page.rows().size());
		Object total = Long.valueOf(page.total());
		counts.setText(page.total() == 0 ? "" //$NON-NLS-1$
				: page.kept() == page.total() ? Messages.bind(Messages.FilterBar_counts, shown, total)
						: Messages.bind(Messages.FilterBar_countsOfNewest, new Object[] { shown,
								Long.valueOf(page.kept()), total }));
		bar.layout();
	}

	private void showKinds() {
		int shown = EventKind.values().length - filter.hidden().size();
		kinds.setText(filter.hidden().isEmpty() ? Messages.FilterBar_allKinds
				: Messages.bind(Messages.FilterBar_someKinds, Integer.valueOf(shown),
						Integer.valueOf(EventKind.values().length)));
		bar.layout();
	}

	private void openKinds() {
		Menu menu = new Menu(kinds);
		item(menu, SWT.PUSH, Messages.FilterBar_showAll, false, () -> set(filter.withAllKinds(true)));
		item(menu, SWT.PUSH, Messages.FilterBar_showNone, false, () -> set(filter.withAllKinds(false)));
		new MenuItem(menu, SWT.SEPARATOR);
		for (EventKind kind : EventKind.values()) {
			boolean shown = !filter.hidden().contains(kind);
			item(menu, SWT.CHECK, kind.label(), shown, () -> set(filter.withKind(kind, !shown)));
		}
		menu.setLocation(kinds.toDisplay(0, kinds.getSize().y));
		menu.setVisible(true);
	}

	private static void item(Menu menu, int style, String label, boolean checked, Runnable action) {
		MenuItem item = new MenuItem(menu, style);
		item.setText(label);
		item.setSelection(checked);
		item.addListener(SWT.Selection, event -> action.run());
	}
}
