/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.swtbot.eclipse.finder.widgets.SWTBotView;
import org.eclipse.swtbot.swt.finder.widgets.SWTBotShell;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class LaunchScenarioTest {

	@Test
	void debugAsOnAnImageStopsAtMain() throws Exception {
		try (Person person = new Person()) {
			person.importSamples();
			person.debugAs("ticker.elf", "ticker");
			person.awaitFrame("main() at ticker.c");
			assertEquals("main", person.function());
			assertEquals("ticker.c", person.bot().activeEditor().getTitle());
		}
	}

	@Test
	void wrongMemoryIsSaidInTheDialogAndForbidsTheLaunch() throws Exception {
		try (Person person = new Person()) {
			person.importSamples();
			person.bot().perspectiveById(IDebugUIConstants.ID_DEBUG_PERSPECTIVE).activate();
			person.bot().menu("Run").menu("Debug Configurations...").click();
			SWTBotShell dialog = person.bot().shell("Debug Configurations").activate();
			dialog.bot().tree().expandNode("Hypervisor Guest").select("ticker");
			dialog.bot().cTabItem("Machine").activate();
			dialog.bot().textWithLabel("Memory:").setText("lots");
			person.await("the message", () -> !dialog.bot().button("Debug").isEnabled());
			assertTrue(person.saysInDialog(dialog, "'lots' is no amount of memory"));
			dialog.bot().button("Revert").click();
			person.await("the right value", () -> dialog.bot().button("Debug").isEnabled());
			dialog.bot().button("Close").click();
		}
	}

	@Test
	void viewsShowTheGuest() throws Exception {
		try (Person person = new Person()) {
			person.importSamples();
			person.debugAs("ticker.elf", "ticker");
			person.awaitFrame("main() at ticker.c");
			SWTBotView events = person.bot().viewById(HyperstepUi.GUEST_EVENTS_VIEW);
			events.show();
			person.await("events", () -> events.bot().table().rowCount() > 0);
			person.bot().viewById(HyperstepUi.PENDING_EVENTS_VIEW).show();
		}
	}
}
