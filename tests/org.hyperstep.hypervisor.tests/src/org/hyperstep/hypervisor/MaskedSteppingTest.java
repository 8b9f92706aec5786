/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Repeat;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps through a guest that a fast timer interrupts all the time. */
@SuppressWarnings("nls")
class MaskedSteppingTest {
	private static final int STEPS = 10_000, WARM_UP = 300_000, LONGEST = 15;

	private final byte[] code = new byte[LONGEST];

	/** Ticker in its main loop, interrupts on, its timer running. */
	private static SampleGuest ticker(StepCase column) {
		SampleGuest guest = new SampleGuest(Sample.TICKER, column, "forever");
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(WARM_UP));
		while ((guest.cpu.read(GuestRegister.RFLAGS) & CpuState.IF) == 0) {
			guest.guest.run(10);
		}
		return guest;
	}

	/** The first instruction of a vector's handler, from the guest's IDT. */
	private static long handler(Vcpu cpu, int vector) {
		byte[] gate = new byte[16];
		cpu.memory().readLinear(cpu.read(GuestRegister.IDTR_BASE) + vector * 16L, gate, 0, 16);
		return word(gate, 0, 2) | word(gate, 6, 2) << 16 | word(gate, 8, 4) << 32;
	}

	private static long word(byte[] bytes, int offset, int size) {
		long value = 0;
		for (int i = size - 1; i >= 0; i--) {
			value = value << 8 | bytes[offset + i] & 0xff;
		}
		return value;
	}

	private static long stacked(Vcpu cpu, int slot) {
		byte[] bytes = new byte[8];
		cpu.memory().readLinear(cpu.read(GuestRegister.RSP) + slot * 8L, bytes, 0, 8);
		return word(bytes, 0, 8);
	}

	@ParameterizedTest
	@EnumSource
	void maskedStepsGoOnInProgramOrder(StepCase column) {
		Vcpu cpu = ticker(column).cpu;
		cpu.setMask(EventMask.INTERRUPTS);
		for (int i = 0; i < STEPS; i++) {
			long rip = cpu.linearRip();
			cpu.memory().readLinear(rip, code, 0, LONGEST);
			Instruction instruction = Decoder.decode(CodeSize.CODE64, code, 0, LONGEST);
			long tick = cpu.retired();
			assertEquals(new VcpuStop.StepDone(0, -1), cpu.step());
			assertEquals(tick + 1, cpu.retired());
			assertFollows(rip, instruction, cpu.linearRip());
		}
	}

	private static void assertFollows(long rip, Instruction instruction, long next) {
		Mnemonic mnemonic = instruction.mnemonic();
		boolean anywhere = mnemonic == Mnemonic.JMP || mnemonic == Mnemonic.CALL || mnemonic == Mnemonic.RET;
		boolean maybe = mnemonic == Mnemonic.JCC || instruction.repeat() != Repeat.NONE;
		long sequential = rip + instruction.length();
		assertTrue(anywhere || maybe || next == sequential,
				() -> instruction + " at " + Long.toHexString(rip) + " led to " + Long.toHexString(next));
	}

	@ParameterizedTest
	@EnumSource
	void maskedStepsNeverEnterTheHandlerAndHeldInterruptsArriveOnResume(StepCase column) {
		SampleGuest guest = ticker(column);
		Vcpu cpu = guest.cpu;
		cpu.setMask(EventMask.INTERRUPTS);
		for (int i = 0; i < STEPS; i++) {
			cpu.step();
			for (PendingEvent pending : cpu.pendingEvents()) {
				assertNotEquals(handler(cpu, pending.vector()), cpu.linearRip());
			}
		}
		List<PendingEvent> held = cpu.pendingEvents();
		assertEquals(1, held.size());
		assertEquals(PendingEvent.Blocked.MASKED_BY_DEBUGGER, held.get(0).blocked());
		cpu.setMask(EventMask.NONE);
		guest.guest.setExecutionMarks(
				new ExecutionMarks(new long[] { handler(cpu, held.get(0).vector()) }, new long[0]));
		long before = cpu.retired();
		assertInstanceOf(VcpuStop.MarkReached.class, guest.guest.run(1_000_000));
		assertEquals(before, cpu.retired(), "the held interrupt arrives before the next instruction");
	}

	@ParameterizedTest
	@EnumSource
	void firstUnmaskedStepLandsOnTheHandlersFirstInstruction(StepCase column) {
		Vcpu cpu = ticker(column).cpu;
		cpu.setMask(EventMask.INTERRUPTS);
		while (cpu.pendingEvents().isEmpty() || (cpu.read(GuestRegister.RFLAGS) & CpuState.IF) == 0) {
			cpu.step();
		}
		int vector = cpu.pendingEvents().get(0).vector();
		long rip = cpu.read(GuestRegister.RIP);
		long flags = cpu.read(GuestRegister.RFLAGS);
		cpu.setMask(EventMask.NONE);
		assertEquals(PendingEvent.Blocked.DELIVERABLE, cpu.pendingEvents().get(0).blocked());
		assertEquals(new VcpuStop.StepDone(0, vector), cpu.step());
		assertEquals(handler(cpu, vector), cpu.linearRip());
		assertEquals(rip, stacked(cpu, 0));
		assertEquals(flags, stacked(cpu, 2), "the pushed RFLAGS are the guest's own");
		assertFalse((stacked(cpu, 2) & CpuState.TF) != 0);
	}

	@ParameterizedTest
	@EnumSource
	void oneHeldEventIsDeliveredOnDemand(StepCase column) {
		Vcpu cpu = ticker(column).cpu;
		cpu.setMask(EventMask.INTERRUPTS);
		while (cpu.pendingEvents().isEmpty() || (cpu.read(GuestRegister.RFLAGS) & CpuState.IF) == 0) {
			cpu.step();
		}
		PendingEvent event = cpu.pendingEvents().get(0);
		assertNull(cpu.deliverNow(event, false));
		assertEquals(new VcpuStop.StepDone(0, event.vector()), cpu.step());
		assertEquals(handler(cpu, event.vector()), cpu.linearRip());
		assertTrue(cpu.deliverNow(event, false) instanceof Refusal, "it is not pending any more, or IF is clear");
	}

	@ParameterizedTest
	@EnumSource
	void maskHoldsInFreeRunsToo(StepCase column) {
		SampleGuest guest = ticker(column);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.cpu.raiseInterrupt(0x40);
		guest.guest.setExecutionMarks(new ExecutionMarks(
				new long[] { handler(guest.cpu, guest.cpu.pendingEvents().get(0).vector()) }, new long[0]));
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(100_000));
		assertFalse(guest.cpu.pendingEvents().isEmpty());
	}
}
