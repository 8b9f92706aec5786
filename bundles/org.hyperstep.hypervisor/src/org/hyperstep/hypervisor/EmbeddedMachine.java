/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.execution.ExecutionObserver;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * A guest on the embedded processors. Virtual CPUs run in turn, each for the same window of virtual time, so that the
 * same image with the same input gives the same run.
 */
final class EmbeddedMachine implements VirtualMachine {
	/** Length of a window with several CPUs, in nanoseconds. */
	private static final long WINDOW = 10_000;
	/** Bitmaps of one CPU beside its second-level tables. */
	private static final int BITMAP_PAGES = 8;

	private final Machine machine;
	private final Virtualization virtualization;
	private final List<GuestCpu> cpus = new ArrayList<>();
	private GuestCpu current;
	/** The window under way: its borders, and who is next in it. */
	private long windowStart;
	private long windowEnd;
	private int next;
	private final AtomicBoolean interrupted = new AtomicBoolean();

	EmbeddedMachine(Machine machine) {
		this.machine = machine;
		virtualization = machine.description().vendor() == CpuVendor.INTEL ? Virtualization.VMX : Virtualization.SVM;
		int count = machine.description().cpus();
		HostArea area = new HostArea(machine.physicalMemory(), count * (SecondLevel.pages() + BITMAP_PAGES));
		for (int i = 0; i < count; i++) {
			cpus.add(cpu(i, count, area));
		}
		current = cpus.get(0);
		machine.time().attach(() -> current.processor.timeStampCounter(),
				deadline -> current.processor.assertHostInterrupt());
		machine.apicBus().onAttention(cpu -> cpus.get(cpu).attention());
	}

	private GuestCpu cpu(int number, int count, HostArea area) {
		ProcessorModel model = virtualization == Virtualization.VMX ? ProcessorModel.intel(number, count)
				: ProcessorModel.amd(number, count);
		Processor processor = new Processor(model, machine.physicalMemory());
		GuestMode mode = virtualization == Virtualization.VMX ? new VmxMode(processor, area, number)
				: new SvmMode(processor, area, number);
		return new GuestCpu(number, machine, processor, mode, () -> current = cpus.get(number),
				interrupted);
	}

	@Override
	public void interrupt() {
		interrupted.set(true);
	}

	@Override
	public void start(InitialState initial) {
		cpus.get(0).start(initial);
	}

	@Override
	public Virtualization virtualization() {
		return virtualization;
	}

	@Override
	public List<Vcpu> cpus() {
		return List.copyOf(cpus);
	}

	@Override
	public VcpuStop run(long maximumTime) {
		machine.input().letIn();
		for (GuestCpu cpu : cpus) {
			cpu.resume();
		}
		long end = time() + maximumTime;
		while (true) {
			if (next == 0 && !openWindow(end)) {
				return current.halted();
			}
			VcpuStop stop = runWindow();
			if (stop != null) {
				return stop;
			}
			if (windowEnd >= end) {
				return new VcpuStop.SliceOver(current.number());
			}
		}
	}

	/** Lays the next window; a halt of all CPUs is skipped. Returns false when nothing wakes any of them. */
	private boolean openWindow(long end) {
		windowStart = time();
		if (cpus.stream().noneMatch(cpu -> cpu.activity.runnable())) {
			long alarm = machine.time().nextDeadline();
			if (alarm == Long.MAX_VALUE || cpus.stream().noneMatch(cpu -> cpu.activity.waitsForTimer())) {
				return false;
			}
			windowStart = Math.max(windowStart, Math.min(alarm, end));
		}
		// With several CPUs the grid of windows does not depend on how long the caller's slices are.
		windowEnd = cpus.size() == 1 ? Math.max(end, windowStart) : (windowStart / WINDOW + 1) * WINDOW;
		return true;
	}

	private @Nullable VcpuStop runWindow() {
		while (next < cpus.size()) {
			GuestCpu cpu = cpus.get(next);
			cpu.activity.synchronize(windowStart);
			VcpuStop stop = cpu.runUntil(windowEnd, cpus.size() == 1);
			if (stop != null) {
				return stop;
			}
			next++;
		}
		next = 0;
		return null;
	}

	@Override
	public void setExecutionMarks(ExecutionMarks marks) {
		ExecutionObserver observer = marks.isEmpty() ? null
				: new ExecutionObserver(marks.linear(), marks.guestPhysical());
		for (GuestCpu cpu : cpus) {
			cpu.processor.observe(observer);
		}
	}

	@Override
	public void setEventSink(@Nullable EventSink sink) {
		for (GuestCpu cpu : cpus) {
			cpu.report.setSink(sink);
		}
	}

	@Override
	public long time() {
		return machine.time().now();
	}
}
