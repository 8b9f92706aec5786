/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.ResetPolicy;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.backend.BackEnd;
import org.hyperstep.debug.backend.BackEndStop;
import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.hypervisor.ExecutionMarks;
import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.Refusal;
import org.hyperstep.hypervisor.StepMechanism;
import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.hypervisor.VirtualMachine;
import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.machine.video.DisplayAdapter;
import org.hyperstep.x86.decode.CodeSize;

/** A guest on the embedded hypervisor. */
@SuppressWarnings("nls")
final class EmbeddedBackEnd implements BackEnd {
	/** Host time that a slice should take, in nanoseconds. */
	private static final long SLICE_NANOS = 4_000_000;
	private static final long SHORTEST_SLICE = 10_000;
	private static final long LONGEST_SLICE = 4_000_000;
	/** How long an idle guest waits for input before orders are looked at, in milliseconds. */
	private static final long IDLE_MILLIS = 5;
	/** So many alarms of a sleeping machine ring in a slice. */
	private static final int ALARMS_A_SLICE = 1_000;

	private final String channel;
	private final int cpus;
	/** Null once it is closed: who still looks at the target keeps none of the guest's memory. */
	private volatile @Nullable Hardware hardware;
	private final SerialOutput output;
	private final ResetPolicy resets;
	private ExecutionMarks marks = ExecutionMarks.NONE;
	private long slice = SHORTEST_SLICE;

	/** What a guest takes up. */
	private record Hardware(Machine machine, VirtualMachine guest, Boot boot) {
	}

	/** Puts into a machine that was reset what it is to start with. */
	@FunctionalInterface
	interface Boot {
		InitialState load() throws TargetException;
	}

	/**
	 * @param channel of the input gate that takes what is typed
	 * @param boot    loads the guest again
	 * @param resets  what is done about a guest's reset
	 */
	EmbeddedBackEnd(Machine machine, VirtualMachine guest, SerialOutput output, String channel, Boot boot,
			ResetPolicy resets) {
		this.hardware = new Hardware(machine, guest, boot);
		this.resets = resets;
		this.cpus = guest.cpus().size();
		this.channel = channel;
		this.output = output;
	}

	private Machine machine() {
		return hardware().machine;
	}

	private VirtualMachine guest() {
		return hardware().guest;
	}

	private Hardware hardware() {
		Hardware present = hardware;
		if (present == null) {
			throw new IllegalStateException("the guest has ended");
		}
		return present;
	}

	private Vcpu cpu(int number) {
		return guest().cpus().get(number);
	}

	@Override
	public int cpus() {
		return cpus;
	}

	@Override
	public List<RegisterDescription> registers() {
		return RegisterTable.DESCRIPTIONS;
	}

	@Override
	public long readRegister(int cpu, int index) {
		return cpu(cpu).read(RegisterTable.REGISTERS.get(index));
	}

	@Override
	public void writeRegister(int cpu, int index, long value) throws TargetException {
		GuestRegister register = RegisterTable.REGISTERS.get(index);
		check(cpu(cpu).write(register, value), "Register " + RegisterTable.DESCRIPTIONS.get(index).name());
	}

	private static void check(@Nullable Refusal refusal, String what) throws TargetException {
		if (refusal != null) {
			throw new TargetException(what + ": " + refusal.text());
		}
	}

	@Override
	public long linearRip(int cpu) {
		return cpu(cpu).linearRip();
	}

	@Override
	public int nestingLevel(int cpu) {
		return cpu(cpu).nestingLevel();
	}

	@Override
	public CodeSize codeSize(int cpu) {
		return switch (cpu(cpu).mode()) {
			case REAL, VIRTUAL_8086, PROTECTED_16, COMPATIBILITY_16 -> CodeSize.CODE16;
			case PROTECTED_32, COMPATIBILITY_32 -> CodeSize.CODE32;
			case LONG_64 -> CodeSize.CODE64;
		};
	}

	@Override
	public OptionalLong translate(int cpu, long linear) {
		return cpu(cpu).memory().translate(linear);
	}

	@Override
	public int readMemory(int cpu, MemorySpace space, long address, byte[] target, int offset, int length) {
		return switch (space) {
			case LINEAR -> cpu(cpu).memory().readLinear(address, target, offset, length);
			case GUEST_PHYSICAL -> cpu(cpu).memory().readPhysical(address, target, offset, length);
		};
	}

