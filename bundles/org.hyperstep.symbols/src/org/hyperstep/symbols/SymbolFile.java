/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.dwarf.DebugInformation;
import org.hyperstep.symbols.elf.ElfFile;
import org.hyperstep.symbols.elf.SymbolTable;

/**
 * The symbols, functions and source lines of a linked x86 ELF file (32 or 64 bit) with or without DWARF 2 to 5.
 *
 * <p>
 * Addresses are linear and unsigned. Immutable and safe for all threads; queries may take the time to read a unit's debug
 * information when they first come to it, up to seconds for queries by file or function name on a file of hundreds of megabytes, so
 * they do not belong into a user interface thread. No query throws: where the debug information is damaged they find nothing, and
 * {@link #problems()} says why.
 */
@SuppressWarnings("nls")
public final class SymbolFile {
	private static final byte[] ELF_MAGIC = { 0x7f, 'E', 'L', 'F' };

	private final ElfFile elf;
	private final SymbolTable table;
	private final DebugInformation debug;
	private final long slide;

	private SymbolFile(ElfFile elf, SymbolTable table, DebugInformation debug, long slide) {
		this.elf = elf;
		this.table = table;
		this.debug = debug;
		this.slide = slide;
	}

	/**
	 * Reads headers and symbols and indexes the units of the debug information.
	 *
	 * @throws SymbolFileException if the file cannot be read, is not a linked x86 ELF file, or is damaged in what was read
	 */
	public static SymbolFile read(Path path) throws SymbolFileException {
		try {
			return of(ElfFile.read(path));
		} catch (InternalError e) {
			// what a mapped buffer throws when the file has become shorter since it was mapped
			throw new SymbolFileException(path, "the file changed while it was being read", e);
		}
	}

