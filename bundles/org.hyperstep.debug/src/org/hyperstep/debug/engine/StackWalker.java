/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.StackFrame;
import org.hyperstep.symbols.FunctionRange;
import org.hyperstep.symbols.Symbol;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;

/**
 * Walks a stack by frame pointers. Where the frame pointer does not yet, or no longer, belong to the function (its first
 * instructions, its RET) the code tells where the return address is; a function that an IDT gate names is left by the
 * interrupt frame that the processor pushed.
 */
final class StackWalker {
	/** What is known of a frame. */
	record Position(long linear, long rsp, long rbp) {
	}

	private static final int LONGEST_PROLOGUE = 64;
	private static final int LONGEST_FRAMELESS = 4096;
	private static final long NOWHERE = -1;
	private final Machinery machinery;
	private final int cpu;
	private final CodeSize codeSize;
	private final int wordSize;
	private final InterruptGates gates;

	StackWalker(Machinery machinery, int cpu) {
		this.machinery = machinery;
		this.cpu = cpu;
		this.codeSize = machinery.backEnd.codeSize(cpu);
		this.wordSize = codeSize.bits() / 8;
		this.gates = InterruptGates.read(machinery, cpu);
	}

	/** The innermost frame. */
	Position innermost() {
		return new Position(machinery.rip(cpu), machinery.rsp(cpu), machinery.rbp(cpu));
	}

	/** All frames, the innermost first, at most so many. */
	List<StackFrame> walk(int maximum) {
		List<StackFrame> frames = new ArrayList<>();
		Position position = innermost();
		while (position != null && frames.size() < maximum) {
			frames.add(frame(frames.size(), position));
			position = caller(position);
		}
		return List.copyOf(frames);
	}

	private StackFrame frame(int level, Position position) {
		long linear = position.linear();
		// A return address may stand behind a call that is the last instruction of its line or function.
		long inside = level == 0 ? linear : linear - 1;
		Optional<Symbol> symbol = machinery.symbols.symbolAt(inside);
		String function = symbol.map(s -> SymbolText.of(s, linear)).orElse(""); //$NON-NLS-1$
		return new StackFrame(level, linear, position.rbp(), function, machinery.symbols.sourceAt(inside));
	}

	/** The frame that called this one, with its stack pointer after the return; null where the stack ends. */
	@Nullable
	Position caller(Position callee) {
		long start = functionStart(callee.linear());
		Entry entry = entry(start, callee);
		int vector = gates.vectorOf(start);
		if (vector >= 0) {
			long frame = entry.rsp() + gates.errorCodeSize(vector);
			return plausible(new Position(word(frame), word(frame + 3L * wordSize), entry.rbp()), callee);
		}
		return plausible(new Position(word(entry.rsp()), entry.rsp() + wordSize, entry.rbp()), callee);
	}

	/** The stack pointer and the frame pointer as they were when a function was entered. */
	private record Entry(long rsp, long rbp) {
	}

	private Entry entry(long start, Position here) {
		Mnemonic next = machinery.instructionAt(cpu, here.linear()).mnemonic();
		if (next == Mnemonic.RET || next == Mnemonic.IRET) {
			return new Entry(here.rsp(), here.rbp());
		}
		long established = frameEstablished(start, here.linear());
		if (established == NOWHERE) {
			return new Entry(here.rsp() + pushed(start, here.linear()), here.rbp());
		}
		return new Entry(here.rbp() + pushed(start, established), word(here.rbp()));
	}

	private @Nullable Position plausible(Position caller, Position callee) {
		boolean known = machinery.symbols.symbolAt(caller.linear() - 1).isPresent();
		boolean outward = Long.compareUnsigned(caller.rsp(), callee.rsp()) > 0
				|| gates.vectorOf(functionStart(callee.linear())) >= 0;
		return caller.linear() != 0 && known && outward ? caller : null;
	}

	private long functionStart(long linear) {
		return machinery.symbols.functionAt(linear).map(FunctionRange::low)
				.or(() -> machinery.symbols.symbolAt(linear).map(Symbol::linear)).orElse(linear);
	}

	/** The instruction between the function's start and here that has made RBP its frame pointer, or nowhere. */
	private long frameEstablished(long start, long linear) {
		long at = start;
		while (Long.compareUnsigned(at, linear) < 0 && at - start < LONGEST_PROLOGUE) {
			Instruction instruction = machinery.instructionAt(cpu, at);
			if (setsFramePointer(instruction)) {
				return at;
			}
			at += Math.max(1, instruction.length());
		}
		return NOWHERE;
	}

	private static boolean setsFramePointer(Instruction instruction) {
		return instruction.mnemonic() == Mnemonic.MOV
				&& instruction.operand(0) instanceof Operand.Reg to && isGeneral(to.register(), 5)
				&& instruction.operand(1) instanceof Operand.Reg from && isGeneral(from.register(), 4);
	}

	private static boolean isGeneral(Register register, int number) {
		return register.number() == number
				&& (register.kind() == Register.Kind.GPR64 || register.kind() == Register.Kind.GPR32);
	}

	/** Bytes that the straight code from the function's start to here has pushed. */
	private long pushed(long start, long linear) {
		long bytes = 0;
		long at = start;
		while (Long.compareUnsigned(at, linear) < 0 && at - start < LONGEST_FRAMELESS) {
			Instruction instruction = machinery.instructionAt(cpu, at);
			bytes += switch (instruction.mnemonic()) {
				case PUSH -> wordSize;
				case POP -> -wordSize;
				case SUB, ADD -> adjustment(instruction);
				default -> 0;
			};
			at += Math.max(1, instruction.length());
		}
		return bytes;
	}

	private static long adjustment(Instruction instruction) {
		if (instruction.operand(0) instanceof Operand.Reg to && isGeneral(to.register(), 4)
				&& instruction.operand(1) instanceof Operand.Imm amount) {
			return instruction.mnemonic() == Mnemonic.SUB ? amount.value() : -amount.value();
		}
		return 0;
	}

	private long word(long linear) {
		byte[] bytes = new byte[8];
		if (machinery.backEnd.readMemory(cpu, MemorySpace.LINEAR, linear, bytes, 0, wordSize) < wordSize) {
			return 0;
		}
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
	}
}
