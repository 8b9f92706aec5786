/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.preferences;

import java.util.Arrays;
import java.util.List;

import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jface.preference.BooleanFieldEditor;
import org.eclipse.jface.preference.FieldEditor;
import org.eclipse.jface.preference.FieldEditorPreferencePage;
import org.eclipse.jface.preference.RadioGroupFieldEditor;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.eclipse.ui.preferences.ScopedPreferenceStore;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.ui.launch.ChoiceNames;

/** Run/Debug > Hypervisor Guest. What is changed here holds at once, for live sessions too. */
public final class HypervisorGuestPage extends FieldEditorPreferencePage implements IWorkbenchPreferencePage {
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
		fields().forEach(this::addField);
	}

	private List<FieldEditor> fields() {
		return List.of(
				new BooleanFieldEditor(HypervisorPreferences.MASK_INTERRUPTS, Messages.Page_mask,
						getFieldEditorParent()),
				new RadioGroupFieldEditor(HypervisorPreferences.MECHANISM, Messages.Page_mechanism, 1,
						Arrays.stream(Mechanism.values())
								.map(each -> new String[] { ChoiceNames.of(each), each.name() })
								.toArray(String[][]::new),
						getFieldEditorParent(), true));
	}
}
