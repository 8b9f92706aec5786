/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.nio.file.Path;

/** A file could not be read as an ELF file with symbols. The message names the file, the place in it and what is wrong there. */
@SuppressWarnings("nls")
public final class SymbolFileException extends Exception {
	private static final long serialVersionUID = 1L;

	private final transient Path file;
	private final String place;
	private final long offset;
	private final String reason;

	/**
	 * @param file the file read
	 * @param place the part of the file, such as {@code .debug_line} or {@code ELF header}
	 * @param offset byte offset inside that part
	 * @param reason what is wrong there
	 */
	public SymbolFileException(Path file, String place, long offset, String reason) {
		super("%s: %s at offset 0x%x: %s".formatted(file, place, offset, reason));
		this.file = file;
		this.place = place;
		this.offset = offset;
		this.reason = reason;
	}

	/** A failure of the host rather than of the file's contents. */
	public SymbolFileException(Path file, String reason, Throwable cause) {
		super("%s: %s".formatted(file, reason), cause);
		this.file = file;
		this.place = "file";
		this.offset = 0;
		this.reason = reason;
	}

	public Path file() {
		return file;
	}

	/** The section or table in which {@link #offset()} counts. */
	public String place() {
		return place;
	}

	/** Bytes from the start of {@link #place()}. */
	public long offset() {
		return offset;
	}

	public String reason() {
		return reason;
	}
}
