/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The example project for the workspace: the sources of all samples as they lie in {@code guests}, their images, and
 * what is under {@code guests/project} (the project's description, launch configurations) at its top level.
 */
@SuppressWarnings("nls")
public final class ExampleProject {

	/** The project's name in the workspace; the same as in its {@code .project} file. */
	public static final String NAME = "hyperstep-samples";

	/** The list of the project's files, one to a line, relative to {@code guests}. */
	static final String LIST = "project/files.txt";

	private static final String TOP_LEVEL = "project/";

	private ExampleProject() {
	}

	/** The files of the project, relative to {@code guests}. */
	static List<String> files() throws IOException {
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(GuestFiles.open(LIST), StandardCharsets.UTF_8))) {
			return lines.lines().filter(line -> !line.isBlank()).toList();
		}
	}

	/** Writes the project into a directory, which is created if need be; files of the same name are replaced. */
	public static void writeTo(Path directory) throws IOException {
		for (String file : files()) {
			Path target = directory.resolve(placeInProject(file));
			Files.createDirectories(target.getParent());
			try (InputStream content = GuestFiles.open(file)) {
				Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
			}
		}
	}

	private static String placeInProject(String file) {
		return file.startsWith(TOP_LEVEL) ? file.substring(TOP_LEVEL.length()) : file;
	}
}
