/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.event.EventArbiter;
import org.hyperstep.x86.event.FloatErrorFreeze;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * The run loop of one processor: events at boundaries, finding blocks, running them, delivering faults. The processor's
 * interface in front of it is {@link Processor}.
 */
public final class Engine {
	private static final int RECENT = 1 << 14;
	/** So many events in a row without an instruction between them are none of a guest that gets on. */
	private static final int BARREN_DELIVERIES = 1000;
	private static final long BRANCHES = CpuState.DEBUGCTL_LBR | CpuState.DEBUGCTL_BTF;

	private final Processor processor;
	private final CpuState state;
	private final long[] g;
	private final Mmu mmu;
	private final EventArbiter arbiter;
	private final Interpreter interpreter;
	private final Translator translator;
	private final BlockCache cache;
	/** By RIP: the blocks looked up last, valid in their epoch. */
	private final Block[] recent = new Block[RECENT];
	private @Nullable ExecutionObserver observer;
	/** Linear address of the marked instruction that may run; -1 for none. */
	private long passed = -1;
	private long hostDeadline = Long.MAX_VALUE;
	private long timerDeadline = Long.MAX_VALUE;
	private int flushesSeen;
	private long codeBase;
	private long codeLimit;
	private boolean jumped;
	/** Instructions retired when progress was looked for last, and deliveries when it was seen last. */
	private int deliveriesSeen;
	private long retiredSeen = -1;
	/** Exactly one instruction, or iteration, is being executed. */
	private boolean single;

	/** Makes the engine of a processor whose MMU and arbiter exist. */
	public Engine(Processor processor) {
		this.processor = processor;
		state = processor.state();
		g = state.general;
		mmu = processor.mmu();
		arbiter = processor.events();
		interpreter = new Interpreter(this, processor);
		translator = new Translator(mmu, processor.model());
		cache = new BlockCache(mmu.physical());
		Arrays.fill(recent, Block.NONE);
		Rehearsal.begin();
	}

	Interpreter interpreter() {
		return interpreter;
	}

	// ---- what Processor offers ----

	/** See {@link Processor#retired()}. */
	public long retired() {
		return interpreter.retired();
	}

	/** See {@link Processor#retire()}. */
	public void retire() {
		interpreter.retire(1);
	}

	/** Counts iterations of a repeated instruction. */
	void retire(long iterations) {
		interpreter.retire(iterations);
	}

	/** Whether a repeated instruction, which counts one iteration when it returns, is to return now. */
	boolean mustStopBetweenIterations() {
		return single || !arbiter.iterationsRunOn() || interpreter.retired() + 1 >= interpreter.deadline;
	}

	/** How many iterations of a repeated instruction may be done with nothing between them. */
	long iterationsAtOnce() {
		return single || !arbiter.iterationsRunOn() ? 1 : Math.max(1, interpreter.deadline - interpreter.retired());
	}

	/** See {@link Processor#setDeadline(long)}. */
	public void setDeadline(long retired) {
		hostDeadline = retired;
		interpreter.deadline = Math.min(hostDeadline, timerDeadline);
	}

	/** When the timer of a guest hypervisor's context is due, in retired instructions. */
	public void setTimerDeadline(long retired) {
		timerDeadline = retired;
		interpreter.deadline = Math.min(hostDeadline, timerDeadline);
	}

	/** Time has gone on without instructions. */
	public void bringDeadlinesNearer(long nanoseconds) {
		hostDeadline = nearer(hostDeadline, nanoseconds);
		timerDeadline = nearer(timerDeadline, nanoseconds);
		interpreter.deadline = Math.min(hostDeadline, timerDeadline);
	}

	private static long nearer(long deadline, long nanoseconds) {
		return deadline == Long.MAX_VALUE ? deadline : deadline - nanoseconds;
	}

	/** See {@link Processor#deadline()}. */
	public long deadline() {
		return hostDeadline;
	}

