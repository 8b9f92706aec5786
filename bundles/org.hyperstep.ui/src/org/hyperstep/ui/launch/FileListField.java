/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Menu;
import org.eclipse.swt.widgets.MenuItem;
import org.hyperstep.dsf.LaunchAttribute;

/** Files in an order that counts, with buttons to add, remove and move. */
final class FileListField extends LaunchField<List<String>> {
	private static final int LINES = 5;

	private org.eclipse.swt.widgets.@Nullable List list;
	private Runnable changed = () -> {
	};

	FileListField(LaunchAttribute<List<String>> attribute, String label, String help) {
		super(attribute, label, help);
	}

	@Override
	Control createControl(Composite parent, Runnable onChange) {
		changed = onChange;
		org.eclipse.swt.widgets.List created = new org.eclipse.swt.widgets.List(parent,
				SWT.BORDER | SWT.SINGLE | SWT.V_SCROLL);
		GridDataFactory.fillDefaults().grab(true, false).hint(WIDTH, created.getItemHeight() * LINES).indent(INDENT, 0)
				.applyTo(created);
		list = created;
		Composite buttons = new Composite(parent, SWT.NONE);
		GridDataFactory.fillDefaults().applyTo(buttons);
		GridLayoutFactory.fillDefaults().applyTo(buttons);
		Button add = button(buttons, Messages.FileListField_add, () -> {
		});
		Menu ways = waysToAdd(add);
		add.addListener(SWT.Selection, event -> {
			ways.setLocation(add.toDisplay(0, add.getSize().y));
			ways.setVisible(true);
		});
		Button remove = button(buttons, Messages.FileListField_remove, this::remove);
		Button up = button(buttons, Messages.FileListField_up, () -> move(-1));
		Button down = button(buttons, Messages.FileListField_down, () -> move(1));
		Runnable enable = () -> {
			int at = created.getSelectionIndex();
			remove.setEnabled(at >= 0);
			up.setEnabled(at > 0);
			down.setEnabled(at >= 0 && at < created.getItemCount() - 1);
		};
		created.addListener(SWT.Selection, event -> enable.run());
		List.of(add, remove, up, down).forEach(each -> each.addListener(SWT.Selection, event -> enable.run()));
		enable.run();
		return created;
	}

	private static Button button(Composite parent, String label, Runnable action) {
		Button button = new Button(parent, SWT.PUSH);
		button.setText(label);
		GridDataFactory.fillDefaults().applyTo(button);
		button.addListener(SWT.Selection, event -> action.run());
		return button;
	}

	private Menu waysToAdd(Button button) {
		Menu menu = new Menu(button);
		FileChoice.ways(button.getShell(), this::add).forEach((name, way) -> {
			MenuItem item = new MenuItem(menu, SWT.PUSH);
			item.setText(name);
			item.addListener(SWT.Selection, event -> way.run());
		});
		return menu;
	}

	void add(String path) {
		if (list instanceof org.eclipse.swt.widgets.List shown) {
			shown.add(path);
			shown.select(shown.getItemCount() - 1);
			changed.run();
		}
	}

	void remove() {
		edit(paths -> {
			paths.remove(selected());
			return paths;
		}, selected());
	}

	void move(int by) {
		int from = selected();
		edit(paths -> {
			Collections.swap(paths, from, from + by);
			return paths;
		}, from + by);
	}

	private int selected() {
		return list instanceof org.eclipse.swt.widgets.List shown ? shown.getSelectionIndex() : -1;
	}

	private void edit(UnaryOperator<List<String>> edit, int thenSelect) {
		if (list instanceof org.eclipse.swt.widgets.List shown) {
			List<String> edited = edit.apply(new java.util.ArrayList<>(value()));
			shown.setItems(edited.toArray(String[]::new));
			shown.select(Math.min(thenSelect, edited.size() - 1));
			changed.run();
		}
	}

	@Override
	List<String> value() {
		return list instanceof org.eclipse.swt.widgets.List shown ? List.of(shown.getItems())
				: attribute().defaultValue();
	}

	@Override
	void show(List<String> value) {
		if (list instanceof org.eclipse.swt.widgets.List shown) {
			shown.setItems(value.toArray(String[]::new));
		}
	}
}
