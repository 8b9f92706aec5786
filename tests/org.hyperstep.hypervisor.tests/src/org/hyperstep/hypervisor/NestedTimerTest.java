/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Objects;

import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.vmx.VmExitReason;
import org.hyperstep.x86.vmx.Vmcs;
import org.hyperstep.x86.vmx.VmcsField;
import org.hyperstep.x86.vmx.VmxControl;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A guest hypervisor's VMX-preemption timer among what else is due in its guest (Intel SDM, "Other Causes of VM Exits":
 * behind debug traps, before windows for NMIs and all that comes behind these), stepped and run freely.
 */
@SuppressWarnings("nls")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class NestedTimerTest {
	private static final long IMAGE = 0x10_0000;
	private static final int IMAGE_BYTES = 0x4_0000, VMLAUNCH = 0xc2_010f;
	private static final int HALTED = 1, SHUT_DOWN = 2, BLOCKING_BY_STI = 1;
	private static final int INTERRUPT_FLAG = 1 << 9, VECTOR = 0x40;
	/** A timer's value that nothing here comes to. */
	private static final long FAR = 1 << 30;

	/** A rule that holds under VMX, however it is stepped. */
	@Retention(RetentionPolicy.RUNTIME)
	@ParameterizedTest
	@EnumSource(mode = Mode.MATCH_ANY, names = "VMX.*")
	private @interface OnEachVmxColumn {
	}

	/** A guest in the inner guest, behind its VMLAUNCH, and the VMCS that the guest hypervisor entered it with. */
	private static final class Inner {
		final SampleGuest guest;
		final Vcpu cpu;
		final Vmcs vmcs;

		/** At VMLAUNCH; the timer's value is set, {@link #enter} steps. */
		Inner(StepCase column, long timer) {
			guest = new SampleGuest(Sample.NESTED, column, "period=0 rounds=3");
			cpu = guest.cpu;
			guest.guest.setExecutionMarks(new ExecutionMarks(new long[] { vmlaunch() }, new long[0]));
			assertInstanceOf(VcpuStop.MarkReached.class, guest.runToStop());
			guest.guest.setExecutionMarks(new ExecutionMarks(new long[0], new long[0]));
			vmcs = Objects.requireNonNull(((GuestCpu) cpu).processor.vmx().currentVmcs());
			vmcs.set(VmxControl.ACTIVATE_VMX_PREEMPTION_TIMER, true);
			vmcs.write(VmcsField.VMX_PREEMPTION_TIMER_VALUE, timer);
		}

		private long vmlaunch() {
			PhysicalMemory memory = guest.machine.physicalMemory();
			for (long at = IMAGE; at < IMAGE + IMAGE_BYTES; at++) {
				if ((memory.read(at, 4) & 0xff_ffff) == VMLAUNCH) {
					return at;
				}
			}
			throw new IllegalStateException("the sample has no VMLAUNCH");
		}

		void exitAtNmiWindow() {
			vmcs.set(VmxControl.NMI_EXITING, true);
			vmcs.set(VmxControl.VIRTUAL_NMIS, true);
			vmcs.set(VmxControl.NMI_WINDOW_EXITING, true);
		}

		void enter() {
			assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
			assertEquals(2, cpu.nestingLevel());
		}

		void leavesAtOnce(boolean bySteps, VmExitReason reason) {
			if (bySteps) {
				enter();
				steps();
				exitedBy(reason);
			} else {
				cpu.run(1);
				assertEquals(reason.number(), vmcs.read(VmcsField.EXIT_REASON));
			}
			assertTrue(guest.machine.time().now() < FAR, "it did not wait");
		}

		void goesOn(boolean bySteps) {
			if (bySteps) {
				steps();
				assertEquals(1, cpu.nestingLevel());
			} else {
				cpu.run(1);
			}
		}

		void steps() {
			assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		}

		void exitedBy(VmExitReason reason) {
			assertEquals(1, cpu.nestingLevel());
			assertEquals(reason.number(), vmcs.read(VmcsField.EXIT_REASON));
		}
	}

	@OnEachVmxColumn
	void guestEnteredHaltedExecutesNothingBeforeTheTimer(StepCase column) {
		Inner inner = new Inner(column, 8);
		inner.vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, HALTED);
		inner.enter();
		long rip = inner.cpu.read(GuestRegister.RIP);
		long retired = inner.cpu.retired();
		long time = inner.guest.machine.time().now();
		inner.steps();
		inner.exitedBy(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertEquals(rip, inner.vmcs.read(VmcsField.GUEST_RIP));
		assertEquals(HALTED, inner.vmcs.read(VmcsField.GUEST_ACTIVITY_STATE));
		assertEquals(retired, inner.cpu.retired());
		assertTrue(inner.guest.machine.time().now() > time, "it waited");
	}

	@OnEachVmxColumn
	void timerComesBeforeAnExternalInterruptWhoeverDeliversIt(StepCase column) {
		Inner inner = new Inner(column, 0);
		inner.vmcs.set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
		inner.enter();
		inner.guest.machine.localApic(0).accept(DeliveryMode.FIXED, VECTOR, false, "test");
		inner.steps();
		inner.exitedBy(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertTrue(inner.guest.machine.localApic(0).interruptPending(), "it waits behind the exit");
	}

	@OnEachVmxColumn
	void timerComesBeforeTheGuestHypervisorsNmiWindow(StepCase column) {
		Inner inner = new Inner(column, 0);
		inner.exitAtNmiWindow();
		inner.enter();
		inner.steps();
		inner.exitedBy(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
	}

	/** An NMI waits for the end of the shadow, at which the timer is due. */
	private static Inner nmiInShadow(StepCase column) {
		// A tick for VMLAUNCH, and one for the instruction in the shadow.
		Inner inner = new Inner(column, 2);
		inner.vmcs.set(VmxControl.NMI_EXITING, false);
		inner.vmcs.write(VmcsField.GUEST_RFLAGS, inner.vmcs.read(VmcsField.GUEST_RFLAGS) | INTERRUPT_FLAG);
		inner.vmcs.write(VmcsField.GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_STI);
		inner.enter();
		inner.cpu.raiseNmi();
		return inner;
	}

	@OnEachVmxColumn
	void timerComesBeforeAnNmiThatWaitedForTheSameBoundary(StepCase column) {
		Inner inner = nmiInShadow(column);
		inner.steps();
		assertEquals(2, inner.cpu.nestingLevel());
		inner.steps();
		inner.exitedBy(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertTrue(inner.guest.machine.localApic(0).nmiPending(), "it waits behind the exit");
	}

	/** The NMI window of the hypervisor below opens there, too. */
	@OnEachVmxColumn
	void timerComesBeforeTheNmiWindowOfAFreeRun(StepCase column) {
		Inner inner = nmiInShadow(column);
		inner.cpu.run(1);
		inner.exitedBy(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
	}

	@OnEachVmxColumn
	void timerEndsTheShutdownStateOfTheInnerGuest(StepCase column) {
		Inner stepped = new Inner(column, 8);
		stepped.vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, SHUT_DOWN);
		stepped.enter();
		stepped.steps();
		stepped.exitedBy(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertEquals(SHUT_DOWN, stepped.vmcs.read(VmcsField.GUEST_ACTIVITY_STATE));
		Inner free = new Inner(column, 8);
		free.vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, SHUT_DOWN);
		free.cpu.run(20);
		assertEquals(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED.number(), free.vmcs.read(VmcsField.EXIT_REASON));
	}

	/** "NMI-Window Exiting" wakes from shutdown, "Interrupt-Window Exiting" from HLT; neither waits for the timer. */
	@OnEachVmxColumn
	void openWindowEndsTheWaitOfTheInnerGuest(StepCase column) {
		for (boolean steps : new boolean[] { true, false }) {
			Inner shutDown = new Inner(column, FAR);
			shutDown.exitAtNmiWindow();
			shutDown.vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, SHUT_DOWN);
			shutDown.leavesAtOnce(steps, VmExitReason.NMI_WINDOW);
			Inner halted = new Inner(column, FAR);
			halted.vmcs.set(VmxControl.INTERRUPT_WINDOW_EXITING, true);
			halted.vmcs.write(VmcsField.GUEST_RFLAGS, halted.vmcs.read(VmcsField.GUEST_RFLAGS) | INTERRUPT_FLAG);
			halted.vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, HALTED);
			halted.leavesAtOnce(steps, VmExitReason.INTERRUPT_WINDOW);
		}
	}

	/** "Other Causes of VM Exits": a window's exit comes before the event that it is a window for. */
	@OnEachVmxColumn
	void nmiWindowComesBeforeAnNmi(StepCase column) {
		for (boolean steps : new boolean[] { true, false }) {
			Inner inner = new Inner(column, FAR);
			inner.exitAtNmiWindow();
			inner.enter();
			inner.cpu.raiseNmi();
			inner.goesOn(steps);
			assertEquals(VmExitReason.NMI_WINDOW.number(), inner.vmcs.read(VmcsField.EXIT_REASON));
		}
	}

	@OnEachVmxColumn
	void interruptWindowComesBeforeAnExternalInterrupt(StepCase column) {
		for (boolean steps : new boolean[] { true, false }) {
			Inner inner = new Inner(column, FAR);
			inner.vmcs.set(VmxControl.EXTERNAL_INTERRUPT_EXITING, true);
			inner.vmcs.set(VmxControl.INTERRUPT_WINDOW_EXITING, true);
			inner.vmcs.write(VmcsField.GUEST_RFLAGS, inner.vmcs.read(VmcsField.GUEST_RFLAGS) | INTERRUPT_FLAG);
			inner.enter();
			inner.guest.machine.localApic(0).accept(DeliveryMode.FIXED, VECTOR, false, "test");
			inner.goesOn(steps);
			assertEquals(VmExitReason.INTERRUPT_WINDOW.number(), inner.vmcs.read(VmcsField.EXIT_REASON));
		}
	}
}
