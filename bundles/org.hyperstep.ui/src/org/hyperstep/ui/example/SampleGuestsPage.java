/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.samples.Sample;

/** Says what the wizard brings. */
final class SampleGuestsPage extends WizardPage {
	private static final int WIDTH = 560;

	SampleGuestsPage() {
		super("sampleGuests"); //$NON-NLS-1$
		setTitle(Messages.SampleGuestsWizard_title);
		setDescription(Messages.bind(Messages.SampleGuestsPage_description, ExampleProject.NAME));
	}

	@Override
	public void createControl(@Nullable Composite parent) {
		Composite page = new Composite(parent, SWT.NONE);
		GridLayoutFactory.swtDefaults().numColumns(2).margins(12, 12).spacing(12, 6).applyTo(page);
		for (Sample sample : Sample.values()) {
			new Label(page, SWT.NONE).setText(sample.label());
			new Label(page, SWT.NONE).setText(sample.description());
		}
		Label note = new Label(page, SWT.WRAP);
		note.setText(ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME).exists()
				? Messages.SampleGuestsPage_existing
				: Messages.SampleGuestsPage_note);
		GridDataFactory.fillDefaults().span(2, 1).hint(WIDTH, SWT.DEFAULT).indent(0, 12).applyTo(note);
		setControl(page);
	}
}
