/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.hyperstep.symbols.SymbolFile;

/**
 * One guest under the debugger. Every method may be called from any thread and returns at once; futures complete on the
 * engine's thread, exceptionally with a {@link TargetException} whose message is fit for a user. What needs a guest
 * that stands still says so; asked while the guest runs it fails with a message.
 */
public interface Target extends AutoCloseable {

	/** What it was launched with. */
	TargetConfiguration configuration();

	/** A name for lists: the image's file name and the virtualization. */
	String name();

	/** Number of virtual CPUs. */
	int cpus();

	/** The image's symbols and lines. */
	SymbolFile symbols();

	void addListener(TargetListener listener);

	void removeListener(TargetListener listener);

	/** Whether the guest, that is any of its CPUs, runs now. */
	boolean running();

	/** Whether a CPU runs now; in all-stop mode all of them do or none. */
	boolean running(int cpu);

	/** Why the guest stands still, by its newest stop; empty while any CPU runs or the guest has ended. */
	Optional<StopEvent> lastStop();

	/** Why a CPU stands still; empty while it runs or the guest has ended. */
	Optional<StopEvent> lastStop(int cpu);

	/**
	 * Whether CPUs stop and run each for itself. In all-stop mode, which is how every guest begins, all of them stop with
	 * the one that stops, and all of them run.
	 */
	boolean nonStop();

	/** Chooses between non-stop and all-stop mode. Needs a guest that stands still. */
	CompletableFuture<Void> setNonStop(boolean nonStop);

	/** How the guest ended; empty while it has not. */
	Optional<ExitStatus> exitStatus();

	/** Lets the guest run. Needs a guest that stands still; in non-stop mode, all CPUs that stand still run. */
	CompletableFuture<Void> resume();

	/** Lets a CPU run that stands still; in all-stop mode the whole guest. */
	CompletableFuture<Void> resume(int cpu);

	/** Stops a running guest at the next instruction boundary; within 100 ms whatever the guest does. */
	CompletableFuture<StopEvent> suspend();

	/** Stops a running CPU, in all-stop mode the guest, as {@link #suspend()} does. */
	CompletableFuture<StopEvent> suspend(int cpu);

	/**
	 * Makes one step of a CPU, which must stand still; the others that stand still go on doing so. In all-stop mode that is
	 * all of them. The future completes when the step has ended for whatever reason.
	 */
	default CompletableFuture<StopEvent> step(int cpu, StepKind kind) {
		return step(cpu, kind, 1);
	}

	/**
	 * Makes so many steps of a CPU, each as if it had been ordered when the one before had ended, but many times faster. Ends
	 * earlier at whatever else stops the guest, at a breakpoint that a step has come to, and where no step of this kind can
	 * follow. Nobody is told of the stops between.
	 *
	 * @param count 1 and more
	 */
	CompletableFuture<StopEvent> step(int cpu, StepKind kind, long count);

	/** Runs to a linear address, or to whatever stops the guest earlier. Needs a guest that stands still. */
	CompletableFuture<StopEvent> runTo(int cpu, long linear);

	/** Ends the guest. Completes when nothing of it is left. */
	CompletableFuture<Void> terminate();

	/** Ends the guest and waits for it. */
	@Override
	void close();

	StepPolicy policy();

	/** Changes how steps are made, at once. */
	CompletableFuture<Void> setPolicy(StepPolicy policy);

	/** All registers of a CPU as they are now, in the order of {@link RegisterFile#descriptions()}. Needs a stop. */
	CompletableFuture<RegisterFile> registers(int cpu);

	/** Writes a register. Needs a stop. */
	CompletableFuture<Void> writeRegister(int cpu, String register, long value);

	/**
	 * Reads memory as a debugger does: no accessed bits, no device side effects. Bytes that can't be read (not mapped,
	 * no RAM there) end the read: the array is then shorter than asked for, down to empty.
	 */
	CompletableFuture<byte[]> readMemory(int cpu, MemorySpace space, long address, int length);

	/** Writes RAM, whatever the page's rights are. Fails, naming the first address that has no RAM. Needs a stop. */
	CompletableFuture<Void> writeMemory(int cpu, MemorySpace space, long address, byte[] bytes);

	/** Disassembles from a linear address on, in the CPU's present mode. */
	CompletableFuture<List<DisassembledInstruction>> disassemble(int cpu, long linear, int instructions, Syntax syntax);

	/** Walks the stack by frame pointers; the innermost frame first, at most so many. Needs a stop. */
	CompletableFuture<List<StackFrame>> stack(int cpu, int maximum);

	/** Sets a breakpoint. One that binds to no address yet is kept and says so. May be called while the guest runs. */
	CompletableFuture<Breakpoint> setBreakpoint(BreakpointLocation location);

	CompletableFuture<Void> removeBreakpoint(int number);

	CompletableFuture<Breakpoint> enableBreakpoint(int number, boolean enabled);

	/** All breakpoints as they are now. */
	List<Breakpoint> breakpoints();

	/** What is pending at a CPU and why it is not delivered. */
	CompletableFuture<List<PendingEvent>> pendingEvents(int cpu);

	/**
	 * Delivers exactly this event as the next thing that the CPU does, even if the debugger masks its kind, and stops at
	 * the first instruction of its handler. Fails with the reason where the processor itself can't take it now.
	 */
	CompletableFuture<StopEvent> deliverNow(int cpu, PendingEvent event);

	/**
	 * Delivers all that is pending at a CPU now, even what the debugger masks, one event after the other, each as soon as the
	 * processor can take it, and stops at the first instruction of the handler of the last one. What comes meanwhile is held
	 * back as it is while stepping. Fails where nothing is pending.
	 */
	CompletableFuture<StopEvent> deliverAll(int cpu);

	/**
	 * Raises an event at a CPU, which runs or stands still: it is delivered as one of its kind is, or held back and pending.
	 * Fails where the CPU can't take it.
	 *
	 * @param vector of an interrupt, 16 to 255; nothing otherwise
	 */
	CompletableFuture<Void> raise(int cpu, PendingEvent.Kind kind, int vector);

	/** Everything that happened, newest last. */
	EventJournal journal();

	/** The guest's serial line COM1. */
	SerialLine serial();

	/** The lines of text on the guest's screen up to the last that is not blank; empty where it shows pixels, or there is no screen. */
	CompletableFuture<Optional<List<String>>> screen();

	/** Counts since the start. */
	CompletableFuture<Statistics> statistics();

	/** Syntax of disassembly. */
	enum Syntax {
		INTEL, ATT
	}
}
