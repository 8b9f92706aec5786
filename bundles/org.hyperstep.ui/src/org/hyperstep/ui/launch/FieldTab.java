/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;
import java.util.Optional;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.AbstractLaunchConfigurationTab;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.ui.HyperstepUi;

/** A tab that is its list of fields. UI thread. */
abstract class FieldTab extends AbstractLaunchConfigurationTab {
	private static final int NOTE_WIDTH = 300;

	private final String name;
	private final String icon;
	private final String note;
	private final List<LaunchField<?>> fields;

	/**
	 * Makes the tab.
	 *
	 * @param name what stands on it
	 * @param icon its icon's file
	 * @param note a sentence or two under the fields, possibly empty
	 */
	FieldTab(String name, String icon, String note, List<LaunchField<?>> fields) {
		this.name = name;
		this.icon = icon;
		this.note = note;
		this.fields = fields;
	}

	List<LaunchField<?>> fields() {
		return fields;
	}

	@Override
	public void createControl(Composite parent) {
		ScrolledComposite page = new ScrolledComposite(parent, SWT.V_SCROLL);
		Composite grid = new Composite(page, SWT.NONE);
		GridLayoutFactory.swtDefaults().numColumns(LaunchField.COLUMNS).margins(12, 8).spacing(8, 5).applyTo(grid);
		for (LaunchField<?> field : fields) {
			field.create(grid, this::scheduleUpdateJob);
		}
		if (!note.isEmpty()) {
			Label text = new Label(grid, SWT.WRAP);
			text.setText(note);
			GridDataFactory.fillDefaults().grab(true, false).span(LaunchField.COLUMNS, 1).hint(NOTE_WIDTH, SWT.DEFAULT)
					.indent(0, 8).applyTo(text);
		}
		page.setContent(grid);
		page.setExpandHorizontal(true);
		page.setExpandVertical(true);
		page.setShowFocusedControl(true);
		page.addListener(SWT.Resize, event -> page
				.setMinHeight(grid.computeSize(page.getClientArea().width, SWT.DEFAULT).y));
		setControl(page);
	}

	@Override
	public void setDefaults(ILaunchConfigurationWorkingCopy configuration) {
		fields.forEach(field -> field.storeDefault(configuration));
	}

	@Override
	public void initializeFrom(ILaunchConfiguration configuration) {
		try {
			for (LaunchField<?> field : fields) {
				field.load(configuration);
			}
		} catch (CoreException e) {
			setErrorMessage(e.getStatus().getMessage());
		}
	}

	@Override
	public void performApply(ILaunchConfigurationWorkingCopy configuration) {
		fields.forEach(field -> field.store(configuration));
	}

	@Override
	public boolean isValid(ILaunchConfiguration configuration) {
		Optional<String> problem = problem(configuration);
		setErrorMessage(problem.orElse(null));
		return problem.isEmpty();
	}

	private Optional<String> problem(ILaunchConfiguration configuration) {
		try {
			for (LaunchField<?> field : fields) {
				Optional<String> problem = field.attribute().problemIn(configuration);
				if (problem.isPresent()) {
					return problem;
				}
			}
			return problemBetween(configuration);
		} catch (CoreException e) {
			return Optional.of(e.getStatus().getMessage());
		}
	}

	/** What is wrong with values that are right each by itself. */
	private Optional<String> problemBetween(ILaunchConfiguration configuration) throws CoreException {
		boolean concerned = fields.stream().map(LaunchField::attribute)
				.anyMatch(attribute -> attribute == LaunchAttributes.VIRTUALIZATION
						|| attribute == LaunchAttributes.STEP_MECHANISM);
		return concerned
				? LaunchAttributes.problem(LaunchAttributes.VIRTUALIZATION.get(configuration),
						LaunchAttributes.STEP_MECHANISM.get(configuration))
				: Optional.empty();
	}

	@Override
	public String getName() {
		return name;
	}

	@Override
	public Image getImage() {
		return HyperstepUi.image(icon);
	}
}
