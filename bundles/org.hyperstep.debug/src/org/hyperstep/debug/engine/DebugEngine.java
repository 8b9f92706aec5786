/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.debug.SerialLine;
import org.hyperstep.debug.StackFrame;
import org.hyperstep.debug.Statistics;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.debug.backend.BackEnd;
import org.hyperstep.symbols.SymbolFile;

/** A target over any back end. The guest is touched on the engine's thread alone. */
@SuppressWarnings("nls")
public final class DebugEngine implements Target {
	private final TargetConfiguration configuration;
	private final BackEnd backEnd;
	private final Machinery machinery;
	private final EventJournal journal;
	private final SerialBuffer serial;
	private final List<TargetListener> listeners = new CopyOnWriteArrayList<>();
	private final EngineThread thread;
	private final Movement movement;
	private final Motions motions;
	private volatile StepPolicy policy;

	/**
	 * Makes a target that stands before its first instruction.
	 *
	 * @param journal the journal that the back end writes too
	 * @param serial  what the back end hands the guest's serial output to
	 */
	public DebugEngine(TargetConfiguration configuration, BackEnd backEnd, SymbolFile symbols, EventJournal journal,
			SerialBuffer serial) throws TargetException {
		this.configuration = configuration;
		this.backEnd = backEnd;
		this.machinery = new Machinery(backEnd, symbols);
		this.journal = journal;
		this.serial = serial;
		this.policy = configuration.policy();
		backEnd.setMechanism(policy.mechanism());
		this.motions = new Motions(machinery);
		this.movement = new Movement(machinery, new Reports());
		this.thread = new EngineThread("Hyperstep " + configuration.image().getFileName(), movement);
		serial.connect(bytes -> perform(() -> {
			backEnd.sendSerial(bytes);
		}));
	}

	// What it is

	@Override
	public TargetConfiguration configuration() {
		return configuration;
	}

	@Override
	public String name() {
		return configuration.image().getFileName() + " (" + configuration.virtualization() + ')';
	}

	@Override
	public int cpus() {
		return backEnd.cpus();
	}

	@Override
	public SymbolFile symbols() {
		return machinery.symbols;
	}

	@Override
	public EventJournal journal() {
		return journal;
	}

	@Override
	public SerialLine serial() {
		return serial;
	}

	@Override
	public void addListener(TargetListener listener) {
		listeners.add(listener);
	}

	@Override
	public void removeListener(TargetListener listener) {
		listeners.remove(listener);
	}

	// How it is

	@Override
	public boolean running() {
		return movement.lastStop() == null && movement.exitStatus() == null;
	}

	@Override
	public Optional<StopEvent> lastStop() {
		StopEvent event = movement.lastStop();
		return event == null ? Optional.empty() : Optional.of(event);
	}

	@Override
	public Optional<ExitStatus> exitStatus() {
		ExitStatus status = movement.exitStatus();
		return status == null ? Optional.empty() : Optional.of(status);
	}

	@Override
	public StepPolicy policy() {
		return policy;
	}

	@Override
	public CompletableFuture<Void> setPolicy(StepPolicy changed) {
		return perform(() -> {
			backEnd.setMechanism(changed.mechanism());
			policy = changed;
			for (int cpu = 0; cpu < backEnd.cpus(); cpu++) {
				if (movement.lastStop(cpu) != null) {
					machinery.mask(cpu, changed);
				}
			}
			tell(listener -> listener.policyChanged(this, changed));
		});
	}

	// Motion

	@Override
	public boolean nonStop() {
		return movement.nonStop();
	}

	@Override
	public CompletableFuture<Void> setNonStop(boolean nonStop) {
		return perform(() -> {
			movement.setNonStop(nonStop);
			tell(listener -> listener.nonStopChanged(this, nonStop));
		});
	}

	@Override
	public boolean running(int cpu) {
		return movement.lastStop(cpu) == null && movement.exitStatus() == null;
	}

	@Override
	public Optional<StopEvent> lastStop(int cpu) {
		StopEvent event = movement.lastStop(cpu);
		return event == null ? Optional.empty() : Optional.of(event);
	}

	@Override
	public CompletableFuture<Void> resume() {
		return perform(() -> run(Movement.ALL));
	}

