/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.eclipse.swtbot.swt.finder.widgets.SWTBotShell;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.StepSetting;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class PreferenceScenarioTest {
	/** Lines of the loop; a tick comes every few of them. */
	private static final int MOST_STEPS = 200;

	@Test
	void withoutMaskingAStepOfALiveSessionEntersTheHandler() throws Exception {
		try (Person person = new Person()) {
			StepScenarioTest.inTheLoop(person);
			unmask(person);
			person.await("the session to follow", () -> !person.guest().policy().masks());
			for (int i = 0; i < MOST_STEPS && !person.function().equals("timer_entry"); i++) {
				person.step("Step Over");
			}
			assertEquals("timer_entry", person.function());
		}
	}

	private static void unmask(Person person) {
		person.bot().menu("Window").menu("Preferences...").click();
		SWTBotShell dialog = person.bot().shell("Preferences").activate();
		dialog.bot().tree().expandNode("Run/Debug").select("Hypervisor Guest");
		dialog.bot().checkBox("Mask hardware interrupts while stepping").deselect();
		dialog.bot().button("Apply and Close").click();
		person.await("the dialog's end", () -> !dialog.isOpen());
		assertFalse(HypervisorPreferences.isOn(StepSetting.MASK_INTERRUPTS));
	}
}
