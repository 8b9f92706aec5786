/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.DisassembledInstruction;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.Target;
import org.hyperstep.symbols.Symbol;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.format.AttFormatter;
import org.hyperstep.x86.format.FormattedInstruction;
import org.hyperstep.x86.format.InstructionFormatter;
import org.hyperstep.x86.format.IntelFormatter;

/** Disassembles guest memory with symbols. On the engine's thread. */
final class Disassembly {
	private final Machinery machinery;
	private final int cpu;
	private final CodeSize codeSize;
	private final InstructionFormatter formatter;

	Disassembly(Machinery machinery, int cpu, Target.Syntax syntax) {
		this.machinery = machinery;
		this.cpu = cpu;
		this.codeSize = machinery.backEnd.codeSize(cpu);
		this.formatter = syntax == Target.Syntax.INTEL ? new IntelFormatter() : new AttFormatter();
	}

	/** So many instructions from an address on, fewer where memory ends. */
	List<DisassembledInstruction> from(long linear, int instructions) {
		byte[] code = new byte[Math.min(instructions, 4096) * Decoder.MAXIMUM_LENGTH];
		int length = machinery.backEnd.readMemory(cpu, MemorySpace.LINEAR, linear, code, 0, code.length);
		List<DisassembledInstruction> lines = new ArrayList<>();
		for (int at = 0; at < length && lines.size() < instructions;) {
			DisassembledInstruction line = line(code, at, length, linear + at);
			lines.add(line);
			at += line.bytes().length;
		}
		return List.copyOf(lines);
	}

	private DisassembledInstruction line(byte[] code, int at, int limit, long linear) {
		Instruction instruction = Decoder.decode(codeSize, code, at, limit);
		byte[] bytes = Arrays.copyOfRange(code, at, Math.min(limit, at + Math.max(1, instruction.length())));
		FormattedInstruction text = formatter.parts(instruction, linear, this::name);
		Optional<Symbol> symbol = machinery.symbols.symbolAt(linear);
		return new DisassembledInstruction(linear, bytes, text.mnemonic(), operands(text),
				symbol.map(Symbol::name).orElse(""), symbol.map(s -> linear - s.linear()).orElse(0L)); //$NON-NLS-1$
	}

	private static String operands(FormattedInstruction text) {
		return text.comment().isEmpty() ? text.operands() : text.operands() + " # " + text.comment(); //$NON-NLS-1$
	}

	private @Nullable String name(long linear) {
		Optional<Symbol> found = machinery.symbols.symbolAt(linear);
		return found.isPresent() ? SymbolText.of(found.get(), linear) : null;
	}
}
