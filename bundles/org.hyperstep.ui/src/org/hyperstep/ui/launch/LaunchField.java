/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.launch;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.jface.fieldassist.ControlDecoration;
import org.eclipse.jface.fieldassist.FieldDecorationRegistry;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.hyperstep.dsf.LaunchAttribute;

/**
 * One field of a tab: shows, edits and checks a launch attribute. It fills one row of a grid of {@link #COLUMNS} columns.
 * UI thread.
 *
 * @param <T> the attribute's values
 */
abstract class LaunchField<T> {
	/** Label, control, buttons. */
	static final int COLUMNS = 3;
	/** The least width of a control that grows with the dialog, in pixels. */
	static final int WIDTH = 160;
	/** Room before a control for the mark of a problem, in pixels. */
	static final int INDENT = 8;

	private final LaunchAttribute<T> attribute;
	private final String label;
	private final String help;
	private @Nullable ControlDecoration problemMark;
	private boolean showing;

	LaunchField(LaunchAttribute<T> attribute, String label, String help) {
		this.attribute = attribute;
		this.label = label;
		this.help = help;
	}

	/** A line of text; the help stands in it while it is empty. */
	static LaunchField<String> text(LaunchAttribute<String> attribute, String label, String help) {
		return new TextField(attribute, label, help);
	}

	/** A file, with buttons to browse for it. */
	static LaunchField<String> file(LaunchAttribute<String> attribute, String label, String help) {
		return new FileField(attribute, label, help);
	}

	/** Files in an order. */
	static LaunchField<List<String>> files(LaunchAttribute<List<String>> attribute, String label, String help) {
		return new FileListField(attribute, label, help);
	}

	/** A whole number. */
	static LaunchField<Integer> number(LaunchAttribute<Integer> attribute, String label, String help, int least,
			int most) {
		return new NumberField(attribute, label, help, least, most);
	}

	/** Yes or no; the help stands beside the box. */
	static LaunchField<Boolean> flag(LaunchAttribute<Boolean> attribute, String label, String help) {
		return new FlagField(attribute, label, help);
	}

	/** One of the attribute's choices, by its name for users. */
	static <T> LaunchField<T> choice(LaunchAttribute<T> attribute, String label, String help,
			Function<T, String> name) {
		return new ChoiceField<>(attribute, label, help, name);
	}

	LaunchAttribute<T> attribute() {
		return attribute;
	}

	String label() {
		return label;
	}

	String help() {
		return help;
	}

	/** What the field holds now. */
	abstract T value();

	/** Shows a value. */
	abstract void show(T value);

	/**
	 * Makes the control that holds the value; it and what belongs to it fill the grid's columns but for the first.
	 *
	 * @param changed to be run after each change by the user
	 */
	abstract Control createControl(Composite parent, Runnable changed);

	/** Makes the row. */
	final void create(Composite parent, Runnable changed) {
		Label name = new Label(parent, SWT.NONE);
		name.setText(label);
		name.setToolTipText(help);
		Control control = createControl(parent, () -> {
			if (!showing) {
				mark(attribute.problem(value()));
				changed.run();
			}
		});
		control.setToolTipText(help);
		boolean tall = control instanceof org.eclipse.swt.widgets.List;
		GridDataFactory.swtDefaults().align(SWT.BEGINNING, tall ? SWT.BEGINNING : SWT.CENTER).applyTo(name);
		ControlDecoration decoration = new ControlDecoration(control, SWT.TOP | SWT.LEFT);
		decoration.setImage(FieldDecorationRegistry.getDefault().getFieldDecoration(FieldDecorationRegistry.DEC_ERROR)
				.getImage());
		decoration.hide();
		problemMark = decoration;
	}

	private void mark(Optional<String> problem) {
		if (problemMark instanceof ControlDecoration mark) {
			problem.ifPresentOrElse(text -> {
				mark.setDescriptionText(text);
				mark.show();
			}, mark::hide);
		}
	}

	/** Shows what a configuration says. */
	final void load(ILaunchConfiguration from) throws CoreException {
		T value = attribute.get(from);
		showing = true;
		show(value);
		showing = false;
		mark(attribute.problem(value));
	}

	/** Makes a configuration say what the field holds. */
	final void store(ILaunchConfigurationWorkingCopy to) {
		attribute.set(to, value());
	}

	/** Makes a configuration say the attribute's default. */
	final void storeDefault(ILaunchConfigurationWorkingCopy to) {
		attribute.set(to, attribute.defaultValue());
	}
}
