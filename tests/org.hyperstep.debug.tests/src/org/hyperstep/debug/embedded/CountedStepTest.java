/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.hyperstep.debug.embedded.GuestFixture.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many steps by one order are what as many orders of one step are. */
@SuppressWarnings("nls")
class CountedStepTest {
	private static final int STEPS = 2_345;

	private static GuestFixture ticker(Virtualization virtualization, String commandLine) throws Exception {
		GuestFixture guest = GuestFixture.launch(TargetConfiguration.of(GuestFixture.image(Sample.TICKER))
				.withVirtualization(virtualization).withCommandLine(commandLine));
		guest.runTo("compute");
		return guest;
	}

	private static long[] registers(GuestFixture guest) throws Exception {
		RegisterFile registers = guest.registers();
		return registers.descriptions().stream().mapToLong(register -> registers.value(register.name())).toArray();
	}

	@ParameterizedTest
	@EnumSource
	void stepsOfOneOrderAreThoseOfManyOrders(Virtualization virtualization) throws Exception {
		try (GuestFixture one = ticker(virtualization, ""); GuestFixture many = ticker(virtualization, "")) {
			StopEvent stop = await(one.target.step(0, StepKind.INSTRUCTION_INTO, STEPS));
			StopEvent last = stop;
			for (int i = 0; i < STEPS; i++) {
				last = many.step(StepKind.INSTRUCTION_INTO);
			}
			assertEquals(last, stop);
			assertInstanceOf(StopEvent.StepDone.class, stop);
			assertArrayEquals(registers(many), registers(one));
		}
	}

	@ParameterizedTest
	@EnumSource
	void linesAreCountedAsWell(Virtualization virtualization) throws Exception {
		try (GuestFixture one = ticker(virtualization, ""); GuestFixture many = ticker(virtualization, "")) {
			StopEvent stop = await(one.target.step(0, StepKind.LINE_OVER, 3));
			many.step(StepKind.LINE_OVER);
			many.step(StepKind.LINE_OVER);
			assertEquals(many.step(StepKind.LINE_OVER), stop);
		}
	}

	@ParameterizedTest
	@EnumSource
	void breakpointOnTheWayEndsThem(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization, "forever")) {
			StopEvent there = await(guest.target.step(0, StepKind.INSTRUCTION_INTO, 7));
			guest.runTo("compute");
			Breakpoint breakpoint = await(
					guest.target.setBreakpoint(new BreakpointLocation.Linear(there.linear())));
			StopEvent.BreakpointHit hit = assertInstanceOf(StopEvent.BreakpointHit.class,
					await(guest.target.step(0, StepKind.INSTRUCTION_INTO, Long.MAX_VALUE)));
			assertEquals(List.of(breakpoint.number()), hit.breakpoints().stream().map(Breakpoint::number).toList());
			assertEquals(there.linear(), guest.registers().value("rip"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void suspendEndsThem(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization, "forever")) {
			CompletableFuture<StopEvent> steps = guest.target.step(0, StepKind.INSTRUCTION_INTO, Long.MAX_VALUE);
			StopEvent suspended = assertInstanceOf(StopEvent.Suspended.class, await(guest.target.suspend()));
			assertEquals(suspended, await(steps));
		}
	}

	@ParameterizedTest
	@EnumSource
	void noStepAtAllIsRefused(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ticker(virtualization, "")) {
			assertThrows(TargetException.class, () -> await(guest.target.step(0, StepKind.INSTRUCTION_INTO, 0)));
		}
	}
}
