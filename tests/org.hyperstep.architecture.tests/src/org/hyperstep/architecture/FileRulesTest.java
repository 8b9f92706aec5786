/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** What may and what must stand in a file of the repository. */
@SuppressWarnings("nls")
class FileRulesTest {
	private static final String HEADER = "/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */\n";
	private static final String[] EVERYWHERE = { "bundles", "features", "releng", "target-platform", "tests", ".mvn",
			".ci" };
	/** This package names what it forbids. */
	private static final String OWN_SOURCES = "tests/org.hyperstep.architecture.tests/";

	private static final Set<String> TOP_LEVEL = Set.of("pom.xml", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
			"CHANGELOG.md", "LICENSE", "bundles", "features", "releng", "target-platform", "tests", ".mvn", ".ci",
			".git",
			".gitignore", ".gitattributes", "target");

	private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");
	/** Directories of one person's machine; a path that every machine has, such as /usr/lib, is none. */
	private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.$}*/-])/(?:home|root|Users|work)/\\w");
	private static final Pattern REGISTRY = Pattern
			.compile(
					"repo1?\\.maven\\.(?:apache\\.)?org|deb\\.debian\\.org|snapshot\\.debian\\.org|registry\\.npmjs|pypi\\.org|central\\.sonatype");
	private static final Pattern VAGUE_CLASS = Pattern.compile("\\w*(?:Utils?|Manager|Helper)\\.java");
	private static final Pattern SLEEP = Pattern.compile("Thread\\s*\\.\\s*sleep\\s*\\(");

	private final Repository repository = new Repository();

	@Test
	void theTopLevelHoldsWhatTheArchitectureNames() throws IOException {
		Set<String> others = new TreeSet<>();
		try (Stream<Path> entries = Files.list(repository.root())) {
			entries.forEach(entry -> others.add(String.valueOf(entry.getFileName())));
		}
		others.removeAll(TOP_LEVEL);
		assertEquals(Set.of(), others);
	}

	@Test
	void everyJavaFileBeginsWithTheLicence() throws IOException {
		assertNone(repository.javaFiles(EVERYWHERE), text -> !text.stripLeading().startsWith(HEADER));
	}

	@Test
	void everyPackageIsNonNullByDefault() throws IOException {
		Set<Path> packages = new TreeSet<>();
		for (Path file : repository.javaFiles("bundles", "tests")) {
			packages.add(file.resolveSibling("package-info.java"));
		}
		List<String> lacking = new ArrayList<>();
		for (Path description : packages) {
			Path described = Files.exists(description) ? description : inHost(description);
			if (!Files.exists(described) || !Repository.text(described).orElse("").contains("NonNullByDefault")) {
				lacking.add(repository.relative(description));
			}
		}
		assertEquals(List.of(), lacking);
	}

	/** A test fragment shares its packages, and what is said about them, with the bundle that it is a fragment of. */
	private Path inHost(Path description) throws IOException {
		Path module = repository.root().relativize(description).subpath(0, 2);
		if (!module.startsWith("tests")) {
			return description;
		}
		String fragment = String.valueOf(module.getFileName());
		String host = String.join("", repository.listed("tests", fragment, "Fragment-Host"));
		return repository.root().resolve("bundles").resolve(host)
				.resolve(repository.root().resolve(module).relativize(description));
	}

	@Test
	void nothingIsMarkedAsUnfinished() throws IOException {
		assertNone(texts(), text -> UNFINISHED.matcher(text).find());
	}

	@Test
	void noFileNamesAMachinesDirectories() throws IOException {
		assertNone(texts(), text -> MACHINE_PATH.matcher(text).find());
	}

	@Test
	void noFileNamesAPackageRegistry() throws IOException {
		assertNone(texts(), text -> REGISTRY.matcher(text).find());
	}

	@Test
	void classNamesSayWhatTheClassIs() throws IOException {
		assertEquals(List.of(), repository.javaFiles("bundles", "tests").stream()
				.filter(file -> VAGUE_CLASS.matcher(String.valueOf(file.getFileName())).matches())
				.map(repository::relative).toList());
	}

	@Test
	void testsWaitForConditionsAndNeverSleep() throws IOException {
		assertNone(repository.javaFiles("tests"), text -> SLEEP.matcher(text).find());
	}

	@Test
	void shellScriptsAreExecutable() throws IOException {
		List<String> lacking = new ArrayList<>();
		for (Path file : repository.files("releng", ".ci")) {
			if (Repository.text(file).orElse("").startsWith("#!") && !Files.isExecutable(file)) {
				lacking.add(repository.relative(file));
			}
		}
		assertEquals(List.of(), lacking);
	}

	private List<Path> texts() throws IOException {
		List<Path> files = new ArrayList<>(repository.files(EVERYWHERE));
		try (Stream<Path> entries = Files.list(repository.root())) {
			entries.filter(Files::isRegularFile).forEach(files::add);
		}
		files.removeIf(file -> repository.relative(file).startsWith(OWN_SOURCES));
		return files;
	}

	private void assertNone(List<Path> files, Predicate<String> violates) throws IOException {
		List<String> violations = new ArrayList<>();
		for (Path file : files) {
			if (Repository.text(file).filter(violates).isPresent()) {
				violations.add(repository.relative(file));
			}
		}
		assertEquals(List.of(), violations);
	}
}
