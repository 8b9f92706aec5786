/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class VirtualTimeTest {
	private final VirtualTime time = new VirtualTime();
	private final List<String> rung = new ArrayList<>();

	private Alarm named(String name) {
		return time.alarm(() -> rung.add(name + "@" + time.now()));
	}

	@Test
	void alarmsRingInTheOrderOfTheirTimes() {
		Alarm a = named("a");
		Alarm b = named("b");
		a.set(30);
		b.set(20);
		assertEquals(20, time.nextDeadline());
		time.advanceTo(29);
		assertEquals(List.of("b@20"), rung);
		time.advanceTo(100);
		assertEquals(List.of("b@20", "a@30"), rung);
		assertEquals(VirtualTime.NEVER, time.nextDeadline());
		assertEquals(100, time.now());
	}

	@Test
	void alarmsOfEqualTimeRingInTheOrderOfTheirMaking() {
		Alarm first = named("first");
		Alarm second = named("second");
		second.set(10);
		first.set(10);
		time.advanceTo(10);
		assertEquals(List.of("first@10", "second@10"), rung);
	}

	@Test
	void anAlarmThatSetsItselfRingsAtExactMultiplesHoweverFarTimeIsMoved() {
		Alarm[] periodic = new Alarm[1];
		periodic[0] = time.alarm(() -> {
			rung.add("t@" + time.now());
			periodic[0].set(time.now() + 300);
		});
		periodic[0].set(300);
		time.advanceTo(1000);
		assertEquals(List.of("t@300", "t@600", "t@900"), rung);
		assertEquals(1200, time.nextDeadline());
	}

	@Test
	void timeNeverGoesBack() {
		Alarm late = named("late");
		time.advanceTo(50);
		late.set(20);
		time.advanceTo(50);
		assertEquals(List.of("late@50"), rung);
		time.advanceTo(10);
		assertEquals(50, time.now());
	}

	@Test
	void aMovedDeadlineIsToldButNotWhileRinging() {
		List<Long> told = new ArrayList<>();
		time.attach(() -> 0, told::add);
		Alarm a = named("a");
		Alarm b = named("b");
		a.set(100);
		b.set(200);
		b.set(50);
		a.cancel();
		b.cancel();
		assertEquals(List.of(100L, 50L, VirtualTime.NEVER), told);
	}

	@Test
	void advancingFromWithinAnAlarmIsRefused() {
		time.alarm(() -> time.advanceTo(99)).set(1);
		assertThrows(IllegalStateException.class, () -> time.advanceTo(1));
	}

	@Test
	void aRunningProcessorsClockIsTheTime() {
		long[] retired = { 5 };
		time.attach(() -> retired[0], deadline -> {
		});
		assertEquals(5, time.now());
		retired[0] = 77;
		assertEquals(77, time.now());
	}
}
