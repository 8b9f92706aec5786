/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.swtbot.eclipse.finder.widgets.SWTBotView;
import org.hyperstep.debug.StopEvent;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class StepScenarioTest {
	private static final int STEPS = 10;

	@Test
	void maskedStepsStayInTheProgramThoughTheTimerTicks() throws Exception {
		try (Person person = new Person()) {
			inTheLoop(person);
			for (int i = 0; i < STEPS; i++) {
				person.step("Step Over");
				assertEquals("fill_buffer", person.function());
			}
		}
	}

	@Test
	void heldBackInterruptIsDeliveredFromItsContextMenu() throws Exception {
		try (Person person = new Person()) {
			inTheLoop(person);
			SWTBotView pending = person.bot().viewById(HyperstepUi.PENDING_EVENTS_VIEW);
			pending.show();
			while (pending.bot().table().rowCount() == 0) {
				person.step("Step Over");
			}
			pending.bot().table().select(0);
			pending.bot().table().getTableItem(0).contextMenu("Deliver This One Now").click();
			person.await("the handler", () -> person.guest().lastStop().isPresent()
					&& person.function().equals("timer_entry"));
			assertTrue(person.guest().lastStop().orElseThrow() instanceof StopEvent.StepDone);
		}
	}

	/** A breakpoint in the loop of fill_buffer, and a resume to it, as the timer ticks. */
	static void inTheLoop(Person person) throws Exception {
		person.importSamples();
		person.debugAs("ticker.elf", "ticker");
		person.awaitFrame("main() at ticker.c");
		long loop = person.guest().symbols().symbol("fill_buffer").orElseThrow().linear();
		person.guest().runTo(0, loop).get();
		person.awaitFrame("fill_buffer() at ticker.c");
	}
}