	/** See {@link Processor#nextRip()}. */
	public long nextRip() {
		return interpreter.nextRip();
	}

	/** See {@link Processor#instructionLength()}. */
	public int instructionLength() {
		return interpreter.instructionLength();
	}

	/** See {@link Processor#makeRipExact()}. */
	public void makeRipExact() {
		interpreter.makeRipExact();
	}

	/** See {@link Processor#jump(long)}. */
	public void jump(long rip) {
		state.rip = rip;
		jumped = true;
	}

	/** See {@link Processor#passMark()}. */
	public void passMark() {
		passed = state.linearRip();
	}

	/** See {@link Processor#observe}. Blocks that a mark lies in are made anew. */
	public void observe(@Nullable ExecutionObserver marks) {
		ExecutionObserver before = observer;
		observer = marks;
		for (int offset : ExecutionObserver.changedPageOffsets(before, marks)) {
			cache.dropAtPageOffset(offset);
		}
	}

	/** See {@link Processor#run()}. */
	public RunOutcome run() {
		Flags.set(g, state.rflags);
		mmu.privilegeChanged();
		try {
			return loop();
		} catch (VmExit exit) {
			abandon();
			return RunOutcome.VM_EXIT;
		} finally {
			interpreter.settle();
			settleFlags();
		}
	}

	/** See {@link Processor#emulateOne()}. */
	public RunOutcome emulateOne() {
		Flags.set(g, state.rflags);
		mmu.privilegeChanged();
		try {
			arbiter.instructionBegins();
			runOne(find(), true);
			settleFlags();
			arbiter.instructionCompleted();
			return arbiter.takeFaultOfNewTask() ? RunOutcome.FAULT : RunOutcome.EXECUTED;
		} catch (GuestFault fault) {
			if (interpreter.throughStackSegment()) {
				fault.throughStackSegment();
			}
			abandon();
			return RunOutcome.FAULT;
		} catch (FloatErrorFreeze freeze) {
			standStill();
			return RunOutcome.EXECUTED;
		} catch (VmExit exit) {
			return emulatedExit(exit);
		} finally {
			settleFlags();
		}
	}

	private RunOutcome emulatedExit(VmExit exit) {
		try {
			switchContext(exit);
			return RunOutcome.EXECUTED;
		} catch (VmExit out) {
			abandon();
			return RunOutcome.VM_EXIT;
		}
	}

	// ---- the loop ----

	/** Goes on through the switches between a guest hypervisor and its guest; a VmExit that leaves is the bottom's. */
	private RunOutcome loop() {
		for (;;) {
			try {
				return loopInContext();
			} catch (VmExit exit) {
				switchContext(exit);
			}
		}
	}

	/** Completes what an inner context's hook or entry has begun; throws what is the bottom's to see. */
	private void switchContext(VmExit signal) {
		for (VmExit next = signal; next != null;) {
			if (next == VmExit.SIGNAL) {
				throw next;
			}
			next = switchOnce(next);
		}
	}

	private @Nullable VmExit switchOnce(VmExit signal) {
		long entered = state.rip;
		interpreter.settle();
		if (signal == VmExit.INNER_ENTRY) {
			// The entry has loaded it.
			state.rip = entered;
		}
		ContextStack contexts = processor.contexts();
		try {
			if (signal == VmExit.INNER) {
				settleFlags();
				arbiter.abandonInstruction();
				contexts.leave();
			} else {
				interpreter.retire(1);
				InnerContext context = contexts.inner();
				if (context != null) {
					context.begin();
				}
			}
			return null;
		} catch (VmExit exit) {
			return exit;
		} finally {
			passed = -1;
			Flags.set(g, state.rflags);
			arbiter.innerContextSwitched();
		}
	}

