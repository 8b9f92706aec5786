/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;

import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A guest that visits every corner where steppers leave traces ends in the same state, stepped or free. */
@SuppressWarnings("nls")
class TransparencyTest {
	private static final int MEMORY = 32 << 20;

	static Stream<Arguments> mechanisms() {
		return Stream.of(Arguments.of(Virtualization.VMX, Mechanism.MONITOR_TRAP_FLAG),
				Arguments.of(Virtualization.VMX, Mechanism.RFLAGS_TF),
				Arguments.of(Virtualization.SVM, Mechanism.RFLAGS_TF));
	}

	private record End(RegisterFile registers, byte[] memory, String serial) {
	}

	private static GuestFixture seams(Virtualization virtualization, Mechanism mechanism) throws Exception {
		return GuestFixture.launch(TargetConfiguration.of(GuestFixture.image(Sample.SEAMS)).withMemory(MEMORY)
				.withVirtualization(virtualization)
				.withPolicy(StepPolicy.DEFAULT.withMask(false).withMechanism(mechanism)));
	}

	private static End end(GuestFixture guest) throws Exception {
		return new End(guest.registers(),
				GuestFixture.await(guest.target.readMemory(0, MemorySpace.GUEST_PHYSICAL, 0, MEMORY)),
				guest.serialOutput());
	}

	private static End free(GuestFixture guest) throws Exception {
		guest.runTo("main");
		guest.runTo("exit_guest");
		return end(guest);
	}

	private static End stepped(GuestFixture guest) throws Exception {
		guest.runTo("main");
		long last = guest.address("exit_guest");
		StopEvent stop = guest.step(StepKind.INSTRUCTION_INTO);
		while (stop.linear() != last) {
			stop = guest.step(StepKind.INSTRUCTION_INTO);
		}
		return end(guest);
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void steppedRunEndsLikeTheFreeRun(Virtualization virtualization, Mechanism mechanism) throws Exception {
		try (GuestFixture one = seams(virtualization, mechanism);
				GuestFixture other = seams(virtualization, mechanism)) {
			End free = free(one);
			End stepped = stepped(other);
			assertEquals(free.serial(), stepped.serial());
			for (int i = 0; i < free.registers().descriptions().size(); i++) {
				String name = free.registers().descriptions().get(i).name();
				assertEquals(Long.toHexString(free.registers().value(i)),
						Long.toHexString(stepped.registers().value(i)),
						name);
			}
			assertArrayEquals(free.memory(), stepped.memory());
			assertEquals(1, other.runToEnd().status(), other::serialOutput);
		}
	}

	@ParameterizedTest
	@MethodSource("mechanisms")
	void breakpointsLeaveNoTraceInMemory(Virtualization virtualization, Mechanism mechanism) throws Exception {
		try (GuestFixture guest = seams(virtualization, mechanism)) {
			long linear = guest.address("main");
			Breakpoint set = GuestFixture.await(guest.target.setBreakpoint(new BreakpointLocation.Symbol("main")));
			assertEquals(linear, set.addresses().get(0));
			byte[] before = GuestFixture.await(guest.target.readMemory(0, MemorySpace.GUEST_PHYSICAL, linear, 16));
			guest.runTo("exit_guest");
			assertArrayEquals(before,
					GuestFixture.await(guest.target.readMemory(0, MemorySpace.GUEST_PHYSICAL, linear, 16)));
		}
	}
}
