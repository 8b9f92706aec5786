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
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.dialogs.PreferencesUtil;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.StepSetting;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.launch.ChoiceNames;
import org.hyperstep.ui.launch.SettingNames;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
		for (StepSetting setting : StepSetting.values()) {
			HypervisorPreferences.set(setting, setting.defaultValue());
		}
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
	void maskingIsOnAtFirstAndLetsNothingThrough() {
		for (StepSetting setting : StepSetting.values()) {
			assertEquals(setting == StepSetting.MASK_INTERRUPTS, box(setting).getSelection(), setting.name());
		}
	}

	@ParameterizedTest
	@EnumSource
	void everySettingIsKeptAsSet(StepSetting setting) {
		boolean changed = !setting.defaultValue();
		press(box(setting), changed);
		assertTrue(page().performOk());
		assertEquals(changed, HypervisorPreferences.isOn(setting));
		assertEquals(changed, setting.isOn(HypervisorPreferences.policy()));
	}

	private Button box(StepSetting setting) {
		return button(SettingNames.sentence(setting).replace("&", ""));
	}

	@Test
	void aSizeThatTheJournalCannotHaveIsRefused() {
		Text size = texts((Composite) page().getControl()).findFirst().orElseThrow();
		assertEquals("64M", size.getText());
		type(size, "lots");
		assertFalse(page().isValid());
		assertTrue(String.valueOf(page().getErrorMessage()).contains("lots"), page().getErrorMessage());
		type(size, "2M");
		assertTrue(page().isValid());
		assertTrue(page().performOk());
		assertEquals("2M", HypervisorPreferences.journalSize());
		HypervisorPreferences.setJournalSize("64M");
	}

	private static void type(Text field, String text) {
		field.setText(text);
		field.notifyListeners(SWT.KeyUp, new Event());
	}

	private static Stream<Text> texts(Composite parent) {
		return Arrays.stream(parent.getChildren()).flatMap(child -> child instanceof Text text ? Stream.of(text)
				: child instanceof Composite inner ? texts(inner) : Stream.empty());
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