	@Override
	public CompletableFuture<Void> resume(int cpu) {
		return perform(() -> run(checked(cpu)));
	}

	private void run(int which) throws TargetException {
		movement.run(which);
		thread.begin();
	}

	@Override
	public CompletableFuture<StopEvent> step(int cpu, StepKind kind, long count) {
		if (count < 1) {
			return CompletableFuture.failedFuture(new TargetException("A step is made once at least.")); //$NON-NLS-1$
		}
		return move(cpu, () -> motions.steps(cpu, kind, count, policy));
	}

	@Override
	public CompletableFuture<StopEvent> runTo(int cpu, long linear) {
		return move(cpu, () -> motions.runTo(cpu, linear));
	}

	@Override
	public CompletableFuture<StopEvent> deliverNow(int cpu, PendingEvent event) {
		return move(cpu, () -> {
			backEnd.deliverNow(cpu, event);
			return new InstructionStepMotion(machinery, cpu, policy, StepKind.INSTRUCTION_INTO);
		});
	}

	@Override
	public CompletableFuture<StopEvent> deliverAll(int cpu) {
		return move(cpu, () -> new DeliverAllMotion(machinery, cpu, policy));
	}

	/** Makes a motion, on the engine's thread. */
	@FunctionalInterface
	private interface MotionMaker {
		Motion make() throws TargetException;
	}

	private CompletableFuture<StopEvent> move(int cpu, MotionMaker maker) {
		CompletableFuture<StopEvent> outcome = new CompletableFuture<>();
		perform(() -> {
			movement.requireStop(checked(cpu));
			movement.start(cpu, maker.make(), outcome);
			thread.begin();
		}).whenComplete((nothing, failure) -> {
			if (failure != null) {
				outcome.completeExceptionally(failure);
			}
		});
		return outcome;
	}

	@Override
	public CompletableFuture<StopEvent> suspend() {
		return order(() -> {
			movement.requireAlive();
			StopEvent stands = movement.lastStop();
			if (stands != null) {
				return stands;
			}
			StopEvent event = null;
			for (int cpu = 0; cpu < backEnd.cpus(); cpu++) {
				if (movement.lastStop(cpu) == null) {
					event = suspendNow(cpu);
				}
			}
			return event == null ? suspendNow(0) : event;
		});
	}

	@Override
	public CompletableFuture<StopEvent> suspend(int cpu) {
		return order(() -> {
			movement.requireAlive();
			StopEvent stands = movement.lastStop(checked(cpu));
			return stands != null ? stands : suspendNow(cpu);
		});
	}

	private StopEvent suspendNow(int cpu) {
		StopEvent event = new StopEvent.Suspended(cpu, backEnd.linearRip(cpu));
		movement.stop(event);
		if (!movement.moving()) {
			thread.pause();
		}
		return event;
	}

	@Override
	public CompletableFuture<Void> terminate() {
		return perform(() -> {
			if (movement.exitStatus() == null) {
				movement.exit(new ExitStatus(ExitStatus.Kind.TERMINATED, 0, "terminated by the debugger"));
			}
			thread.end();
			backEnd.close();
		});
	}

	@Override
	public void close() {
		CompletableFuture<Void> end = terminate();
		if (!thread.isCurrent()) {
			end.handle((done, failure) -> failure == null).join();
			thread.join();
		}
	}

	// State

	@Override
	public CompletableFuture<RegisterFile> registers(int cpu) {
		return order(() -> {
			movement.requireStop(checked(cpu));
			long[] values = new long[backEnd.registers().size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = backEnd.readRegister(cpu, i);
			}
			return new RegisterFile(backEnd.registers(), values);
		});
	}

	@Override
	public CompletableFuture<Void> writeRegister(int cpu, String register, long value) {
		return perform(() -> {
			movement.requireStop(checked(cpu));
			backEnd.writeRegister(cpu, machinery.registerIndex(register), value);
			tell(listener -> listener.stateEdited(this));
		});
	}

	@Override
	public CompletableFuture<byte[]> readMemory(int cpu, MemorySpace space, long address, int length) {
		return order(() -> {
			byte[] bytes = new byte[length];
			int read = backEnd.readMemory(checked(cpu), space, address, bytes, 0, length);
			return read == length ? bytes : java.util.Arrays.copyOf(bytes, read);
		});
	}

