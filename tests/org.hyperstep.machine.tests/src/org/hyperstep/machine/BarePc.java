/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.x86.PortAccess;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.InterruptSource;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;

/** A machine with one processor in plain operation, which reaches the local APIC at its reset address. */
@SuppressWarnings("nls")
final class BarePc {
	private static final long LONGEST = 200_000_000;

	/** What a run leaves. */
	record Run(String serial, ExitRequest exit, long time, long retired) {
	}

	final Pc pc = new Pc();
	private final Machine machine = pc.machine;
	private final LocalApic apic = machine.localApic(0);
	private final Processor processor = new Processor(ProcessorModel.intel(0, 1), machine.physicalMemory());

	BarePc(byte[] image, LoadRequest request) throws ImageException {
		this(GuestImage.of("image", image), request);
	}

	BarePc(GuestImage image, LoadRequest request) throws ImageException {
		machine.physicalMemory().addDevice(LocalApic.DEFAULT_BASE, MemoryMap.PAGE, apic.registers());
		processor.setPorts(new Ports());
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
		machine.load(image, request).applyTo(processor.state());
		processor.state().apicBase = apic.base();
		processor.stateReplaced();
	}

	/** A guest that ends the machine leaves the processor at once. */
	private final class Ports implements PortAccess {
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
	}

	/**
	 * Runs to the guest's end.
	 *
	 * @param slice      longest stretch without a return to here, in instructions
	 * @param atBoundary done between the slices
	 */
	Run run(long slice, Runnable atBoundary) {
		while (processor.retired() < LONGEST) {
			ExitRequest exit = machine.exitRequest();
			if (exit != null) {
				return new Run(pc.sent.toString(StandardCharsets.ISO_8859_1), exit, processor.timeStampCounter(),
						processor.retired());
			}
			machine.time().advanceTo(processor.timeStampCounter());
			atBoundary.run();
			processor.clearHostInterrupt();
			// What rang may have raised the processor's interrupt line.
			processor.events().interruptLineChanged();
			advance(slice);
		}
		throw new AssertionError("the guest did not end; it sent: " + pc.sent);
	}

	/** Runs to the next alarm; a halt is skipped. */
	private void advance(long slice) {
		long left = Math.min(machine.time().nextDeadline() - processor.timeStampCounter(), slice);
		if (processor.state().activity == CpuState.Activity.HALTED && !apic.interruptPending()) {
			processor.setTimeStampCounter(processor.timeStampCounter() + left);
			return;
		}
		processor.setDeadline(processor.retired() + left);
		RunOutcome outcome = processor.run();
		assertTrue(outcome == RunOutcome.HOST_INTERRUPT || outcome == RunOutcome.HALTED,
				() -> "stopped with " + outcome);
	}
}
