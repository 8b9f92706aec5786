/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SourceFile;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;

/**
 * The header of a line number program, versions 2 to 5 (DWARF, "The Line Number Program Header"). Immutable.
 *
 * @param format of the program's values
 * @param program offset of its first opcode in {@code .debug_line}
 * @param end offset after it
 * @param minimumInstructionLength bytes
 * @param maximumOperations per instruction, 1 except on VLIW machines
 * @param defaultIsStatement default_is_stmt
 * @param lineBase line_base
 * @param lineRange line_range
 * @param opcodeLengths standard_opcode_lengths by opcode; its length is opcode_base
 * @param firstFile number of the first file: 0 from version 5 on, else 1
 * @param files in the order of their numbers
 * @param compilationDirectory of the unit
 * @param directories in the order of their numbers
 */
@SuppressWarnings("nls")
record LineHeader(UnitFormat format, int program, int end, int minimumInstructionLength, int maximumOperations,
		boolean defaultIsStatement,
		int lineBase, int lineRange, int[] opcodeLengths, int firstFile, List<SourceFile> files,
		String compilationDirectory,
		List<String> directories) {

	/** The directory with that number; {@code at} is where the number stands. */
	String directory(long number, Cursor at) throws SymbolFileException {
		return directory(directories, number, at);
	}

	private static String directory(List<String> directories, long index, Cursor at) throws SymbolFileException {
		if (index < 0 || index >= directories.size()) {
			throw at.failure("directory %d is not one of the %d in the table".formatted(index, directories.size()));
		}
		return directories.get((int) index);
	}

	/** Reads headers of one file. */
	record Reader(DebugSections sections, SourceFileNames names, int addressSize) {

		/**
		 * @param offset of the program in {@code .debug_line}
		 * @param unit that refers to it, or null
		 */
		LineHeader read(int offset, @Nullable Unit unit) throws SymbolFileException {
			Cursor section = sections.line().cursor(offset);
			InitialLength length = InitialLength.read(section);
			Cursor in = sections.line().cursor(section.offset(), length.end());
			int version = in.u16();
			if (version < 2 || version > 5) {
				throw in.failure("line number program of version " + version + " is not supported");
			}
			int size = unit == null ? addressSize : unit.format().addressSize();
			if (version >= 5) {
				size = in.u8();
				in.skip(1);
			}
			UnitFormat format = new UnitFormat(version, length.dwarf64(), size);
			long headerLength = in.unsigned(format.offsetSize());
			if (headerLength < 0 || headerLength > in.remaining()) {
				throw in.failure("header of 0x%x bytes does not fit into the program".formatted(headerLength));
			}
			return fields(in, format, in.offset() + (int) headerLength, unit);
		}

		private LineHeader fields(Cursor in, UnitFormat format, int program, @Nullable Unit unit)
				throws SymbolFileException {
			int minimum = in.u8();
			int operations = format.version() >= 4 ? in.u8() : 1;
			boolean statement = in.u8() != 0;
			int lineBase = in.s8();
			int lineRange = in.u8();
			int[] lengths = new int[in.u8()];
			if (operations == 0 || lineRange == 0 || lengths.length == 0) {
				throw in.failure("maximum operations, line range and opcode base must not be 0");
			}
			for (int opcode = 1; opcode < lengths.length; opcode++) {
				lengths[opcode] = in.u8();
			}
			String directory = unit == null ? "" : unit.bases().compilationDirectory();
			List<SourceFile> files = new ArrayList<>();
			List<String> directories = new ArrayList<>();
			if (format.version() >= 5) {
				new EntryTables(format, unit, in).read(directory, directories, files);
			} else {
				oldTables(in, directory, directories, files);
			}
			if (in.offset() > program) {
				throw in.failure("the file table runs beyond the header's length");
			}
			return new LineHeader(format, program, in.end(), minimum, operations, statement, lineBase, lineRange,
					lengths,
					format.version() >= 5 ? 0 : 1, List.copyOf(files), directory, List.copyOf(directories));
		}

		/** DWARF 4, "The Line Number Program Header", include_directories and file_names. */
		private void oldTables(Cursor in, String compilationDirectory, List<String> directories, List<SourceFile> files)
				throws SymbolFileException {
			directories.add("");
			for (String name = in.string(); !name.isEmpty(); name = in.string()) {
				directories.add(name);
			}
			for (String name = in.string(); !name.isEmpty(); name = in.string()) {
				String directory = directory(directories, in.uleb(), in);
				in.uleb(); // time of last modification
				in.uleb(); // length in bytes
				files.add(names.file(compilationDirectory, directory, name, in));
			}
		}

		/** The tables of version 5, whose entries describe their own format. */
		private final class EntryTables {
			private static final int DW_LNCT_PATH = 1;
			private static final int DW_LNCT_DIRECTORY_INDEX = 2;

			private final UnitFormat format;
			private final @Nullable Unit unit;
			private final Cursor in;

			EntryTables(UnitFormat format, @Nullable Unit unit, Cursor in) {
				this.format = format;
				this.unit = unit;
				this.in = in;
			}

			void read(String unitDirectory, List<String> directories, List<SourceFile> files)
					throws SymbolFileException {
				table((path, directory) -> directories.add(path));
				String first = directories.isEmpty() ? "" : directories.get(0);
				String compilationDirectory = unitDirectory.isEmpty() ? first : unitDirectory;
				table((path, index) -> {
					String directory = index == 0 && directories.isEmpty() ? "" : directory(directories, index, in);
					boolean own = index == 0 && directory.equals(first);
					files.add(
							names.file(compilationDirectory, own && !first.startsWith("/") ? "" : directory, path, in));
				});
			}

			private interface Entry {
				void found(String path, long directory) throws SymbolFileException;
			}

			private void table(Entry entry) throws SymbolFileException {
				int formats = in.u8();
				long[] content = new long[formats];
				Form[] forms = new Form[formats];
				for (int i = 0; i < formats; i++) {
					content[i] = in.uleb();
					forms[i] = Form.of(in.uleb(), in);
				}
				long count = in.uleb();
				// every entry takes at least one byte, so a count beyond that is damage and must not be looped over
				if (count < 0 || count > in.remaining() || count > 0 && formats == 0) {
					throw in.failure("a table of %d entries does not fit".formatted(count));
				}
				for (long i = 0; i < count; i++) {
					entry(content, forms, entry);
				}
			}

			private void entry(long[] content, Form[] forms, Entry entry) throws SymbolFileException {
				String path = null;
				long directory = 0;
				for (int f = 0; f < forms.length; f++) {
					long value = forms[f].read(in, format);
					if (content[f] == DW_LNCT_PATH) {
						path = string(forms[f], value);
					} else if (content[f] == DW_LNCT_DIRECTORY_INDEX) {
						directory = value;
					}
				}
				entry.found(path == null ? "" : path, directory);
			}

			private @Nullable String string(Form form, long value) throws SymbolFileException {
				return switch (form.meaning) {
					case STRING -> names.string(sections.line(), value, in);
					case LINE_STR_OFFSET -> names.string(sections.lineStr(), value, in);
					case STR_OFFSET -> names.string(sections.str(), value, in);
					case STRING_INDEX -> indexedString(form, value);
					default -> throw in.failure("a path of form " + form);
				};
			}

			private @Nullable String indexedString(Form form, long value) throws SymbolFileException {
				String text = unit == null ? null : unit.string(form, value);
				return text == null ? null : names.charged(text, in);
			}
		}
	}
}
