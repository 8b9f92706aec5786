/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.hyperstep.debug.embedded.GuestFixture.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CPUs that stop and run each for itself. */
@SuppressWarnings("nls")
class NonStopTest {
	private static final long PATIENCE_SECONDS = 120;

	private final BlockingQueue<StopEvent> stops = new ArrayBlockingQueue<>(64);

	/** Four CPUs in the ring of sample relay, all of them in non-stop mode and stopped. */
	private GuestFixture ring(Virtualization virtualization) throws Exception {
		GuestFixture guest = GuestFixture
				.launch(TargetConfiguration.of(GuestFixture.image(Sample.RELAY)).withMemory(64L << 20).withCpus(4)
						.withVirtualization(virtualization));
		guest.target.addListener(new TargetListener() {
			@Override
			public void stopped(Target target, StopEvent event) {
				stops.add(event);
			}
		});
		await(guest.target.setBreakpoint(new BreakpointLocation.Symbol("processor_main")));
		await(guest.target.resume());
		assertInstanceOf(StopEvent.BreakpointHit.class, next());
		await(guest.target.setNonStop(true));
		return guest;
	}

	private StopEvent next() throws InterruptedException {
		return Optional.ofNullable(stops.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
				.orElseThrow(() -> new AssertionError("no CPU stopped"));
	}

	@ParameterizedTest
	@EnumSource
	void aBreakpointStopsTheCpuThatMeetsItAlone(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ring(virtualization)) {
			int first = guest.target.lastStop().orElseThrow().cpu();
			await(guest.target.resume());
			StopEvent second = next();
			assertInstanceOf(StopEvent.BreakpointHit.class, second);
			assertTrue(second.cpu() != first, second.toString());
			assertFalse(guest.target.running(second.cpu()));
			assertTrue(guest.target.running(first));
			assertEquals(second, guest.target.lastStop(second.cpu()).orElseThrow());
			assertTrue(guest.target.lastStop().isEmpty(), "the guest as a whole does not stand still");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aStepOfOneCpuLeavesTheOthersStanding(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ring(virtualization)) {
			int cpu = guest.target.lastStop().orElseThrow().cpu();
			int other = (cpu + 1) % 4;
			StopEvent before = guest.target.lastStop(other).orElseThrow();
			StopEvent stop = await(guest.target.step(cpu, StepKind.INSTRUCTION_INTO));
			assertInstanceOf(StopEvent.StepDone.class, stop);
			assertEquals(cpu, stop.cpu());
			assertEquals(before, guest.target.lastStop(other).orElseThrow());
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatNeedsAStandingCpuIsRefusedForARunningOne(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ring(virtualization)) {
			await(guest.target.resume(0));
			TargetException refusal = assertThrows(TargetException.class, () -> await(guest.target.registers(0)));
			assertEquals("CPU 0 is running; suspend it first.", refusal.getMessage());
			assertEquals(guest.target.registers(3).get().descriptions().size(),
					guest.target.registers(2).get().descriptions().size());
			String mode = String.valueOf(
					assertThrows(TargetException.class, () -> await(guest.target.setNonStop(false))).getMessage());
			assertTrue(mode.contains("only while all of them stand still, and CPU 0 is running"), mode);
			await(guest.target.suspend(0));
			assertFalse(guest.target.running());
			await(guest.target.setNonStop(false));
			assertFalse(guest.target.nonStop());
		}
	}

	@ParameterizedTest
	@EnumSource
	void suspendStopsAllThatRun(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = ring(virtualization)) {
			await(guest.target.resume(0));
			await(guest.target.resume(1));
			await(guest.target.suspend());
			for (int cpu = 0; cpu < 4; cpu++) {
				assertFalse(guest.target.running(cpu));
			}
		}
	}
}
