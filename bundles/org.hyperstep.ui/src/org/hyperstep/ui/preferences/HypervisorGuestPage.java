/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.preferences;

import java.util.Arrays;
import java.util.Optional;

import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jface.preference.BooleanFieldEditor;
import org.eclipse.jface.preference.FieldEditor;
import org.eclipse.jface.preference.FieldEditorPreferencePage;
import org.eclipse.jface.preference.RadioGroupFieldEditor;
import org.eclipse.jface.preference.StringFieldEditor;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.eclipse.ui.preferences.ScopedPreferenceStore;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.StepSetting;
import org.hyperstep.ui.launch.ChoiceNames;
import org.hyperstep.ui.launch.SettingNames;

/** Run/Debug > Hypervisor Guest. What is changed of stepping here holds at once, for live sessions too. */
public final class HypervisorGuestPage extends FieldEditorPreferencePage implements IWorkbenchPreferencePage {
	/** How far what the mask lets through stands to the right of the mask, in pixels. */
	private static final int EXEMPTION_INDENT = 20;

	public HypervisorGuestPage() {
		super(GRID);
		setPreferenceStore(new ScopedPreferenceStore(InstanceScope.INSTANCE, HypervisorPreferences.NODE));
		setDescription(Messages.Page_description);
	}

	@Override
	public void init(IWorkbench workbench) {
		// nothing of the workbench is needed
	}

	@Override
	protected void createFieldEditors() {
		Composite parent = getFieldEditorParent();
		Arrays.stream(StepSetting.values()).forEach(setting -> addField(setting(setting, parent)));
		addField(new RadioGroupFieldEditor(HypervisorPreferences.MECHANISM, Messages.Page_mechanism, 1,
				Arrays.stream(Mechanism.values()).map(each -> new String[] { ChoiceNames.of(each), each.name() })
						.toArray(String[][]::new),
				parent, true));
		addField(new JournalField(parent));
	}

	private static FieldEditor setting(StepSetting setting, Composite parent) {
		BooleanFieldEditor field = new BooleanFieldEditor(setting.preference(), SettingNames.sentence(setting), parent);
		Control box = field.getDescriptionControl(parent);
		box.setToolTipText(SettingNames.help(setting));
		if (setting.isExemption() && box.getLayoutData() instanceof GridData place) {
			place.horizontalIndent = EXEMPTION_INDENT;
		}
		return field;
	}

	/** The size of the event journal, checked as it is typed. */
	private static final class JournalField extends StringFieldEditor {
		private static final int WIDTH = 12;

		JournalField(Composite parent) {
			super(HypervisorPreferences.JOURNAL_SIZE, Messages.Page_journal, WIDTH, VALIDATE_ON_KEY_STROKE, parent);
			setEmptyStringAllowed(false);
			getTextControl(parent).setToolTipText(Messages.Page_journalHelp);
		}

		@Override
		protected boolean doCheckState() {
			Optional<String> problem = LaunchAttributes.journalProblem(getStringValue());
			problem.ifPresent(this::setErrorMessage);
			return problem.isEmpty();
		}
	}
}
