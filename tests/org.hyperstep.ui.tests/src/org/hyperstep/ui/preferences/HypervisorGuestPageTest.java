/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.preferences;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;

import org.eclipse.jface.preference.PreferenceDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.launch.ChoiceNames;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class HypervisorGuestPageTest {
	private final PreferenceDialog dialog;

	HypervisorGuestPageTest() {
		dialog = PreferencesUtil.createPreferenceDialogOn(Workbench.window().getShell(), HyperstepUi.PREFERENCE_PAGE,
				new String[] { HyperstepUi.PREFERENCE_PAGE }, null);
		dialog.setBlockOnOpen(false);
		dialog.open();
	}

	@AfterEach
	void close() {
		dialog.close();
		HypervisorPreferences.setMaskInterrupts(true);
		HypervisorPreferences.setMechanism(Mechanism.AUTOMATIC);
	}

	private HypervisorGuestPage page() {
		return (HypervisorGuestPage) dialog.getSelectedPage();
	}

	private static Stream<Button> buttons(Composite parent) {
		return Arrays.stream(parent.getChildren()).flatMap(child -> child instanceof Button button ? Stream.of(button)
				: child instanceof Composite inner ? buttons(inner) : Stream.empty());
	}

	private Button button(String text) {
		return buttons((Composite) page().getControl()).filter(each -> each.getText().replace("&", "").equals(text))
				.findFirst().orElseThrow(() -> new AssertionError("the page has no " + text));
	}

	private static void press(Button button, boolean down) {
		button.setSelection(down);
		button.notifyListeners(SWT.Selection, null);
	}

	@Test
	void maskingIsOnAtFirstAndKeptAsSet() {
		Button mask = button("Mask hardware interrupts while stepping");
		assertTrue(mask.getSelection());
		press(mask, false);
		assertTrue(page().performOk());
		assertFalse(HypervisorPreferences.maskInterrupts());
	}

	@Test
	void everyMechanismCanBeChosen() {
		for (Mechanism mechanism : Mechanism.values()) {
			for (Mechanism other : Mechanism.values()) {
				button(ChoiceNames.of(other)).setSelection(other == mechanism);
			}
			press(button(ChoiceNames.of(mechanism)), true);
			assertTrue(page().performOk());
			assertEquals(mechanism, HypervisorPreferences.mechanism());
		}
	}
}
