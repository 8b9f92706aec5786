/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.RCX;
import static org.hyperstep.x86.state.CpuState.RDI;
import static org.hyperstep.x86.state.CpuState.RDX;
import static org.hyperstep.x86.state.CpuState.RSI;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Repeat;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;

/**
 * The string instructions. Each iteration is complete before the next begins: registers, flags and the count of retired
 * instructions are exact between any two, where interrupts, traps and deadlines are taken. Pages are copied and filled
 * at once where nothing can come between.
 */
public final class StringUnit {
	private final Processor processor;
	private final Engine engine;
	private final CpuState state;
	private final long[] g;
	private final Mmu mmu;
	private final BlockTransfer transfer;

	// The instruction in progress
	private int size;
	private long addressMask;
	private long step;
	private int source;
	/** Where the comparison that stopped between iterations goes on if nothing comes between, and its flags before. */
	private long resumesAt = -1, resumesAtRip, flagsBefore;

	/** Makes the string unit of a processor. */
	public StringUnit(Processor processor, Engine engine) {
		this.processor = processor;
		this.engine = engine;
		state = processor.state();
		g = state.general;
		mmu = processor.mmu();
		transfer = new BlockTransfer(mmu);
	}

	/** Executes an iteration, or as many as are due before something else is. */
	public void execute(Instruction i) {
		size = i.operandSize() / 8;
		addressMask = i.addressSize() == 64 ? -1 : i.addressSize() == 32 ? 0xffff_ffffL : 0xffff;
		step = (state.rflags & CpuState.DF) != 0 ? -size : size;
		source = sourceSegment(i);
		if (i.repeat() == Repeat.NONE) {
			iterate(i);
		} else if ((g[RCX] & addressMask) == 0) {
			requirePortOfNone(i);
		} else if (i.mnemonic() == Mnemonic.CMPS || i.mnemonic() == Mnemonic.SCAS) {
			compareRepeatedly(i);
		} else {
			repeat(i);
		}
	}

	/**
	 * A fault in an iteration gives the flags back that there were before the whole instruction ("REP/REPE/REPZ"), of
	 * which a stop between iterations is no end.
	 */
	private void compareRepeatedly(Instruction i) {
		if (processor.retired() != resumesAt || state.rip != resumesAtRip) {
			flagsBefore = state.rflags;
		}
		try {
			repeat(i);
		} catch (GuestFault fault) {
			Flags.set(g, flagsBefore);
			throw fault;
		}
	}

	private void repeat(Instruction i) {
		while ((g[RCX] & addressMask) != 0) {
			boolean goesOn = fast(i) || continues(i, iterate(i));
			if (!goesOn || (g[RCX] & addressMask) == 0) {
				return;
			}
			if (engine.mustStopBetweenIterations()) {
				processor.events().betweenIterations();
				resumesAt = processor.retired() + 1;
				resumesAtRip = state.rip;
				processor.jump(state.rip);
				return;
			}
			engine.retire();
		}
	}

	/** Counts down, and tests ZF where the prefix does; false if the repetition ends by it. */
	private boolean continues(Instruction i, boolean zero) {
		count(1);
		return switch (i.mnemonic()) {
			case CMPS, SCAS -> zero == (i.repeat() == Repeat.REP);
			default -> true;
		};
	}

	private void count(long iterations) {
		setMasked(RCX, (g[RCX] & addressMask) - iterations);
	}

	private void setMasked(int register, long value) {
		g[register] = addressMask == 0xffff ? g[register] & ~0xffffL | value & 0xffff : value & addressMask;
	}

