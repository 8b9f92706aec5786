/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.CpuLevel;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.image.BootProtocol;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.execution.ExecutionObserver;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/**
 * A guest on the embedded processors. Virtual CPUs run in turn, each for the same span of virtual time, so that the same
 * image with the same input gives the same run. Time goes on from turn to turn: no CPU sees another one's past, and the
 * time-stamp counters agree.
 */
final class EmbeddedMachine implements VirtualMachine {
	/** Length of a turn with several CPUs, in nanoseconds. */
	private static final long TURN = 10_000;
	private static final long NONE = -1;
	/** Bitmaps of one CPU beside its second-level tables. */
	private static final int BITMAP_PAGES = 8;

	private final Machine machine;
	private final Virtualization virtualization;
	private final List<GuestCpu> cpus = new ArrayList<>();
	private GuestCpu current;
	/** Whose turn it is or will be, and when it ends; a turn under way goes on after a stop. */
	private int next;
	private long turnEnd = NONE;
	private final AtomicBoolean interrupted = new AtomicBoolean();
	/** CPUs that have no turns. */
	private final BitSet held = new BitSet();

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

	private ProcessorModel model(int number, int count) {
		Level level = machine.description().level() == CpuLevel.V2 ? Level.V2 : Level.V3;
		if (virtualization == Virtualization.VMX) {
			return ProcessorModel.of(Vendor.INTEL, level, number, count).with(machine.description().features());
		}
		ProcessorModel model = ProcessorModel.of(Vendor.AMD, level, number, count)
				.with(machine.description().features());
		return machine.description().virtualization().nested() ? model : model.withoutVirtualization();
	}

	private GuestCpu cpu(int number, int count, HostArea area) {
		ProcessorModel model = model(number, count);
		Processor processor = new Processor(model, machine.physicalMemory());
		processor.system().doorbell = this::ring;
		processor.state().randomState = machine.description().startOfTime() << 8 | number;
		GuestMode mode = virtualization == Virtualization.VMX
				? new VmxMode(processor, area, machine.localApic(number), machine.description().virtualization())
				: new SvmMode(processor, area, machine.localApic(number), machine.description().virtualization());
		return new GuestCpu(number, machine, processor, mode, () -> becomeCurrent(number), interrupted);
	}

	/** A guest hypervisor's doorbell message. */
	private void ring(int apicId) {
		for (GuestCpu cpu : cpus) {
			if (cpu.processor.model().apicId() == apicId) {
				cpu.processor.svm().doorbell();
			}
		}
	}

	/** The CPU's clock stood still while others executed. */
	private void becomeCurrent(int number) {
		long now = time();
		current = cpus.get(number);
		current.activity.synchronize(now);
	}

	@Override
	public void interrupt() {
		interrupted.set(true);
	}

	@Override
	public void start(InitialState initial) {
		if (initial.protocol() == BootProtocol.FIRMWARE) {
			cpus.forEach(cpu -> cpu.systemManagement.firmwareStarts());
		}
		cpus.get(0).start(initial);
	}

	@Override
	public void restart(InitialState initial) {
		next = 0;
		turnEnd = NONE;
		cpus.forEach(GuestCpu::reset);
		becomeCurrent(0);
		cpus.get(0).report.tell(EventKind.RESET, 0, 0);
		start(initial);
	}

	@Override
	public boolean sleep() {
		long alarm = machine.time().nextDeadline();
		if (alarm != Long.MAX_VALUE) {
			current.activity.synchronize(alarm);
			current.activity.ringAlarms();
		}
		machine.input().letIn();
		return alarm != Long.MAX_VALUE;
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
			if (!held.get(cpu.number())) {
				cpu.resume();
			}
		}
		long end = time() + maximumTime;
		return cpus.size() == 1 ? runAlone(end) : runInTurns(end);
	}

	@Override
	public void hold(int cpu, boolean hold) {
		held.set(cpu, hold);
		if (hold && next == cpu) {
			turnEnd = NONE;
		}
	}

	private boolean anyRunnable() {
		for (int i = 0; i < cpus.size(); i++) {
			if (runnable(cpus.get(i))) {
				return true;
			}
		}
		return false;
	}

	private boolean anyWaitsForTimer() {
		for (int i = 0; i < cpus.size(); i++) {
			if (!held.get(i) && cpus.get(i).activity.waitsForTimer()) {
				return true;
			}
		}
		return false;
	}

	private boolean runnable(GuestCpu cpu) {
		return !held.get(cpu.number()) && cpu.activity.runnable();
	}

	private VcpuStop runAlone(long end) {
		VcpuStop stop = current.runUntil(end, true);
		return stop == null ? new VcpuStop.SliceOver(current.number()) : stop;
	}

	/** Turns do not depend on how long the caller's slices are. */
	private VcpuStop runInTurns(long end) {
		do {
			if (interrupted.getAndSet(false)) {
				break;
			}
			if (turnEnd != NONE || anyRunnable()) {
				VcpuStop stop = runTurn();
				if (stop != null) {
					return stop;
				}
			} else if (!skipHalt(end)) {
				return current.halted();
			}
		} while (time() < end);
		return new VcpuStop.SliceOver(current.number());
	}

	/** A turn of the next CPU that has something to execute. */
	private @Nullable VcpuStop runTurn() {
		if (turnEnd == NONE) {
			while (!runnable(cpus.get(next))) {
				next = (next + 1) % cpus.size();
			}
			turnEnd = time() + TURN;
		}
		VcpuStop stop = cpus.get(next).runUntil(turnEnd, false);
		if (stop == null) {
			turnEnd = NONE;
			next = (next + 1) % cpus.size();
		}
		return stop;
	}

	/** Passes the time up to the next alarm, or to {@code end}. Returns false when no alarm can wake any CPU. */
	private boolean skipHalt(long end) {
		long alarm = machine.time().nextDeadline();
		for (GuestCpu cpu : cpus) {
			if (!held.get(cpu.number())) {
				alarm = Math.min(alarm, cpu.activity.timerDeadline());
			}
		}
		if (alarm == Long.MAX_VALUE || !anyWaitsForTimer()) {
			return false;
		}
		current.activity.synchronize(Math.min(alarm, end));
		current.activity.ringAlarms();
		return true;
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
