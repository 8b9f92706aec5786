/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Spinner;
import org.hyperstep.dsf.LaunchAttribute;

/** A whole number between two limits. */
final class NumberField extends LaunchField<Integer> {
	private final int least;
	private final int most;
	private @Nullable Spinner spinner;

	NumberField(LaunchAttribute<Integer> attribute, String label, String help, int least, int most) {
		super(attribute, label, help);
		this.least = least;
		this.most = most;
	}

	@Override
	Control createControl(Composite parent, Runnable changed) {
		Spinner created = new Spinner(parent, SWT.BORDER);
		created.setMinimum(least);
		created.setMaximum(most);
		created.addListener(SWT.Modify, event -> changed.run());
		GridDataFactory.swtDefaults().span(COLUMNS - 1, 1).indent(INDENT, 0).applyTo(created);
		spinner = created;
		return created;
	}

	@Override
	Integer value() {
		return spinner instanceof Spinner shown ? Integer.valueOf(shown.getSelection()) : attribute().defaultValue();
	}

	@Override
	void show(Integer value) {
		if (spinner instanceof Spinner shown) {
			shown.setSelection(value.intValue());
		}
	}
}
