/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.Symbol;
import org.hyperstep.symbols.SymbolFile;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.ElfSection;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.format.AttFormatter;
import org.hyperstep.x86.format.InstructionFormatter;
import org.hyperstep.x86.format.IntelFormatter;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hyperstep disassemble}: an ELF file's code as text. */
@SuppressWarnings("nls")
@Command(name = "disassemble", sortOptions = false, //
		description = "Disassembles the code of an ELF file or of a sample, in Intel's syntax.")
final class DisassembleCommand implements Callable<Integer> {
	private static final int BYTES_SHOWN = 11;

	private final Console console;

	@Parameters(paramLabel = "FILE", description = "an ELF file, or the name of a sample")
	private String file = "";

	@Option(names = "--att", description = "use AT&T's syntax")
	private boolean att;

	@Option(names = "--from", paramLabel = "SYMBOL", description = "begin at a symbol and end at the next one; without, all code")
	private String from = "";

	@Option(names = "--bits", paramLabel = "16|32|64", description = "size of the code (default: that of the file)")
	private int bits;

	DisassembleCommand(Console console) {
		this.console = console;
	}

	@Override
	public Integer call() throws UsageException {
		try (ImageArgument image = ImageArgument.find(file); PrintWriter out = console.text()) {
			SymbolFile symbols = SymbolFile.read(image.path());
			if (from.isEmpty()) {
				for (ElfSection section : symbols.elf().sections()) {
					if (section.isCode()) {
						out.println("section " + section.name());
						print(out, symbols, section.linear(), section.size());
					}
				}
			} else {
				Symbol symbol = symbols.symbol(from)
						.orElseThrow(() -> new UsageException(file + " has no symbol " + from));
				print(out, symbols, symbol.linear(), extent(symbols, symbol));
			}
			return ExitCode.OK.status();
		} catch (SymbolFileException e) {
			throw new UsageException(String.valueOf(e.getMessage()));
		}
	}

	/** A symbol without a size reaches to the next symbol, or to the end of its section. */
	private static long extent(SymbolFile symbols, Symbol symbol) throws UsageException {
		if (symbol.size() > 0) {
			return symbol.size();
		}
		for (ElfSection section : symbols.elf().sections()) {
			if (section.isCode() && section.contains(symbol.linear())) {
				long end = section.linear() + section.size();
				return symbols.symbols().stream().mapToLong(Symbol::linear)
						.filter(next -> next > symbol.linear() && next < end).min().orElse(end) - symbol.linear();
			}
		}
		throw new UsageException(symbol.name() + " is not code");
	}

	private CodeSize codeSize(SymbolFile symbols) throws UsageException {
		return switch (bits) {
			case 0 -> symbols.elf().is64() ? CodeSize.CODE64 : CodeSize.CODE32;
			case 16 -> CodeSize.CODE16;
			case 32 -> CodeSize.CODE32;
			case 64 -> CodeSize.CODE64;
			default -> throw new UsageException("--bits takes 16, 32 or 64");
		};
	}

	private void print(PrintWriter out, SymbolFile symbols, long start, long size)
			throws UsageException, SymbolFileException {
		InstructionFormatter formatter = att ? new AttFormatter() : new IntelFormatter();
		CodeSize codeSize = codeSize(symbols);
		byte[] code = symbols.elf().image(start, (int) size);
		String function = "";
		for (int at = 0; at < code.length;) {
			long linear = start + at;
			String name = symbols.symbolAt(linear).filter(symbol -> symbol.linear() == linear).map(Symbol::name)
					.orElse(function);
			if (!name.equals(function)) {
				out.println(String.format("%n%016x <%s>:", linear, name));
				function = name;
			}
			Instruction instruction = Decoder.decode(codeSize, code, at, code.length);
			int length = Math.max(1, Math.min(instruction.length(), code.length - at));
			out.println(String.format("%12x:  %-" + 3 * BYTES_SHOWN + "s %s", linear, hex(code, at, length),
					formatter.format(instruction, linear, address -> name(symbols, address))));
			at += length;
		}
		out.flush();
	}

	private static String hex(byte[] code, int at, int length) {
		StringBuilder text = new StringBuilder();
		for (int i = at; i < at + length; i++) {
			text.append(String.format("%02x ", code[i]));
		}
		return text.toString();
	}

	private static @Nullable String name(SymbolFile symbols, long address) {
		Optional<Symbol> found = symbols.symbolAt(address);
		if (found.isEmpty()) {
			return null;
		}
		long offset = address - found.get().linear();
		return offset == 0 ? found.get().name() : found.get().name() + "+0x" + Long.toHexString(offset);
	}
}
