/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;

import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stepping a guest that a timer interrupts every few hundred instructions, far faster than anybody steps. */
@SuppressWarnings("nls")
class MaskedSteppingTest {
	private static final int STEPS = 10_000;
	private static final String QUIET = "period=2000000000";
	private static final long TF = 1 << 8;
	private static final byte TIMER_VECTOR = 0x40, SECOND_VECTOR = 0x41;
	private static final int TIMER_TICKS_BEFORE = 50_000;

	static Stream<Arguments> mechanisms() {
		return Stream.of(Arguments.of(Virtualization.VMX, Mechanism.AUTOMATIC),
				Arguments.of(Virtualization.VMX, Mechanism.RFLAGS_TF),
				Arguments.of(Virtualization.SVM, Mechanism.AUTOMATIC));
	}

	private static GuestFixture ticker(Virtualization virtualization, StepPolicy policy, String commandLine)
			throws Exception {
		GuestFixture guest = GuestFixture.launch(TargetConfiguration.of(GuestFixture.image(Sample.TICKER))
				.withVirtualization(virtualization).withPolicy(policy).withCommandLine(commandLine));
		guest.runTo("compute");
		return guest;
	}

	private static long[] addresses(GuestFixture guest, int steps) throws Exception {
		long[] addresses = new long[steps];
		for (int i = 0; i < steps; i++) {
			StopEvent.StepDone done = assertInstanceOf(StopEvent.StepDone.class, guest.step(StepKind.INSTRUCTION_INTO));
			assertEquals(-1, done.enteredVector(), "no handler is entered by step " + i);
			addresses[i] = done.linear();
		}
		return addresses;
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void maskedStepsFollowTheProgramAsIfThereWereNoTimer(Virtualization virtualization, Mechanism mechanism)
			throws Exception {
		StepPolicy policy = StepPolicy.DEFAULT.withMechanism(mechanism);
		try (GuestFixture interrupted = ticker(virtualization, policy, "");
				GuestFixture quiet = ticker(virtualization, policy, QUIET)) {
			long[] expected = addresses(quiet, STEPS);
			long[] actual = addresses(interrupted, STEPS);
			for (int i = 0; i < STEPS; i++) {
				assertEquals(Long.toHexString(expected[i]), Long.toHexString(actual[i]), "address after step " + i);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void whatWasHeldBackArrivesOnResume(Virtualization virtualization, Mechanism mechanism) throws Exception {
		try (GuestFixture guest = ticker(virtualization, StepPolicy.DEFAULT.withMechanism(mechanism), "")) {
			addresses(guest, STEPS / 10);
			List<PendingEvent> held = GuestFixture.await(guest.target.pendingEvents(0));
			assertEquals(1, held.size(), held::toString);
			assertEquals(PendingEvent.Reason.MASKED_BY_DEBUGGER, held.get(0).reason());
			long before = guest.target.journal().size();
			ExitStatus status = guest.runToEnd();
			assertEquals(1, status.status(), guest::serialOutput);
			assertTrue(guest.target.journal().read(before, TIMER_TICKS_BEFORE).stream()
					.filter(entry -> entry.kind() == EventKind.INTERRUPT_DELIVERED)
					.anyMatch(entry -> entry.code() == held.get(0).vector()), "the held vector is delivered");
			assertTrue(guest.serialOutput().contains("ticker: ok"), guest::serialOutput);
		}
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void unmaskedStepEntersTheHandlerAndLeavesNoTraceInItsFrame(Virtualization virtualization, Mechanism mechanism)
			throws Exception {
		StepPolicy masked = StepPolicy.DEFAULT.withMechanism(mechanism);
		try (GuestFixture guest = ticker(virtualization, masked, "")) {
			long[] steps = addresses(guest, STEPS / 10);
			long flags = guest.registers().value("rflags");
			GuestFixture.await(guest.target.setPolicy(masked.withMask(false)));
			StopEvent.StepDone done = assertInstanceOf(StopEvent.StepDone.class, guest.step(StepKind.INSTRUCTION_INTO));
			assertEquals(guest.address("timer_entry"), done.linear(), "the handler's first instruction");
			assertTrue(done.enteredVector() >= 32, "an external interrupt's vector");
			ByteBuffer frame = ByteBuffer.wrap(GuestFixture.await(guest.target.readMemory(0, MemorySpace.LINEAR,
					guest.registers().value("rsp"), 24))).order(ByteOrder.LITTLE_ENDIAN);
			assertEquals(steps[steps.length - 1], frame.getLong(0), "the frame returns to where the step began");
			assertEquals(flags, frame.getLong(16), "the frame has the guest's own flags");
			assertEquals(0, frame.getLong(16) & TF, "and TF is clear in them");
		}
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void whatAUserRaisesIsHeldBackAsWhatADeviceRaises(Virtualization virtualization, Mechanism mechanism)
			throws Exception {
		try (GuestFixture guest = ticker(virtualization, StepPolicy.DEFAULT.withMechanism(mechanism), QUIET)) {
			GuestFixture.await(guest.target.raise(0, PendingEvent.Kind.INTERRUPT, 0x77));
			GuestFixture.await(guest.target.raise(0, PendingEvent.Kind.NMI, 0));
			addresses(guest, 10);
			List<PendingEvent> held = GuestFixture.await(guest.target.pendingEvents(0));
			assertEquals(List.of(PendingEvent.Kind.NMI, PendingEvent.Kind.INTERRUPT),
					held.stream().map(PendingEvent::kind).toList());
			assertTrue(held.stream().allMatch(event -> event.reason() == PendingEvent.Reason.MASKED_BY_DEBUGGER));
			TargetException refusal = assertThrows(TargetException.class,
					() -> GuestFixture.await(guest.target.raise(0, PendingEvent.Kind.INTERRUPT, 15)));
			assertTrue(String.valueOf(refusal.getMessage()).contains("16 to 255"), refusal.getMessage());
		}
	}

	/** The address of the first CALL of compute, where the guest stands then. */
	private static long toCall(GuestFixture guest) throws Exception {
		List<DisassembledInstruction> code = GuestFixture
				.await(guest.target.disassemble(0, guest.address("compute"), 64, Target.Syntax.INTEL));
		long call = code.stream().filter(line -> line.mnemonic().startsWith("call")).findFirst().orElseThrow().linear();
		GuestFixture.await(guest.target.runTo(0, call));
		return call;
	}

	private static long returnAddress(GuestFixture guest) throws Exception {
		return ByteBuffer
				.wrap(GuestFixture.await(
						guest.target.readMemory(0, MemorySpace.LINEAR, guest.registers().value("rsp"), Long.BYTES)))
				.order(ByteOrder.LITTLE_ENDIAN).getLong();
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void unmaskedStepOverACallStopsInTheHandlerThatComesBeforeIt(Virtualization virtualization, Mechanism mechanism)
			throws Exception {
		StepPolicy masked = StepPolicy.DEFAULT.withMechanism(mechanism);
		try (GuestFixture guest = ticker(virtualization, masked, QUIET)) {
			long call = toCall(guest);
			GuestFixture.await(guest.target.raise(0, PendingEvent.Kind.INTERRUPT, TIMER_VECTOR));
			GuestFixture.await(guest.target.setPolicy(masked.withMask(false)));
			StopEvent.StepDone done = assertInstanceOf(StopEvent.StepDone.class, guest.step(StepKind.INSTRUCTION_OVER));
			assertEquals(guest.address("timer_entry"), done.linear());
			assertEquals(TIMER_VECTOR, done.enteredVector());
			assertEquals(call, returnAddress(guest), "the call is not made yet");
		}
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void stepOverASoftwareInterruptRunsItsHandlerAsAWhole(Virtualization virtualization, Mechanism mechanism)
			throws Exception {
		StepPolicy unmasked = StepPolicy.DEFAULT.withMechanism(mechanism).withMask(false);
		try (GuestFixture guest = ticker(virtualization, unmasked, QUIET)) {
			long call = toCall(guest);
			GuestFixture.await(guest.target.writeMemory(0, MemorySpace.LINEAR, call,
					new byte[] { (byte) 0xcd, TIMER_VECTOR }));
			StopEvent.StepDone done = assertInstanceOf(StopEvent.StepDone.class, guest.step(StepKind.INSTRUCTION_OVER));
			assertEquals(call + 2, done.linear());
			assertEquals(-1, done.enteredVector());
		}
	}

	/** Gives a vector the timer's gate. */
	private static void handleAsTheTimer(GuestFixture guest, int vector) throws Exception {
		long table = guest.registers().value("idtr.base");
		byte[] gate = GuestFixture
				.await(guest.target.readMemory(0, MemorySpace.LINEAR, table + TIMER_VECTOR * 16, 16));
		GuestFixture.await(guest.target.writeMemory(0, MemorySpace.LINEAR, table + vector * 16, gate));
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void deliverAllDeliversEachPendingEventOnceAndStopsInTheLastHandler(Virtualization virtualization,
			Mechanism mechanism) throws Exception {
		try (GuestFixture guest = ticker(virtualization, StepPolicy.DEFAULT.withMechanism(mechanism), QUIET)) {
			TargetException refusal = assertThrows(TargetException.class,
					() -> GuestFixture.await(guest.target.deliverAll(0)));
			assertEquals("Nothing is pending at CPU 0.", refusal.getMessage());
			long begin = guest.target.journal().size();
			handleAsTheTimer(guest, SECOND_VECTOR);
			GuestFixture.await(guest.target.raise(0, PendingEvent.Kind.INTERRUPT, TIMER_VECTOR));
			GuestFixture.await(guest.target.raise(0, PendingEvent.Kind.INTERRUPT, SECOND_VECTOR));
			StopEvent stop = GuestFixture.await(guest.target.deliverAll(0));
			assertInstanceOf(StopEvent.StepDone.class, stop);
			assertEquals(List.of(), GuestFixture.await(guest.target.pendingEvents(0)));
			List<Integer> delivered = guest.target.journal().read(begin, TIMER_TICKS_BEFORE).stream()
					.filter(entry -> entry.kind() == EventKind.INTERRUPT_DELIVERED).map(entry -> entry.code()).toList();
			assertEquals(2, delivered.size(), delivered::toString);
			assertEquals(java.util.Set.of((int) TIMER_VECTOR, (int) SECOND_VECTOR), new java.util.HashSet<>(delivered));
			assertEquals(StepPolicy.DEFAULT.withMechanism(mechanism), guest.target.policy());
		}
	}
}