	@Override
	public int writeMemory(int cpu, MemorySpace space, long address, byte[] source, int offset, int length) {
		return switch (space) {
			case LINEAR -> cpu(cpu).memory().writeLinear(address, source, offset, length);
			case GUEST_PHYSICAL -> cpu(cpu).memory().writePhysical(address, source, offset, length);
		};
	}

	@Override
	public void setMarks(long[] linear, long[] guestPhysical) {
		ExecutionMarks wanted = new ExecutionMarks(linear, guestPhysical);
		if (!wanted.sameAs(marks)) {
			marks = wanted;
			guest().setExecutionMarks(wanted);
		}
	}

	@Override
	public void interrupt() {
		Hardware present = hardware;
		if (present != null) {
			present.guest.interrupt();
			present.machine.input().wake();
		}
	}

	@Override
	public void setMask(int cpu, boolean interrupts, boolean nmi, boolean smi, boolean exits) {
		cpu(cpu).setMask(new EventMask(interrupts, nmi, smi, exits));
	}

	@Override
	public void setMechanism(StepPolicy.Mechanism mechanism) throws TargetException {
		StepMechanism chosen = switch (mechanism) {
			case AUTOMATIC -> StepMechanism.AUTOMATIC;
			case MONITOR_TRAP_FLAG -> StepMechanism.MONITOR_TRAP_FLAG;
			case RFLAGS_TF -> StepMechanism.RFLAGS_TF;
		};
		for (Vcpu cpu : guest().cpus()) {
			check(cpu.setStepMechanism(chosen), "Step mechanism");
		}
	}

	@Override
	public BackEndStop run(BitSet cpus) {
		for (int cpu = 0; cpu < cpus(); cpu++) {
			guest().hold(cpu, !cpus.get(cpu));
		}
		long start = System.nanoTime();
		VcpuStop stop = guest().run(slice);
		adjustSlice(stop, System.nanoTime() - start);
		return stop instanceof VcpuStop.Halted halted && cpus.cardinality() < cpus() ? idle(halted.cpu())
				: outcome(stop);
	}

	@Override
	public BackEndStop run(int cpu) {
		long start = System.nanoTime();
		VcpuStop stop = cpu(cpu).run(slice);
		adjustSlice(stop, System.nanoTime() - start);
		return outcome(stop);
	}

	@Override
	public BackEndStop step(int cpu) {
		return outcome(cpu(cpu).step());
	}

	/** Slices follow the host's speed, so that an order never waits long and the loop around them costs nothing. */
	private void adjustSlice(VcpuStop stop, long nanos) {
		if (stop instanceof VcpuStop.SliceOver) {
			slice = nanos > SLICE_NANOS ? Math.max(SHORTEST_SLICE, slice / 2)
					: Math.min(LONGEST_SLICE, slice + slice / 4);
		}
	}

	private BackEndStop outcome(VcpuStop stop) {
		output.flush();
		return switch (stop) {
			case VcpuStop.SliceOver over -> new BackEndStop.SliceOver(over.cpu());
			case VcpuStop.MarkReached mark -> new BackEndStop.MarkReached(mark.cpu(), mark.linear());
			case VcpuStop.StepDone step -> new BackEndStop.StepDone(step.cpu(), step.enteredVector());
			case VcpuStop.Halted halted -> halted(halted);
			case VcpuStop.TripleFault fault -> resets == ResetPolicy.RESTART_AFTER_TRIPLE_FAULT ? restart(fault.cpu())
					: new BackEndStop.TripleFault(fault.cpu());
			case VcpuStop.DebugExit exit -> new BackEndStop.Failure(exit.cpu(),
					"A debug exception of vector " + exit.vector() + " that nobody asked for");
			case VcpuStop.MachineExit exit -> exited(exit);
			case VcpuStop.UnexpectedExit exit -> new BackEndStop.Failure(exit.cpu(), exit.text());
		};
	}

	private BackEndStop halted(VcpuStop.Halted halted) {
		boolean open = (cpu(halted.cpu()).read(GuestRegister.RFLAGS) & INTERRUPT_FLAG) != 0;
		if (!open || halted.heldBack() > 0) {
			return new BackEndStop.Halted(halted.cpu(), halted.heldBack());
		}
		return idle(halted.cpu());
	}

	private BackEndStop idle(int cpu) {
		output.flush();
		return new BackEndStop.Idle(cpu);
	}

