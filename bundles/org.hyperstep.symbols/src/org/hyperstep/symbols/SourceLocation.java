/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

/**
 * A place in a source file.
 *
 * @param compilationDirectory where the compiler ran, possibly empty
 * @param file as compiled: absolute, or relative to {@code compilationDirectory}
 * @param line from 1
 * @param column from 1, or 0 if unknown
 */
public record SourceLocation(String compilationDirectory, String file, int line, int column) {

	public SourceFile sourceFile() {
		return new SourceFile(compilationDirectory, file);
	}

	/** The file's absolute path as far as the compiler recorded it, see {@link SourceFile#path()}. */
	public String path() {
		return sourceFile().path();
	}
}