	private RunOutcome loopInContext() {
		for (;;) {
			if (interpreter.retired() >= interpreter.deadline && !arbiter.hostInterruptAsserted()) {
				arbiter.assertHostInterrupt();
			}
			boolean one = false;
			if (arbiter.attention != 0) {
				settleFlags();
				lookForProgress();
				switch (arbiter.boundary()) {
					case HOST_INTERRUPT:
						return RunOutcome.HOST_INTERRUPT;
					case EXIT:
						// Nothing is in progress at a boundary.
						arbiter.abandonInstruction();
						return RunOutcome.VM_EXIT;
					case IDLE:
						return RunOutcome.HALTED;
					case SHUTDOWN:
						return RunOutcome.SHUTDOWN;
					case ONE_INSTRUCTION:
						one = true;
						break;
					case FREE:
						break;
				}
			}
			try {
				Block block = find();
				if (block.marked && stopsAt(block)) {
					return RunOutcome.OBSERVED;
				}
				if (one) {
					runOne(block, !arbiter.iterationsRunOn());
				} else {
					runFreely(block);
				}
				passed = -1;
				if (one || arbiter.attention != 0) {
					settleFlags();
					arbiter.instructionCompleted();
				}
			} catch (GuestFault fault) {
				deliver(fault);
			} catch (FloatErrorFreeze freeze) {
				standStill();
			}
		}
	}

	/**
	 * A guest whose handlers fault at their first instruction retires nothing, so that its clock would stand still and no
	 * deadline would ever come: its deliveries count as time then, and the host has a look.
	 */
	private void lookForProgress() {
		long retired = interpreter.retired();
		int deliveries = arbiter.delivery.count();
		if (retired != retiredSeen) {
			retiredSeen = retired;
			deliveriesSeen = deliveries;
		} else if (deliveries - deliveriesSeen >= BARREN_DELIVERIES) {
			deliveriesSeen = deliveries;
			processor.setTimeStampCounter(processor.timeStampCounter() + BARREN_DELIVERIES);
			arbiter.assertHostInterrupt();
		}
	}

	/** See {@link Processor#reset()}. */
	public void reset() {
		retiredSeen = -1;
	}

	/** The instruction at RIP is tried again; time goes on. */
	private void standStill() {
		abandon();
		passed = -1;
		interpreter.retire(1);
	}

	private void deliver(GuestFault fault) {
		if (interpreter.throughStackSegment()) {
			fault.throughStackSegment();
		}
		interpreter.settle();
		settleFlags();
		passed = -1;
		lookForProgress();
		arbiter.deliverFault(fault);
	}

	private boolean stopsAt(Block block) {
		ExecutionObserver marks = observer;
		long linear = state.linearRip();
		return marks != null && linear != passed && marks.marks(linear, block.hostPhysical);
	}

	private void runFreely(Block block) {
		long left = interpreter.deadline - interpreter.retired();
		// A deadline in the past waits for a boundary where it can be taken; it limits nothing.
		interpreter.run(block, left <= 0 || block.count <= left ? block.count : (int) left, true);
	}

	private void runOne(Block block, boolean iteration) {
		single = iteration;
		long from = state.rip;
		try {
			interpreter.run(block, 1, false);
		} finally {
			single = false;
			interpreter.left = null;
		}
		if ((state.debugControl & BRANCHES) != 0) {
			noteBranch(block, from);
		}
	}

	/** Control is elsewhere than behind the instruction; a repeated one that stays where it is has not branched. */
	private void noteBranch(Block block, long from) {
		boolean repeats = state.rip == from && block.arguments.length > 0;
		if (!repeats && state.rip != (from + block.offsets[1] & block.sequentialMask)) {
			arbiter.branched(from);
		}
	}

	/** The instruction in progress has left by an exit or a fault that is not delivered here. */
	private void abandon() {
		interpreter.settle();
		settleFlags();
		arbiter.abandonInstruction();
	}

	/** Makes RFLAGS exact. */
	void settleFlags() {
		state.rflags = state.rflags & ~Flags.STATUS | Flags.get(g);
	}

