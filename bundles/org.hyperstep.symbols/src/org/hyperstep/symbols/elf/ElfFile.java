/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.hyperstep.symbols.SymbolFileException;

/**
 * A linked x86 ELF file, 32 or 64 bit. Immutable and safe for all threads; it holds no open file.
 */
@SuppressWarnings("nls")
public final class ElfFile {
	/** Up to this size a file is copied, so that rebuilding it cannot pull the bytes away under a running session. */
	private static final long COPIED_UP_TO = 16L << 20;

	private final Path path;
	private final ElfHeader header;
	private final ElfTables tables;
	private final List<ElfSection> sections;
	private final List<ElfSegment> segments;
	private final RangeIndex code;

	private ElfFile(Contents file) throws SymbolFileException {
		path = file.file();
		header = ElfHeader.read(file);
		tables = new ElfTables(file, header);
		sections = tables.sections();
		segments = tables.segments();
		code = code(sections, segments);
	}

	/** Reads the header and the tables; sections are read when asked for. */
	public static ElfFile read(Path path) throws SymbolFileException {
		return new ElfFile(new Contents(path, "ELF file", load(path)));
	}

	/** Reads an ELF file that is in memory already; {@code path} only names it in messages. */
	public static ElfFile of(Path path, byte[] bytes) throws SymbolFileException {
		return new ElfFile(new Contents(path, "ELF file", ByteBuffer.wrap(bytes)));
	}

	private static ByteBuffer load(Path path) throws SymbolFileException {
		if (Files.isDirectory(path)) {
			throw new SymbolFileException(path, "ELF file", 0, "is a directory");
		}
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			long size = channel.size();
			if (size > Integer.MAX_VALUE) {
				throw new SymbolFileException(path, "ELF file", size, "files of 2 GiB or more are not supported");
			}
			return size <= COPIED_UP_TO ? copy(channel, (int) size)
					: channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
		} catch (NoSuchFileException e) {
			throw new SymbolFileException(path, "no such file", e);
		} catch (IOException e) {
			throw new SymbolFileException(path, "cannot be read: " + e, e);
		}
	}

	private static ByteBuffer copy(FileChannel channel, int size) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(size);
		while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
			// a read may deliver less than asked for
		}
		return bytes.flip();
	}

	public Path path() {
		return path;
	}

	public ElfHeader header() {
		return header;
	}

	public boolean is64() {
		return header.is64();
	}

	public List<ElfSection> sections() {
		return sections;
	}

	public List<ElfSegment> segments() {
		return segments;
	}

	/** The first section of that name. */
	public Optional<ElfSection> section(String name) {
		return sections.stream().filter(s -> s.name().equals(name)).findFirst();
	}

	/** The section's bytes, decompressed if need be; none for SHT_NOBITS. */
	public Contents contents(ElfSection section) throws SymbolFileException {
		Contents bytes = tables.bytes(section, section.name());
		if (bytes.isEmpty()) {
			return bytes;
		}
		if ((section.flags() & ElfSection.SHF_COMPRESSED) != 0) {
			return SectionCompression.inflateSection(bytes, is64());
		}
		return section.name().startsWith(".zdebug_") ? SectionCompression.inflateGnu(bytes) : bytes;
	}

	/** The debug section called {@code .debug_} plus {@code name}, in whichever form it is there; empty if it is not. */
	public Contents debugSection(String name) throws SymbolFileException {
		Optional<ElfSection> section = section(".debug_" + name).or(() -> section(".zdebug_" + name));
		return section.isPresent() ? contents(section.get()) : Contents.absent(path, ".debug_" + name);
	}

	/** The parts that are loaded as instructions: sections or, in a file without them, segments. Owners are section indices. */
	private static RangeIndex code(List<ElfSection> sections, List<ElfSegment> segments) {
		RangeIndex.Builder ranges = new RangeIndex.Builder();
		sections.stream().filter(ElfSection::isCode)
				.forEach(s -> ranges.add(s.linear(), s.linear() + s.size(), s.index()));
		if (ranges.isEmpty()) {
			segments.stream().filter(ElfSegment::isCode)
					.forEach(s -> ranges.add(s.linear(), s.linear() + s.memorySize(), 0));
		}
		return ranges.build();
	}

	/** Whether {@code linear} lies in a part of the file that is loaded as instructions. */
	public boolean isCode(long linear) {
		return codeSection(linear) >= 0;
	}

	/** Index of the section whose instructions are loaded at {@code linear}, 0 in a file without sections, -1 if there are none. */
	public int codeSection(long linear) {
		return code.innermost(linear);
	}

	/** Up to {@code count} bytes of the file's image at {@code linear}; fewer at the end of a section, none outside. */
	public byte[] image(long linear, int count) throws SymbolFileException {
		for (ElfSection section : sections) {
			if (section.contains(linear) && section.type() != ElfSection.SHT_NOBITS) {
				Cursor in = tables.bytes(section, section.name()).cursor(linear - section.linear());
				return in.take(Math.min(count, in.remaining()));
			}
		}
		return new byte[0];
	}

	/** All notes, of the note sections or, in a file without sections, of the note segments. */
	public List<ElfNote> notes() throws SymbolFileException {
		List<ElfNote> notes = new ArrayList<>();
		for (ElfSection section : sections) {
			if (section.type() == ElfSection.SHT_NOTE) {
				readNotes(contents(section), section.alignment(), notes);
			}
		}
		if (sections.isEmpty()) {
			for (ElfSegment segment : segments) {
				if (segment.type() == ElfSegment.PT_NOTE) {
					readNotes(tables.range("note segment", segment.offset(), segment.fileSize()), segment.alignment(),
							notes);
				}
			}
		}
		return List.copyOf(notes);
	}

	private static void readNotes(Contents contents, long alignment, List<ElfNote> notes) throws SymbolFileException {
		int align = alignment == 8 ? 8 : 4;
		Cursor in = contents.cursor(0);
		while (in.remaining() >= 12) {
			long ownerSize = in.u32();
			long descriptorSize = in.u32();
			long type = in.u32();
			int owner = in.offset();
			in.skip(ownerSize);
			String name = ownerSize == 0 ? "" : contents.cursor(owner, in.offset()).string();
			align(in, align);
			byte[] descriptor = in.take((int) Math.min(descriptorSize, Integer.MAX_VALUE));
			align(in, align);
			notes.add(new ElfNote(name, type, descriptor));
		}
	}

	private static void align(Cursor in, int align) throws SymbolFileException {
		in.skip(Math.min(in.remaining(), -in.offset() & align - 1));
	}
}
