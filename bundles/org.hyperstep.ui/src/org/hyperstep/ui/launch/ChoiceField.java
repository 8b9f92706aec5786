/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;
import java.util.function.Function;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.hyperstep.dsf.LaunchAttribute;

/** One of a few choices. */
final class ChoiceField<T> extends LaunchField<T> {
	private final Function<T, String> name;
	private @Nullable Combo combo;

	ChoiceField(LaunchAttribute<T> attribute, String label, String help, Function<T, String> name) {
		super(attribute, label, help);
		this.name = name;
	}

	private List<T> choices() {
		return attribute().choices();
	}

	@Override
	Control createControl(Composite parent, Runnable changed) {
		Combo created = new Combo(parent, SWT.READ_ONLY | SWT.DROP_DOWN);
		created.setItems(choices().stream().map(name).toArray(String[]::new));
		created.addListener(SWT.Selection, event -> changed.run());
		GridDataFactory.fillDefaults().align(SWT.FILL, SWT.CENTER).grab(true, false).span(COLUMNS - 1, 1)
				.hint(WIDTH, SWT.DEFAULT).indent(INDENT, 0).applyTo(created);
		combo = created;
		return created;
	}

	@Override
	T value() {
		return combo instanceof Combo shown && shown.getSelectionIndex() >= 0
				? choices().get(shown.getSelectionIndex())
				: attribute().defaultValue();
	}

	@Override
	void show(T value) {
		if (combo instanceof Combo shown) {
			shown.select(choices().indexOf(value));
		}
	}
}
