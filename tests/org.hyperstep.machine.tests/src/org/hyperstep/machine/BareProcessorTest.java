/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.samples.Sample;
import org.hyperstep.x86.PortAccess;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.InterruptSource;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.junit.jupiter.api.Test;

/** The machine under a processor in plain operation, without a hypervisor between them. */
@SuppressWarnings("nls")
class BareProcessorTest {
	private static final long LONGEST = 200_000_000;

	/** What a run leaves. */
	private record Run(String serial, ExitRequest exit, long time, long retired) {
	}

	private static Run run(Sample sample, String commandLine, BootProtocol protocol)
			throws IOException, ImageException {
		return run(sample, commandLine, protocol, 1_000_000);
	}

	private static Run run(Sample sample, String commandLine, BootProtocol protocol, long slice)
			throws IOException, ImageException {
		Pc pc = new Pc();
		Machine machine = pc.machine;
		LocalApic apic = machine.localApic(0);
		machine.physicalMemory().addDevice(LocalApic.DEFAULT_BASE, MemoryMap.PAGE, apic.registers());
		Processor processor = new Processor(ProcessorModel.intel(0, 1), machine.physicalMemory());
		processor.setPorts(new PortAccess() {
			@Override
			public int read(int port, int size) {
				return (int) machine.ports().read(port, size);
			}

			@Override
			public void write(int port, int size, int value) {
				machine.ports().write(port, size, value & 0xffffffffL);
				if (machine.exitRequest() != null) {
					processor.setDeadline(processor.retired());
				}
			}
		});
		processor.events().setInterruptSource(new InterruptSource() {
			@Override
			public boolean interruptRequested() {
				return apic.interruptPending();
			}

			@Override
			public int acknowledge() {
				return apic.acknowledge();
			}
		});
		machine.time().attach(processor::timeStampCounter, deadline -> processor.assertHostInterrupt());
		machine.apicBus().onAttention(cpu -> processor.assertHostInterrupt());
		try (InputStream in = sample.image()) {
			machine.load(GuestImage.of(sample.label(), in.readAllBytes()),
					new LoadRequest(commandLine, java.util.List.of(), Optional.of(protocol)))
					.applyTo(processor.state());
		}
		processor.state().apicBase = apic.base();
		processor.stateReplaced();
		while (processor.retired() < LONGEST) {
			ExitRequest exit = machine.exitRequest();
			if (exit != null) {
				return new Run(pc.sent.toString(StandardCharsets.US_ASCII), exit, processor.timeStampCounter(),
						processor.retired());
			}
			step(machine, processor, slice);
		}
		throw new AssertionError("the guest did not end; it sent: " + pc.sent);
	}

	/** Runs to the next alarm; a halt is skipped. */
	private static void step(Machine machine, Processor processor, long slice) {
		machine.time().advanceTo(processor.timeStampCounter());
		processor.clearHostInterrupt();
		long alarm = Math.min(machine.time().nextDeadline() - processor.timeStampCounter(), slice);
		if (processor.state().activity == CpuState.Activity.HALTED && !machine.localApic(0).interruptPending()) {
			processor.setTimeStampCounter(processor.timeStampCounter() + alarm);
			return;
		}
		processor.setDeadline(processor.retired() + alarm);
		RunOutcome outcome = processor.run();
		assertTrue(outcome == RunOutcome.HOST_INTERRUPT || outcome == RunOutcome.HALTED,
				() -> "stopped with " + outcome);
	}

	@Test
	void tickerRunsToItsEnd() throws Exception {
		Run run = run(Sample.TICKER, "", BootProtocol.PVH);
		assertTrue(run.serial.endsWith("ticker: ok\n"), run.serial);
		assertEquals(new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, 0), run.exit);
	}

	@Test
	void tickerTakesItsOptionsFromTheCommandLineByEitherProtocol() throws Exception {
		for (BootProtocol protocol : new BootProtocol[] { BootProtocol.PVH, BootProtocol.MULTIBOOT }) {
			Run run = run(Sample.TICKER, "rounds=2 period=1000", protocol);
			assertTrue(run.serial.contains("rounds=2 "), run.serial);
			assertEquals(1, run.exit.status());
		}
	}

	@Test
	void equalRunsAreEqualInEverything() throws Exception {
		Run first = run(Sample.TICKER, "rounds=3 period=777", BootProtocol.PVH);
		assertEquals(first, run(Sample.TICKER, "rounds=3 period=777", BootProtocol.PVH));
	}

	@Test
	void theLengthOfTheHostsSlicesChangesNothing() throws Exception {
		Run whole = run(Sample.TICKER, "rounds=2 period=777", BootProtocol.PVH);
		for (long slice : new long[] { 1, 2, 13, 1000 }) {
			assertEquals(whole, run(Sample.TICKER, "rounds=2 period=777", BootProtocol.PVH, slice),
					"slices of " + slice);
		}
	}
}