	/**
	 * For a file that may be no ELF file at all, such as a flat image: as {@link #read} if it is one, else without a single
	 * symbol.
	 */
	public static SymbolFile readIfElf(Path path) throws SymbolFileException {
		try (InputStream file = Files.newInputStream(path)) {
			if (Arrays.equals(file.readNBytes(ELF_MAGIC.length), ELF_MAGIC)) {
				return read(path);
			}
		} catch (IOException e) {
			throw new SymbolFileException(path, "the file cannot be read", e);
		}
		ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
		header.put(ELF_MAGIC).put((byte) 2).put((byte) 1).put((byte) 1);
		header.putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1).putShort(52, (short) 64);
		return of(path, header.array());
	}

	/** As {@link #read} for a file that is in memory; {@code name} only names it in messages. */
	public static SymbolFile of(Path name, byte[] bytes) throws SymbolFileException {
		return of(ElfFile.of(name, bytes));
	}

	private static SymbolFile of(ElfFile elf) throws SymbolFileException {
		return new SymbolFile(elf, SymbolTable.read(elf), DebugInformation.read(elf), 0);
	}

	public Path path() {
		return elf.path();
	}

	/** The file's own headers, sections and notes; its addresses are not {@linkplain #rebased moved}. */
	public ElfFile elf() {
		return elf;
	}

	/** This file as loaded {@code slide} bytes above (modulo 2^64) where this object has it. What has been read is shared. */
	public SymbolFile rebased(long by) {
		return new SymbolFile(elf, table, debug, slide + by);
	}

	/** How far the file is {@linkplain #rebased moved} from the addresses that it was linked for. */
	public long slide() {
		return slide;
	}

	/** The symbol of that name; of several the global one before weak and local ones, functions before data and labels. */
	public Optional<Symbol> symbol(String name) {
		return moved(table.named(name));
	}

	/**
	 * The innermost function that contains {@code linear}; if none does, the nearest function or label before it in the same section.
	 * Empty where the file has no code.
	 */
	public Optional<Symbol> symbolAt(long linear) {
		return moved(table.at(linear - slide));
	}

	private Optional<Symbol> moved(@Nullable Symbol symbol) {
		return symbol == null ? Optional.empty() : Optional.of(move(symbol));
	}

	private Symbol move(Symbol symbol) {
		boolean address = symbol.kind() != Symbol.Kind.CONSTANT && symbol.kind() != Symbol.Kind.THREAD_LOCAL;
		return slide == 0 || !address ? symbol
				: new Symbol(symbol.name(), symbol.linear() + slide, symbol.size(), symbol.kind());
	}

	/** All defined symbols in the order of their addresses. */
	public List<Symbol> symbols() {
		return new SymbolList();
	}

	/** Makes the symbols when they are asked for: a kernel has some hundred thousand. */
	private final class SymbolList extends AbstractList<Symbol> implements RandomAccess {
		@Override
		public Symbol get(int index) {
			return move(table.get(index));
		}

		@Override
		public int size() {
			return table.count();
		}
	}

	/** The source position of the instruction that contains {@code linear}. */
	public Optional<SourceLocation> sourceAt(long linear) {
		SourceLocation location = debug.lines().at(linear - slide);
		return location == null ? Optional.empty() : Optional.of(location);
	}

	/**
	 * Every line table row for a line, by address.
	 *
	 * @param file as compiled, as absolute path, or the last components of either
	 * @param line from 1
	 */
	public List<LineEntry> linesOf(String file, int line) {
		return debug.lines().of(file, line).stream().map(entry -> entry.moved(slide)).toList();
	}

	/** The consecutive addresses of the source statement that contains {@code linear}: stepping by line runs until they are left. */
	public Optional<AddressRange> lineRange(long linear) {
		AddressRange range = debug.lines().statementAt(linear - slide);
		return range == null ? Optional.empty() : Optional.of(range.moved(slide));
	}

	/** Every source file that a line table names. */
	public List<SourceFile> sourceFiles() {
		return List.copyOf(debug.lines().files());
	}

	/** The function that contains {@code linear}, from the debug information or else from a symbol with a size. */
	public Optional<FunctionRange> functionAt(long linear) {
		FunctionRange found = function(linear - slide);
		return found == null ? Optional.empty() : Optional.of(found.moved(slide));
	}

	private @Nullable FunctionRange function(long linked) {
		Symbol symbol = table.at(linked);
		FunctionRange found = debug.functions().at(linked);
		if (found == null) {
			return symbol == null || !symbol.contains(linked) ? null : ofSymbol(symbol, symbol.size());
		}
		return found.name().isEmpty() && symbol != null ? new FunctionRange(symbol.name(), found.low(), found.ranges())
				: found;
	}

	private static FunctionRange ofSymbol(Symbol symbol, long size) {
		return new FunctionRange(symbol.name(), symbol.linear(),
				List.of(new AddressRange(symbol.linear(), symbol.linear() + size)));
	}

	/** The expansions of inlined functions that {@code linear} is in, innermost first. */
	public List<InlinedFunction> inlinedAt(long linear) {
		return debug.functions().inlinedAt(linear - slide).stream().map(inlined -> inlined.moved(slide)).toList();
	}

	/**
	 * Where a breakpoint on a line goes: the first statement of the line, or of the next line that has code, in each function and each
	 * expansion of an inlined function that has it. Ascending; empty if no such line of the file has code.
	 *
	 * @param file as in {@link #linesOf}
	 * @param line from 1
	 */
	public long[] breakpointAddresses(String file, int line) {
		return debug.lines().breakpoints(file, line).stream().mapToLong(linear -> linear.longValue() + slide).toArray();
	}

	/**
	 * Where a breakpoint on a function goes so that its frame and arguments are in place: the row that the compiler marked as the end of
	 * the prologue; else, in a function that sets up a frame pointer, the second address of its line table; else its first instruction.
	 * Empty if there is no such function.
	 */
	public Optional<Long> afterPrologue(String function) {
		FunctionRange found = named(function);
		return found == null ? Optional.empty() : Optional.of(Long.valueOf(afterPrologue(found) + slide));
	}

	private @Nullable FunctionRange named(String name) {
		Symbol symbol = table.named(name);
		if (symbol == null || !elf.isCode(symbol.linear())) {
			return debug.functions().named(name);
		}
		FunctionRange found = debug.functions().at(symbol.linear());
		boolean same = found != null && found.low() == symbol.linear();
		long size = symbol.size() != 0 ? symbol.size() : table.next(symbol.linear()) - symbol.linear();
		return same ? found : ofSymbol(symbol, size);
	}

	private long afterPrologue(FunctionRange function) {
		List<LineEntry> rows = debug.lines().between(function.low(), function.high());
		for (LineEntry row : rows) {
			if (row.prologueEnd()) {
				return row.linear();
			}
		}
		int length = frameSetUp(function.low());
		if (length == 0) {
			return function.low();
		}
		for (LineEntry row : rows) {
			if (row.statement() && row.linear() != function.low()) {
				return row.linear();
			}
		}
		return rows.isEmpty() ? function.low() + length : function.low();
	}

	private int frameSetUp(long linear) {
		try {
			return Prologue.length(elf.image(linear, Prologue.LONGEST));
		} catch (SymbolFileException | InternalError e) {
			// without the bytes of the function nothing is known about its beginning
			return 0;
		}
	}

	/** What was found to be wrong with the debug information so far; see {@link #checkAll()}. */
	public List<SymbolFileException> problems() {
		return debug.problems();
	}

	/**
	 * Reads all debug information.
	 *
	 * @throws SymbolFileException the first of the {@link #problems()}
	 */
	public void checkAll() throws SymbolFileException {
		debug.readAll();
		List<SymbolFileException> problems = debug.problems();
		if (!problems.isEmpty()) {
			throw problems.get(0);
		}
	}
}