	@Override
	public void awaitInput() {
		try {
			machine().input().await(IDLE_MILLIS);
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
		}
	}

	private static final long INTERRUPT_FLAG = 1 << 9;

	private BackEndStop exited(VcpuStop.MachineExit exit) {
		ExitRequest request = machine().exitRequest();
		if (request == null) {
			return new BackEndStop.Failure(exit.cpu(), "The guest ended without saying how");
		}
		if (request.kind() == ExitRequest.Kind.RESET && resets != ResetPolicy.END) {
			return restart(exit.cpu());
		}
		if (request.kind() == ExitRequest.Kind.SLEEP) {
			return sleep(exit.cpu());
		}
		ExitStatus status = switch (request.kind()) {
			case DEBUG_EXIT -> new ExitStatus(ExitStatus.Kind.DEBUG_EXIT, request.status(),
					"debug exit with code " + request.code() + ", status " + request.status());
			case RESET -> new ExitStatus(ExitStatus.Kind.SHUTDOWN, request.status(), "reset by the guest");
			case SLEEP -> throw new IllegalStateException("a machine that sleeps has not ended");
			case SHUTDOWN -> new ExitStatus(ExitStatus.Kind.SHUTDOWN, request.status(), "powered off by the guest");
		};
		return new BackEndStop.Exited(exit.cpu(), status);
	}

	/** A slice of sleep; the machine asks for it again until it wakes. */
	private BackEndStop sleep(int cpu) {
		boolean timed = true;
		for (int alarm = 0; alarm < ALARMS_A_SLICE && timed && !machine().wakes(); alarm++) {
			timed = guest().sleep();
		}
		if (machine().wakes()) {
			return wake(cpu);
		}
		return timed ? new BackEndStop.SliceOver(cpu) : idle(cpu);
	}

	private BackEndStop wake(int cpu) {
		try {
			guest().restart(machine().wake());
			return new BackEndStop.Restarted(cpu);
		} catch (MachineException refusal) {
			return new BackEndStop.Failure(cpu, String.valueOf(refusal.getMessage()));
		}
	}

	private BackEndStop restart(int cpu) {
		try {
			machine().reset();
			guest().restart(hardware().boot.load());
			return new BackEndStop.Restarted(cpu);
		} catch (TargetException refusal) {
			return new BackEndStop.Failure(cpu,
					"The guest has reset the machine and cannot be loaded again: " + refusal.getMessage());
		}
	}

	@Override
	public List<PendingEvent> pendingEvents(int cpu) {
		return cpu(cpu).pendingEvents().stream().map(PendingEvents::toEngine).toList();
	}

	@Override
	public void deliverNow(int cpu, PendingEvent event) throws TargetException {
		for (org.hyperstep.hypervisor.PendingEvent candidate : cpu(cpu).pendingEvents()) {
			if (PendingEvents.toEngine(candidate).sameEvent(event)) {
				check(cpu(cpu).deliverNow(candidate, false), "It can't be delivered now");
				return;
			}
		}
		throw new TargetException("It is not pending any more.");
	}

	@Override
	public void raise(int cpu, PendingEvent.Kind kind, int vector) throws TargetException {
		switch (kind) {
			case INTERRUPT -> check(cpu(cpu).raiseInterrupt(vector), "It can't be raised");
			case NMI -> cpu(cpu).raiseNmi();
			case SMI -> cpu(cpu).raiseSmi();
		}
	}

	@Override
	public long retired(int cpu) {
		return cpu(cpu).retired();
	}

	@Override
	public long virtualNanos() {
		return guest().time();
	}

	@Override
	public SortedMap<String, Long> exits() {
		SortedMap<String, Long> exits = new TreeMap<>();
		for (Vcpu cpu : guest().cpus()) {
			cpu.exitCounts().forEach(row -> exits.merge(row.name(), row.count(), Long::sum));
		}
		return exits;
	}

	@Override
	public Optional<List<String>> screen() {
		return machine().device(DisplayAdapter.class).text().map(screen -> screen.text().lines().toList());
	}

	@Override
	public void sendSerial(byte[] bytes) {
		machine().input().offer(channel, bytes);
	}

	@Override
	public void close() {
		output.flush();
		Hardware present = hardware;
		hardware = null;
		if (present == null) {
			return;
		}
		try {
			present.machine.close();
		} catch (IOException e) {
			// Everything was written when the guest wrote it; there is nobody left to tell.
		}
	}
}
