/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.symbols.SourceFile;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;
import org.hyperstep.symbols.elf.ElfFile;

/** Runs a line number program (DWARF, "The Line Number Program"). For one thread; used once. */
@SuppressWarnings("nls")
final class LineProgram {
	private final ElfFile file;
	private final LineHeader header;
	private final Cursor in;
	private final SourceFileNames names;
	private final List<SourceFile> files;
	private final LineTable.Builder table = new LineTable.Builder();

	private long address;
	private int operation;
	private long fileNumber;
	private int line;
	private long column;
	private boolean statement;
	private boolean prologueEnd;

	private LineProgram(ElfFile file, LineHeader.Reader reader, LineHeader header) throws SymbolFileException {
		this.file = file;
		this.header = header;
		names = reader.names();
		files = new ArrayList<>(header.files());
		in = reader.sections().line().cursor(header.program(), header.end());
		reset();
	}

	static LineTable run(ElfFile file, LineHeader.Reader reader, LineHeader header) throws SymbolFileException {
		LineProgram program = new LineProgram(file, reader, header);
		while (program.in.remaining() > 0) {
			program.step();
		}
		if (program.table.isSequenceOpen()) {
			throw program.in.failure("the line number program ends inside a sequence");
		}
		return program.table.build(header.firstFile(), program.files);
	}

	/** DWARF, "State Machine Registers". */
	private void reset() {
		address = 0;
		operation = 0;
		fileNumber = 1;
		line = 1;
		column = 0;
		statement = header.defaultIsStatement();
		prologueEnd = false;
	}

	private void step() throws SymbolFileException {
		int opcode = in.u8();
		if (opcode >= header.opcodeLengths().length) {
			int adjusted = opcode - header.opcodeLengths().length;
			advance(adjusted / header.lineRange());
			line += header.lineBase() + adjusted % header.lineRange();
			row(0);
		} else if (opcode == 0) {
			extended();
		} else {
			standard(opcode);
		}
	}

	private void advance(long operations) {
		long total = operation + operations;
		address += header.minimumInstructionLength() * Long.divideUnsigned(total, header.maximumOperations());
		operation = (int) Long.remainderUnsigned(total, header.maximumOperations());
	}

	private void row(int flags) {
		int all = flags | (statement ? LineTable.STATEMENT : 0) | (prologueEnd ? LineTable.PROLOGUE_END : 0);
		table.row(address, line, (int) Math.min(fileNumber & Long.MAX_VALUE, Integer.MAX_VALUE), column, all);
		prologueEnd = false;
	}

	/** DWARF, "Standard Opcodes". */
	private void standard(int opcode) throws SymbolFileException {
		switch (opcode) {
			case 1 -> row(0); // DW_LNS_copy
			case 2 -> advance(in.uleb()); // DW_LNS_advance_pc
			case 3 -> line += (int) in.sleb(); // DW_LNS_advance_line
			case 4 -> fileNumber = in.uleb(); // DW_LNS_set_file
			case 5 -> column = in.uleb(); // DW_LNS_set_column
			case 6 -> statement = !statement; // DW_LNS_negate_stmt
			case 8 -> advance((255 - header.opcodeLengths().length) / header.lineRange()); // DW_LNS_const_add_pc
			case 9 -> { // DW_LNS_fixed_advance_pc
				address += in.u16();
				operation = 0;
			}
			case 10 -> prologueEnd = true; // DW_LNS_set_prologue_end
			case 7, 11 -> {
				// DW_LNS_set_basic_block and DW_LNS_set_epilogue_begin are of no use to a debugger that stops by statement
			}
			default -> { // DW_LNS_set_isa, and what later versions may add
				for (int i = 0; i < header.opcodeLengths()[opcode]; i++) {
					in.uleb();
				}
			}
		}
	}

	/** DWARF, "Extended Opcodes". */
	private void extended() throws SymbolFileException {
		long length = in.uleb();
		if (length <= 0 || length > in.remaining()) {
			throw in.failure("an extended opcode of 0x%x bytes".formatted(length));
		}
		int end = in.offset() + (int) length;
		int opcode = in.u8();
		switch (opcode) {
			case 1 -> { // DW_LNE_end_sequence
				row(LineTable.END_SEQUENCE);
				if (!table.endSequence(file.isCode(table.sequenceStart()))) {
					throw in.failure("a sequence ends at a lower address than one of its rows has");
				}
				reset();
			}
			case 2 -> { // DW_LNE_set_address
				address = in.unsigned((int) length - 1);
				operation = 0;
			}
			case 3 -> { // DW_LNE_define_file
				String name = in.string();
				files.add(names.file(header.compilationDirectory(), header.directory(in.uleb(), in), name, in));
			}
			default -> {
				// DW_LNE_set_discriminator and the extensions of vendors say nothing about lines
			}
		}
		in.seek(end);
	}
}
