/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import org.hyperstep.dsf.LaunchAttribute;

/** A file's path, with buttons to browse for it. */
final class FileField extends TextField {

	FileField(LaunchAttribute<String> attribute, String label, String help) {
		super(attribute, label, help);
	}

	@Override
	Control createControl(Composite parent, Runnable changed) {
		Text text = createText(parent, changed, COLUMNS - 1);
		new Label(parent, SWT.NONE);
		Composite buttons = new Composite(parent, SWT.NONE);
		GridDataFactory.fillDefaults().align(SWT.END, SWT.CENTER).span(COLUMNS - 1, 1).applyTo(buttons);
		FileChoice.addButtons(buttons, path -> text.setText(path));
		for (Control button : buttons.getChildren()) {
			if (button instanceof Button push) {
				push.setToolTipText(label());
			}
		}
		return text;
	}
}