	private static int sourceSegment(Instruction i) {
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Mem mem && mem.overridden()) {
				return mem.segment().number();
			}
		}
		return CpuState.DS;
	}

	// ---- one iteration ----

	/** Returns ZF of comparisons. */
	private boolean iterate(Instruction i) {
		switch (i.mnemonic()) {
			case MOVS -> move();
			case STOS -> store();
			case LODS -> load();
			case SCAS -> {
				return compare(g[RAX], mmu.read(destination(false), size), false);
			}
			case CMPS -> {
				long first = mmu.read(sourceAddress(), size);
				return compare(first, mmu.read(destination(false), size), true);
			}
			case INS -> input(i);
			case OUTS -> output(i);
			default -> throw new IllegalStateException(i.toString());
		}
		return false;
	}

	private long sourceAddress() {
		return processor.segments().linear(source, g[RSI] & addressMask, size, false);
	}

	private long destination(boolean write) {
		return processor.segments().linear(CpuState.ES, g[RDI] & addressMask, size, write);
	}

	private void advance(int register) {
		setMasked(register, g[register] + step);
	}

	private void move() {
		long value = mmu.read(sourceAddress(), size);
		mmu.write(destination(true), size, value);
		advance(RSI);
		advance(RDI);
	}

	private void store() {
		mmu.write(destination(true), size, g[RAX]);
		advance(RDI);
	}

	private void load() {
		g[RAX] = RegisterWidth.merge(size * 8, g[RAX], mmu.read(sourceAddress(), size));
		advance(RSI);
	}

	private boolean compare(long first, long second, boolean both) {
		int bits = size * 8;
		long difference = first - second;
		long borrows = ~first & second | (~first | second) & difference;
		g[Slots.RESULT] = RegisterWidth.signed(bits, difference);
		g[Slots.CARRIES] = bits == 64 ? borrows & Flags.KEPT_CARRIES : borrows << 64 - bits | borrows & 8;
		engine.settleFlags();
		if (both) {
			advance(RSI);
		}
		advance(RDI);
		return g[Slots.RESULT] == 0;
	}

	/** Processors look at the permission of the port before they count: without an iteration, too. */
	private void requirePortOfNone(Instruction i) {
		if (i.mnemonic() == Mnemonic.INS || i.mnemonic() == Mnemonic.OUTS) {
			processor.system().privilegedInstructions.requirePort(port(), size);
		}
	}

	private int port() {
		return (int) g[RDX] & 0xffff;
	}

	private void input(Instruction i) {
		int port = port();
		processor.system().privilegedInstructions.requirePort(port, size);
		long linear = destination(true);
		processor.interception().port(port, size, true, true, i.repeat() != Repeat.NONE, false, i.addressSize(),
				CpuState.ES, linear);
		mmu.prepareWrite(linear, size);
		mmu.breakpoints.notePort(port, size);
		mmu.write(linear, size, processor.ports().read(port, size));
		advance(RDI);
	}

	private void output(Instruction i) {
		int port = port();
		processor.system().privilegedInstructions.requirePort(port, size);
		long linear = sourceAddress();
		processor.interception().port(port, size, false, true, i.repeat() != Repeat.NONE, false, i.addressSize(),
				source, linear);
		long value = mmu.read(linear, size);
		mmu.breakpoints.notePort(port, size);
		processor.ports().write(port, size, (int) value);
		advance(RSI);
	}

	// ---- many iterations at once ----

	/** MOVS and STOS upwards within pages of RAM that the TLB holds. False if nothing was done. */
	private boolean fast(Instruction i) {
		if (step < 0 || !flat(CpuState.ES)) {
			return false;
		}
		long most = Math.min(g[RCX] & addressMask, engine.iterationsAtOnce());
		if (most < 2) {
			return false;
		}
		long base = state.in64BitMode() ? 0 : state.segments[CpuState.ES].base;
		long to = base + (g[RDI] & addressMask);
		long done = switch (i.mnemonic()) {
			case STOS -> transfer.fill(to, g[RAX], size, most);
			case MOVS ->
				flat(source) ? transfer.copy(processor.segments().linear(source, g[RSI] & addressMask, 1, false),
						to, size, most) : 0;
			default -> 0;
		};
		if (done == 0) {
			return false;
		}
		setMasked(RDI, g[RDI] + done * size);
		if (i.mnemonic() == Mnemonic.MOVS) {
			setMasked(RSI, g[RSI] + done * size);
		}
		count(done);
		engine.retire(done - 1);
		return true;
	}

	/** Whether the limit of the segment cannot be met: the checks of the first byte hold for the page. */
	private boolean flat(int segment) {
		return state.in64BitMode() || addressMask == 0xffff_ffffL && state.segments[segment].limit == 0xffff_ffffL
				&& state.segments[segment].base == 0 && writableData(segment);
	}

	private boolean writableData(int segment) {
		return (state.segments[segment].accessRights & 0x1009e) == 0x92;
	}
}