	/** Runs a routine with exact RFLAGS; advances RIP unless it transferred control. */
	void callRoutine(Routine routine, Instruction instruction) {
		settleFlags();
		jumped = false;
		long next = interpreter.nextRip();
		routine.run(processor, instruction);
		Flags.set(g, state.rflags);
		if (!jumped) {
			state.rip = next;
		}
	}

	// ---- finding blocks ----

	private Block find() {
		long rip = state.rip;
		int key = ModeKey.of(state);
		boolean flat = (key & 3) == 2;
		long base = flat ? 0 : state.segments[CpuState.CS].base;
		long limit = flat ? -1 : state.segments[CpuState.CS].limit;
		Block before = interpreter.left;
		interpreter.left = null;
		if (mmu.tlb.flushes != flushesSeen || base != codeBase || limit != codeLimit) {
			flushesSeen = mmu.tlb.flushes;
			codeBase = base;
			codeLimit = limit;
			interpreter.epoch++;
			before = null;
		}
		int slot = slot(rip);
		Block block = recent[slot];
		if (block.rip != rip || block.epoch != interpreter.epoch || block.key != key) {
			block = lookUp(rip, key);
			recent[slot] = block;
		}
		if (before != null) {
			if (interpreter.leftByBranch) {
				before.branch = block;
			} else {
				before.sequential = block;
			}
		}
		return block;
	}

	private static int slot(long rip) {
		return (int) (rip ^ rip >>> 14) & RECENT - 1;
	}

	/**
	 * The block at RIP, where it may be entered without a look at anything else: the routine before it has left mode,
	 * segments and translations as they are, and the deadline is not within the block. Else null.
	 *
	 * @param before the key of the routine's own block
	 */
	@Nullable
	Block behindRoutine(int before) {
		long rip = state.rip;
		Block block = recent[slot(rip)];
		boolean stays = block.rip == rip && block.epoch == interpreter.epoch && block.key == before
				&& mmu.tlb.flushes == flushesSeen && interpreter.retired() + block.count <= interpreter.deadline
				&& ModeKey.of(state) == before;
		if (!stays || (before & 3) == 2) {
			return stays ? block : null;
		}
		SegmentState code = state.segments[CpuState.CS];
		return code.base == codeBase && code.limit == codeLimit ? block : null;
	}

	/** Where a block crosses the limit of CS: its first instruction alone, if that does not. */
	private Block lastWithinLimit(long rip, int key, long linear, long hostPhysical) {
		Block block = translator.translate(hostPhysical, key, linear, observer, 1);
		if (rip + block.length - 1 > codeLimit) {
			throw processor.fault().generalProtection(0);
		}
		block.rip = rip;
		block.epoch = Block.UNLINKED;
		return block;
	}

	private Block lookUp(long rip, int key) {
		long linear = state.linearRip();
		if (Long.compareUnsigned(rip, codeLimit) > 0) {
			throw processor.fault().generalProtection(0);
		}
		long hostPhysical = mmu.fetch(linear);
		Block block = cache.find(hostPhysical, key);
		if (block == null || block.secondPage >= 0 && block.secondPage != mmu.fetch((linear | 4095) + 1)) {
			if (block != null) {
				block.epoch = Block.DROPPED;
			}
			block = translator.translate(hostPhysical, key, linear, observer, Translator.MAXIMUM_INSTRUCTIONS);
			block.epoch = Block.UNLINKED;
			if (mmu.physical().bankAt(hostPhysical) != null) {
				cache.add(block);
			}
		}
		if (Long.compareUnsigned(rip + block.length - 1, codeLimit) > 0 && codeLimit != -1) {
			return lastWithinLimit(rip, key, linear, hostPhysical);
		}
		block.rip = rip;
		// A marked block is looked up each time, so that the mark costs nobody else a test.
		block.epoch = block.marked ? Block.UNLINKED : interpreter.epoch;
		return block;
	}
}
