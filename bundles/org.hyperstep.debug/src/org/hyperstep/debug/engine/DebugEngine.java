/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.Nullable;
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
	private @Nullable Motion motion;
	private @Nullable CompletableFuture<StopEvent> awaited;
	private long hostNanos;
	private volatile StepPolicy policy;
	private volatile @Nullable StopEvent lastStop;
	private volatile @Nullable ExitStatus exitStatus;

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
		this.lastStop = new StopEvent.Ready(0, backEnd.linearRip(0));
		this.thread = new EngineThread("Hyperstep " + configuration.image().getFileName(), new Slices());
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
		return lastStop == null && exitStatus == null;
	}

	@Override
	public Optional<StopEvent> lastStop() {
		StopEvent event = lastStop;
		return event == null ? Optional.empty() : Optional.of(event);
	}

	@Override
	public Optional<ExitStatus> exitStatus() {
		ExitStatus status = exitStatus;
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
			if (motion == null && exitStatus == null) {
				holdBack();
			}
			tell(listener -> listener.policyChanged(this, changed));
		});
	}

	// Motion

	@Override
	public CompletableFuture<Void> resume() {
		return perform(() -> {
			start(new ResumeMotion(machinery), EventKind.RESUME, new CompletableFuture<>());
		});
	}

	@Override
	public CompletableFuture<StopEvent> step(int cpu, StepKind kind) {
		return move(EventKind.STEP, () -> stepMotion(checked(cpu), kind));
	}

	@Override
	public CompletableFuture<StopEvent> runTo(int cpu, long linear) {
		return move(EventKind.RESUME, () -> {
			// A run, not a step: what was held back arrives on the way.
			machinery.unmask(checked(cpu));
			return new RunToMotion(machinery, cpu, linear, 0, StepKind.INSTRUCTION_OVER);
		});
	}

	@Override
	public CompletableFuture<StopEvent> deliverNow(int cpu, PendingEvent event) {
		return move(EventKind.STEP, () -> {
			backEnd.deliverNow(checked(cpu), event);
			return new InstructionStepMotion(machinery, cpu, policy, StepKind.INSTRUCTION_INTO);
		});
	}

	private Motion stepMotion(int cpu, StepKind kind) throws TargetException {
		return switch (kind) {
			case INSTRUCTION_INTO -> new InstructionStepMotion(machinery, cpu, policy, kind);
			case INSTRUCTION_OVER -> new StepOverMotion(machinery, cpu, policy, kind);
			case LINE_INTO, LINE_OVER -> LineStepMotion.of(machinery, cpu, policy, kind);
			case RETURN -> returnMotion(cpu);
		};
	}

	private Motion returnMotion(int cpu) throws TargetException {
		StackWalker walker = new StackWalker(machinery, cpu);
		StackWalker.Position caller = walker.caller(walker.innermost());
		if (caller == null) {
			throw new TargetException("There is no caller to return to: the stack ends here.");
		}
		if (policy.maskDuringStepOver()) {
			machinery.mask(cpu, policy);
		} else {
			machinery.unmask(cpu);
		}
		return new RunToMotion(machinery, cpu, caller.linear(), caller.rsp(), StepKind.RETURN);
	}

	/** Makes a motion, on the engine's thread. */
	@FunctionalInterface
	private interface MotionMaker {
		Motion make() throws TargetException;
	}

	private CompletableFuture<StopEvent> move(EventKind kind, MotionMaker maker) {
		CompletableFuture<StopEvent> outcome = new CompletableFuture<>();
		perform(() -> {
			requireStop();
			start(maker.make(), kind, outcome);
		}).whenComplete((nothing, failure) -> {
			if (failure != null) {
				outcome.completeExceptionally(failure);
			}
		});
		return outcome;
	}

	private void start(Motion started, EventKind kind, CompletableFuture<StopEvent> outcome) throws TargetException {
		requireStop();
		motion = started;
		awaited = outcome;
		StopEvent from = lastStop;
		lastStop = null;
		record(kind, from == null ? 0 : from.cpu());
		tell(listener -> listener.resumed(this, started.stepping()));
		thread.begin();
	}

	private final class Slices implements EngineThread.Work {
		@Override
		public boolean slice() {
			return DebugEngine.this.slice();
		}

		@Override
		public void interrupt() {
			backEnd.interrupt();
		}
	}

	/** A slice of the present motion, on the engine's thread. */
	private boolean slice() {
		Motion moving = motion;
		if (moving == null) {
			return false;
		}
		long start = System.nanoTime();
		StopEvent stop;
		try {
			stop = moving.advance();
		} catch (RuntimeException | AssertionError failure) {
			stop = new StopEvent.Failure(0, backEnd.linearRip(0), Failures.describe(failure));
		}
		hostNanos += System.nanoTime() - start;
		ExitStatus ended = machinery.exit();
		if (ended != null) {
			exited(ended);
		} else if (stop != null) {
			stopped(stop);
		}
		return motion != null;
	}

	private void stopped(StopEvent event) {
		motion = null;
		machinery.unmark();
		holdBack();
		lastStop = event;
		record(EventKind.STOP, event.cpu());
		tell(listener -> listener.stopped(this, event));
		CompletableFuture<StopEvent> outcome = awaited;
		awaited = null;
		if (outcome != null) {
			outcome.complete(event);
		}
	}

	private void exited(ExitStatus status) {
		motion = null;
		lastStop = null;
		exitStatus = status;
		CompletableFuture<StopEvent> outcome = awaited;
		awaited = null;
		tell(listener -> listener.exited(this, status));
		if (outcome != null) {
			outcome.completeExceptionally(new TargetException("The guest has ended: " + status.text()));
		}
	}

	@Override
	public CompletableFuture<StopEvent> suspend() {
		return order(() -> {
			requireAlive();
			StopEvent stands = lastStop;
			if (stands != null) {
				return stands;
			}
			StopEvent event = new StopEvent.Suspended(0, backEnd.linearRip(0));
			thread.pause();
			stopped(event);
			return event;
		});
	}

	@Override
	public CompletableFuture<Void> terminate() {
		return perform(() -> {
			if (exitStatus == null) {
				exited(new ExitStatus(ExitStatus.Kind.TERMINATED, 0, "terminated by the debugger"));
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
		}
	}

	// State

	@Override
	public CompletableFuture<RegisterFile> registers(int cpu) {
		return order(() -> {
			requireStop();
			checked(cpu);
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
			requireStop();
			backEnd.writeRegister(checked(cpu), machinery.registerIndex(register), value);
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
			requireStop();
			int written = backEnd.writeMemory(checked(cpu), space, address, bytes, 0, bytes.length);
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
			requireStop();
			return new StackWalker(machinery, checked(cpu)).walk(maximum);
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
	public CompletableFuture<Statistics> statistics() {
		return order(() -> {
			long retired = 0;
			for (int cpu = 0; cpu < backEnd.cpus(); cpu++) {
				retired += backEnd.retired(cpu);
			}
			return new Statistics(retired, backEnd.exits(), hostNanos, backEnd.virtualNanos());
		});
	}

	// On the engine's thread

	private <T> CompletableFuture<T> order(java.util.concurrent.Callable<T> order) {
		return thread.order(order);
	}

	private CompletableFuture<Void> perform(EngineThread.Action action) {
		return thread.perform(action);
	}

	private void holdBack() {
		for (int cpu = 0; cpu < backEnd.cpus(); cpu++) {
			machinery.mask(cpu, policy);
		}
	}

	private void record(EventKind kind, int cpu) {
		journal.write(kind, cpu, backEnd.retired(cpu), backEnd.virtualNanos(), backEnd.linearRip(cpu), 0, 0);
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

	private void requireAlive() throws TargetException {
		ExitStatus ended = exitStatus;
		if (ended != null) {
			throw new TargetException("The guest has ended: " + ended.text());
		}
	}

	private void requireStop() throws TargetException {
		requireAlive();
		if (lastStop == null) {
			throw new TargetException("The guest is running; suspend it first.");
		}
	}
}
