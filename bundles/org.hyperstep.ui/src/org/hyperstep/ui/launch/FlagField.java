/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.hyperstep.dsf.LaunchAttribute;

/** Yes or no. */
final class FlagField extends LaunchField<Boolean> {
	private @Nullable Button box;

	FlagField(LaunchAttribute<Boolean> attribute, String label, String help) {
		super(attribute, label, help);
	}

	@Override
	Control createControl(Composite parent, Runnable changed) {
		Button created = new Button(parent, SWT.CHECK);
		created.setText(help());
		created.addListener(SWT.Selection, event -> changed.run());
		GridDataFactory.fillDefaults().align(SWT.FILL, SWT.CENTER).grab(true, false).span(COLUMNS - 1, 1)
				.hint(WIDTH, SWT.DEFAULT).indent(INDENT, 0).applyTo(created);
		box = created;
		return created;
	}

	@Override
	Boolean value() {
		return box instanceof Button shown ? Boolean.valueOf(shown.getSelection()) : attribute().defaultValue();
	}

	@Override
	void show(Boolean value) {
		if (box instanceof Button shown) {
			shown.setSelection(value.booleanValue());
		}
	}
}
