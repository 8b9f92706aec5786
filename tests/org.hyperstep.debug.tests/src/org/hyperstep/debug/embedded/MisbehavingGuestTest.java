/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;

import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that fault, loop or halt for ever leave the debugger in charge. */
@SuppressWarnings("nls")
class MisbehavingGuestTest {
	private static final long PROMPT_NANOS = 100_000_000;

	private static GuestFixture launch(Sample sample, Virtualization virtualization) throws Exception {
		return GuestFixture.launch(
				TargetConfiguration.of(GuestFixture.image(sample)).withVirtualization(virtualization));
	}

	private static StopEvent resumeToStop(GuestFixture guest) throws Exception {
		CompletableFuture<StopEvent> stop = new CompletableFuture<>();
		guest.target.addListener(new TargetListener() {
			@Override
			public void stopped(Target target, StopEvent event) {
				stop.complete(event);
			}
		});
		GuestFixture.await(guest.target.resume());
		return GuestFixture.await(stop);
	}

	@ParameterizedTest
	@EnumSource
	void tripleFaultIsAStopWithTheState(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = launch(Sample.TRIPLE_FAULT, virtualization)) {
			StopEvent stop = resumeToStop(guest);
			assertInstanceOf(StopEvent.TripleFault.class, stop);
			assertEquals(stop.linear(), guest.registers().value("rip"));
			assertEquals(0, guest.registers().value("idtr.limit"), "the table that the guest emptied");
		}
	}

	@ParameterizedTest
	@EnumSource
	void deadLoopIsSuspendedWithin100Milliseconds(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = launch(Sample.DEAD_LOOP, virtualization)) {
			GuestFixture.await(guest.target.resume());
			long[] nanos = new long[21];
			for (int i = 0; i < nanos.length; i++) {
				long start = System.nanoTime();
				StopEvent stop = GuestFixture.await(guest.target.suspend());
				nanos[i] = System.nanoTime() - start;
				assertInstanceOf(StopEvent.Suspended.class, stop);
				GuestFixture.await(guest.target.resume());
			}
			java.util.Arrays.sort(nanos);
			long median = nanos[nanos.length / 2];
			System.out.printf("%s: a dead loop stands still %.1f ms after Suspend (median), %.1f ms at most%n",
					virtualization, median / 1e6, nanos[nanos.length - 1] / 1e6);
			assertTrue(median < PROMPT_NANOS, median + " ns");
		}
	}

	@ParameterizedTest
	@EnumSource
	void haltWithInterruptsOffIsAStop(Virtualization virtualization) throws Exception {
		try (GuestFixture guest = launch(Sample.HLT_FOREVER, virtualization)) {
			StopEvent.Halted halted = assertInstanceOf(StopEvent.Halted.class, resumeToStop(guest));
			assertEquals(0, halted.heldBack());
		}
	}

	@Test
	void terminateEndsARunningGuest() throws Exception {
		try (GuestFixture guest = launch(Sample.DEAD_LOOP, Virtualization.SVM)) {
			GuestFixture.await(guest.target.resume());
			GuestFixture.await(guest.target.terminate());
			assertEquals(ExitStatus.Kind.TERMINATED, GuestFixture.await(guest.end()).kind());
			assertThrows(TargetException.class, () -> GuestFixture.await(guest.target.resume()));
		}
	}

	@Test
	void twoGuestsRunSideBySide() throws Exception {
		try (GuestFixture one = launch(Sample.TICKER, Virtualization.VMX);
				GuestFixture other = launch(Sample.TICKER, Virtualization.SVM)) {
			GuestFixture.await(one.target.resume());
			GuestFixture.await(other.target.resume());
			assertEquals(1, GuestFixture.await(one.end()).status());
			assertEquals(1, GuestFixture.await(other.end()).status());
			assertEquals(one.serialOutput(), other.serialOutput(), "both vendors' guests say the same");
		}
	}
}
