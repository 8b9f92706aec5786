/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Text;
import org.hyperstep.dsf.LaunchAttribute;

/** A line of text. */
class TextField extends LaunchField<String> {
	private @Nullable Text text;

	TextField(LaunchAttribute<String> attribute, String label, String help) {
		super(attribute, label, help);
	}

	@Override
	Control createControl(Composite parent, Runnable changed) {
		return createText(parent, changed, COLUMNS - 1);
	}

	/** The text alone, over so many columns. */
	final Text createText(Composite parent, Runnable changed, int columns) {
		Text created = new Text(parent, SWT.BORDER | SWT.SINGLE);
		created.setMessage(help());
		created.addListener(SWT.Modify, event -> changed.run());
		GridDataFactory.fillDefaults().align(SWT.FILL, SWT.CENTER).grab(true, false).span(columns, 1)
				.hint(WIDTH, SWT.DEFAULT)
				.indent(INDENT, 0).applyTo(created);
		text = created;
		return created;
	}

	@Override
	String value() {
		return text instanceof Text shown ? shown.getText() : attribute().defaultValue();
	}

	@Override
	void show(String value) {
		if (text instanceof Text shown) {
			shown.setText(value);
		}
	}
}
