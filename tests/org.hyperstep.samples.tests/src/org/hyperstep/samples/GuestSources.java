/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The folder of the guests' sources in the checkout that the tests run in. */
@SuppressWarnings("nls")
final class GuestSources {

	private static final String GUESTS = "bundles/org.hyperstep.samples/guests";

	private GuestSources() {
	}

	/** Searched for upwards from the working directory. */
	static Path directory() {
		for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
			Path candidate = at.resolve(GUESTS);
			if (Files.isRegularFile(candidate.resolve("Makefile"))) {
				return candidate;
			}
		}
		throw new IllegalStateException("the tests run outside of a checkout: no " + GUESTS + " above "
				+ Path.of("").toAbsolutePath());
	}

	/** All of its files, relative to it, but for the list of them. */
	static SortedSet<String> files() throws IOException {
		Path directory = directory();
		try (Stream<Path> tree = Files.walk(directory)) {
			SortedSet<String> files = new TreeSet<>();
			tree.filter(Files::isRegularFile).map(file -> directory.relativize(file).toString().replace('\\', '/'))
					.filter(file -> !file.equals(ExampleProject.LIST)).forEach(files::add);
			return files;
		}
	}

	/** The first line of what a program of the host says, if it can be run. */
	static Optional<String> firstLineOf(Path workDirectory, String... command) {
		try {
			return HostCommand.run(workDirectory, java.util.List.of(command)).lines().findFirst();
		} catch (IOException e) {
			return Optional.empty();
		}
	}
}