	@Override
	public CompletableFuture<Void> writeMemory(int cpu, MemorySpace space, long address, byte[] bytes) {
		return perform(() -> {
			movement.requireStop(checked(cpu));
			int written = backEnd.writeMemory(cpu, space, address, bytes, 0, bytes.length);
			tell(listener -> listener.stateEdited(this));
			if (written < bytes.length) {
				throw new TargetException("There is no RAM at 0x" + Long.toHexString(address + written) + '.');
			}
		});
	}

	@Override
	public CompletableFuture<List<DisassembledInstruction>> disassemble(int cpu, long linear, int instructions,
			Syntax syntax) {
		return order(() -> new Disassembly(machinery, checked(cpu), syntax).from(linear, instructions));
	}

	@Override
	public CompletableFuture<List<StackFrame>> stack(int cpu, int maximum) {
		return order(() -> {
			movement.requireStop(checked(cpu));
			return new StackWalker(machinery, cpu).walk(maximum);
		});
	}

	@Override
	public CompletableFuture<Breakpoint> setBreakpoint(BreakpointLocation location) {
		return order(() -> machinery.breakpoints.add(location));
	}

	@Override
	public CompletableFuture<Void> removeBreakpoint(int number) {
		return perform(() -> {
			machinery.breakpoints.remove(number);
		});
	}

	@Override
	public CompletableFuture<Breakpoint> enableBreakpoint(int number, boolean enabled) {
		return order(() -> machinery.breakpoints.enable(number, enabled));
	}

	@Override
	public List<Breakpoint> breakpoints() {
		return machinery.breakpoints.all();
	}

	@Override
	public CompletableFuture<List<PendingEvent>> pendingEvents(int cpu) {
		return order(() -> backEnd.pendingEvents(checked(cpu)));
	}

	@Override
	public CompletableFuture<Optional<List<String>>> screen() {
		return order(backEnd::screen);
	}

	@Override
	public CompletableFuture<Void> raise(int cpu, PendingEvent.Kind kind, int vector) {
		return perform(() -> {
			movement.requireAlive();
			backEnd.raise(checked(cpu), kind, vector);
			tell(listener -> listener.stateEdited(this));
		});
	}

	@Override
	public CompletableFuture<Statistics> statistics() {
		return order(() -> {
			long retired = 0;
			for (int cpu = 0; cpu < backEnd.cpus(); cpu++) {
				retired += backEnd.retired(cpu);
			}
			return new Statistics(retired, backEnd.exits(), movement.hostNanos(), backEnd.virtualNanos());
		});
	}

	// On the engine's thread

	private <T> CompletableFuture<T> order(java.util.concurrent.Callable<T> order) {
		return thread.order(order);
	}

	private CompletableFuture<Void> perform(EngineThread.Action action) {
		return thread.perform(action);
	}

	/** Writes what happens into the journal and tells the listeners. */
	private final class Reports implements Movement.Reporter {
		@Override
		public void resumed(int cpu, boolean stepping) {
			record(stepping ? EventKind.STEP : EventKind.RESUME, Math.max(cpu, 0));
			tell(listener -> listener.resumed(DebugEngine.this, cpu, stepping));
		}

		@Override
		public void stopped(StopEvent event) {
			for (int cpu = 0; cpu < backEnd.cpus(); cpu++) {
				if (!movement.nonStop() || cpu == event.cpu()) {
					machinery.mask(cpu, policy);
				}
			}
			record(EventKind.STOP, event.cpu());
			tell(listener -> listener.stopped(DebugEngine.this, event));
		}

		@Override
		public void exited(ExitStatus status) {
			tell(listener -> listener.exited(DebugEngine.this, status));
		}
	}

	private void record(EventKind kind, int cpu) {
		journal.write(kind, cpu, backEnd.nestingLevel(cpu), backEnd.retired(cpu), backEnd.virtualNanos(),
				backEnd.linearRip(cpu), 0, 0);
	}

	private void tell(Consumer<TargetListener> message) {
		listeners.forEach(message);
	}

	private int checked(int cpu) throws TargetException {
		if (cpu < 0 || cpu >= backEnd.cpus()) {
			throw new TargetException("There is no CPU " + cpu + "; the guest has " + backEnd.cpus() + '.');
		}
		return cpu;
	}
}
