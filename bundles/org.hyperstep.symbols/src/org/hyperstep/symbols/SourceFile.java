/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A source file that a line table names.
 *
 * @param compilationDirectory where the compiler ran, possibly empty
 * @param name as compiled: absolute, or relative to {@code compilationDirectory}
 */
@SuppressWarnings("nls")
public record SourceFile(String compilationDirectory, String name) {

	/** {@code name} made absolute by the compilation directory, with {@code .} and {@code ..} resolved, separated by slashes. */
	public String path() {
		boolean absolute = isAbsolute(name) || compilationDirectory.isEmpty();
		return normalize(absolute ? name : compilationDirectory + "/" + name);
	}

	/**
	 * Whether {@code wanted} means this file: its name as compiled, its whole path, or the last components of either.
	 */
	public boolean matches(String wanted) {
		String normal = normalize(wanted);
		if (normal.isEmpty()) {
			return false;
		}
		String path = path();
		return name.equals(wanted) || path.equals(normal) || !isAbsolute(normal) && path.endsWith("/" + normal);
	}

	private static boolean isAbsolute(String path) {
		return path.startsWith("/") || path.startsWith("\\") || path.length() > 1 && path.charAt(1) == ':';
	}

	private static String normalize(String path) {
		String slashed = path.replace('\\', '/');
		Deque<String> parts = new ArrayDeque<>();
		boolean rooted = slashed.startsWith("/");
		for (String part : slashed.split("/")) {
			if (part.equals("..") && (rooted || !parts.isEmpty() && !"..".equals(parts.peekLast()))) {
				parts.pollLast();
			} else if (!part.isEmpty() && !part.equals(".")) {
				parts.addLast(part);
			}
		}
		return (rooted ? "/" : "") + String.join("/", parts);
	}
}
