/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

import org.hyperstep.symbols.SourceFile;

/**
 * Finds the file that the compiler read among those that lie on this machine, and the other way round. Sources are seldom
 * where they were compiled; what stays the same is the end of their path.
 */
final class CompiledFiles {
	private static final String SEPARATOR = "/"; //$NON-NLS-1$

	private CompiledFiles() {
	}

	/**
	 * The compiler's path of a file here: the one that has most of its last segments, and its name at least. Empty where
	 * the image has no such file.
	 */
	static Optional<String> pathOf(Collection<SourceFile> compiled, String here) {
		String[] wanted = segments(here);
		return compiled.stream().map(SourceFile::path).filter(path -> common(segments(path), wanted) > 0)
				.max(Comparator.comparingInt((String path) -> common(segments(path), wanted))
						.thenComparing(Comparator.comparingInt(String::length).reversed())
						.thenComparing(Comparator.reverseOrder()));
	}

	private static String[] segments(String path) {
		return path.replace('\\', '/').split(SEPARATOR);
	}

	private static int common(String[] one, String[] other) {
		int count = 0;
		while (count < one.length && count < other.length
				&& one[one.length - 1 - count].equals(other[other.length - 1 - count])) {
			count++;
		}
		return count;
	}
}
