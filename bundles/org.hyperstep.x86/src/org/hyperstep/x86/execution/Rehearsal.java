/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;

/**
 * Has the interpreter execute every micro-operation, both ways where it has two, on a processor of its own before a
 * guest does. HotSpot's compiler leaves out what a method has never done, and throws all of the compiled method away
 * when that happens after all; the interpreter's one large method would go through that many times while a kernel
 * boots, a second of the compiler's time each. A guest is in no way concerned: nothing is shared but the profile.
 */
final class Rehearsal {
	private static final AtomicBoolean HELD = new AtomicBoolean();
	private static final int BLOCKS = 64, ROWS = 32, SEED = 1;
	private static final long RAM = 0x4000;
	/** So many runs, of so many instructions each: the compilers' first stage, which counts, is reached after some 200. */
	private static final int RUNS = 4000, INSTRUCTIONS = 500;
	private static final Routine NOTHING = (processor, instruction) -> {
		// being called is all
	};
	/** Slots that rows write: registers but RSP, and temporaries. */
	private static final int[] DESTINATIONS = { 0, 1, 2, 3, 5, 6, 7, 8, 9, Slots.TEMPORARY, Slots.TEMPORARY + 1 };

	private static final Instruction NOP = Decoder.decode(CodeSize.CODE64, new byte[] { (byte) 0x90 }, 0, 1);

	private final Random random = new Random(SEED);
	private final BlockBuilder builder;
	private final Processor processor;
	private final Engine engine;
	private final Interpreter interpreter;
	private final Block[] blocks = new Block[BLOCKS];

	private Rehearsal() {
		PhysicalMemory memory = new PhysicalMemory();
		memory.addRam(0, RAM);
		ProcessorModel model = ProcessorModel.intel(0, 1);
		processor = new Processor(model, memory);
		engine = new Engine(processor);
		interpreter = engine.interpreter();
		builder = new BlockBuilder(model);
	}

	/** Begins the rehearsal beside the caller, once in the life of the Java virtual machine. */
	static void begin() {
		if (HELD.compareAndSet(false, true)) {
			Thread thread = new Thread(() -> new Rehearsal().hold(), "Hyperstep rehearsal"); //$NON-NLS-1$
			thread.setDaemon(true);
			thread.start();
		}
	}

	/** For tests: all of it at once. */
	static void holdNow() {
		new Rehearsal().hold();
	}

	private void hold() {
		for (int i = 0; i < BLOCKS; i++) {
			blocks[i] = block(i);
		}
		for (Block block : blocks) {
			block.branch = any();
			block.sequential = any();
		}
		for (int i = 0; i < RUNS; i++) {
			run();
		}
	}

	private Block any() {
		return blocks[random.nextInt(BLOCKS)];
	}

	private void run() {
		Block first = any();
		processor.state().rip = 0;
		interpreter.deadline = interpreter.retired() + INSTRUCTIONS;
		interpreter.run(first, random.nextInt(8) == 0 ? random.nextInt(first.count) : first.count, true);
	}

	/** A block that stands at RIP 0 and is of no length, so that any block can follow any. */
	private Block block(int number) {
		builder.begin(0, 0);
		builder.begin(NOP, 0);
		builder.put(MicroOp.MOVE_64, CpuState.RSP, 0, Slots.ZERO, 0, 0, RAM / 2);
		for (int i = 0; i < ROWS; i++) {
			builder.begin(NOP, 0);
			row(MicroOp.CALL_INLINE + 1 + random.nextInt(MicroOp.FIRST_RARE - MicroOp.CALL_INLINE));
		}
		builder.begin(NOP, 0);
		last(number % (MicroOp.CALL_INLINE + 1));
		builder.finish();
		Block block = new Block(builder, false, -1);
		block.epoch = interpreter.epoch;
		return block;
	}

	private int destination() {
		return DESTINATIONS[random.nextInt(DESTINATIONS.length)];
	}

	private void row(int operation) {
		boolean memory = operation >= MicroOp.LOAD_8 && operation <= MicroOp.STORE_64;
		if (memory) {
			builder.put(operation, destination(), Slots.ZERO, Slots.ZERO, 0, 0, random.nextInt((int) RAM - 8));
		} else if (operation == MicroOp.PUSH_64 || operation == MicroOp.POP_64) {
			builder.put(operation, destination(), destination(), CpuState.RSP, 0, 0, 0);
		} else if (operation >= MicroOp.SHL_32 && operation <= MicroOp.SAR_64) {
			builder.put(operation, destination(), destination(), Slots.ZERO, 0, 0, 1 + random.nextInt(31));
		} else if (operation == MicroOp.INC_32 || operation == MicroOp.DEC_64) {
			builder.put(operation, destination(), destination(), Slots.ZERO, 0, 0, 1);
		} else if (operation >= MicroOp.CMOVCC_16 && operation <= MicroOp.SETCC) {
			builder.put(operation, destination(), Slots.RESULT, destination(), 0, 0, random.nextInt(16));
		} else if (operation == MicroOp.FIRST_RARE) {
			builder.put(MicroOp.SHL + random.nextInt(5), destination(), destination(), destination(), 0, 2, 0);
		} else {
			builder.put(operation, destination(), destination(), random.nextBoolean() ? destination() : Slots.ZERO,
					operation <= MicroOp.ADDRESS_64 ? random.nextInt(4) : 0, random.nextInt(6) & 3, random.nextInt());
		}
	}

	/** Ends the block. */
	private void last(int operation) {
		if (operation == MicroOp.END) {
			return;
		}
		if (operation == MicroOp.CALL) {
			builder.call(NOTHING);
		} else if (operation == MicroOp.CALL_INLINE) {
			builder.callInline(NOTHING);
		} else if (operation >= MicroOp.JUMP_INDIRECT) {
			indirect(operation);
		} else if (operation >= MicroOp.JUMP_IF_ZERO) {
			builder.branchIf(operation, random.nextBoolean() ? destination() : Slots.ZERO, 0, 64);
		} else {
			builder.branch(operation, 0, 64);
		}
	}

	private void indirect(int operation) {
		switch (operation) {
			case MicroOp.JUMP_INDIRECT -> builder.branchTo(Slots.ZERO, 64);
			case MicroOp.CALL_RELATIVE -> builder.call(0);
			case MicroOp.CALL_INDIRECT -> builder.callTo(Slots.ZERO);
			default -> {
				builder.put(MicroOp.PUSH_64, 0, Slots.ZERO, CpuState.RSP, 0, 0, 0);
				builder.ret(0);
			}
		}
	}
}
