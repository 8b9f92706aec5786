/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between bundles go one way, and the pure-Java bundles know nothing of Eclipse. */
@SuppressWarnings("nls")
class BundleArrowsTest {
	/** What each bundle may use of ours; a bundle that is not named here may not exist. */
	private static final Map<String, Set<String>> MAY_USE = Map.of("x86", Set.of(), "machine", Set.of("x86"),
			"hypervisor", Set.of("machine", "x86"), "symbols", Set.of(), "samples", Set.of(), "debug",
			Set.of("hypervisor", "machine", "x86", "symbols"), "cli",
			Set.of("debug", "hypervisor", "machine", "x86", "symbols", "samples", "selftest"), "selftest",
			Set.of("debug", "hypervisor", "machine", "x86", "symbols", "samples"), "dsf",
			Set.of("debug", "hypervisor", "machine", "x86", "symbols"), "ui",
			Set.of("dsf", "debug", "hypervisor", "machine", "x86", "symbols", "samples"));

	private static final Set<String> USE_ECLIPSE = Set.of("dsf", "ui");
	private static final String PREFIX = "org.hyperstep.";
	private static final Pattern NAMED_TYPE = Pattern
			.compile("\\b(org\\.(?:hyperstep|eclipse)(?:\\.[a-z0-9_]+)+)\\.[A-Z*]");

	private final Repository repository = new Repository();

	static List<String> bundles() throws IOException {
		return new Repository().names("bundles").stream().map(name -> name.substring(PREFIX.length())).toList();
	}

	@Test
	void everyBundleHasItsPlaceInThePicture() throws IOException {
		assertEquals(new TreeSet<>(MAY_USE.keySet()), new TreeSet<>(bundles()));
	}

	@ParameterizedTest
	@MethodSource("bundles")
	void manifestRequiresOnlyWhatTheArrowsAllow(String bundle) throws IOException {
		Set<String> ours = new TreeSet<>();
		for (String required : repository.listed("bundles", PREFIX + bundle, "Require-Bundle")) {
			if (required.startsWith(PREFIX)) {
				ours.add(required.substring(PREFIX.length()));
			} else {
				assertTrue(USE_ECLIPSE.contains(bundle), bundle + " requires " + required);
			}
		}
		ours.removeAll(MAY_USE.getOrDefault(bundle, Set.of()));
		assertEquals(Set.of(), ours, bundle + " requires what it may not use");
	}

	@ParameterizedTest
	@MethodSource("bundles")
	void sourcesNameOnlyWhatTheArrowsAllow(String bundle) throws IOException {
		List<String> violations = new ArrayList<>();
		for (Path file : repository.javaFiles("bundles/" + PREFIX + bundle + "/src")) {
			Matcher types = NAMED_TYPE.matcher(Repository.text(file).orElse(""));
			while (types.find()) {
				String used = String.valueOf(types.group(1));
				if (!mayName(bundle, used)) {
					violations.add(repository.relative(file) + ": " + used);
				}
			}
		}
		assertEquals(List.of(), violations);
	}

	private static boolean mayName(String bundle, String used) {
		if (used.startsWith(PREFIX)) {
			String other = used.substring(PREFIX.length()).split("\\.")[0];
			return other.equals(bundle) || MAY_USE.getOrDefault(bundle, Set.of()).contains(other);
		}
		return USE_ECLIPSE.contains(bundle) || used.equals("org.eclipse.jdt.annotation");
	}

	/** Whatever is not meant for others stands in a package whose name says so. */
	@ParameterizedTest
	@MethodSource("bundles")
	void everyPackageIsExportedOrInternal(String bundle) throws IOException {
		Set<String> hidden = new TreeSet<>(repository.packages(PREFIX + bundle));
		hidden.removeAll(repository.listed("bundles", PREFIX + bundle, "Export-Package"));
		hidden.removeIf(name -> name.contains(".internal"));
		boolean usedByAnother = MAY_USE.values().stream().anyMatch(uses -> uses.contains(bundle));
		assertEquals(Set.of(), usedByAnother ? hidden : Set.of());
	}

	@Test
	void theFeatureHoldsEveryBundleButTheCommandLineAndItsSelfTest() throws IOException {
		String feature = Repository.text(repository.root().resolve("features/org.hyperstep.feature/feature.xml"))
				.orElseThrow();
		Set<String> included = new TreeSet<>();
		Matcher plugins = Pattern.compile("<plugin id=\"org\\.hyperstep\\.(\\w+)\"").matcher(feature);
		while (plugins.find()) {
			included.add(String.valueOf(plugins.group(1)));
		}
		Set<String> expected = new TreeSet<>(bundles());
		expected.removeAll(Set.of("cli", "selftest"));
		assertEquals(expected, included);
	}

	/** {@code releng/unit} compiles without manifests; its table must draw the same arrows. */
	@Test
	void theUnitTestRunnerDrawsTheSameArrows() throws IOException {
		String script = Repository.text(repository.root().resolve("releng/unit")).orElseThrow();
		String table = script.substring(script.indexOf("bundles='") + 9,
				script.indexOf("'\n", script.indexOf("bundles='") + 9));
		for (String row : table.strip().split("\n")) {
			String[] words = row.strip().split("\\s+");
			Set<String> uses = new TreeSet<>(List.of(words));
			uses.remove(words[0]);
			assertEquals(new TreeSet<>(MAY_USE.getOrDefault(words[0], Set.of())), uses, words[0]);
		}
	}

	@Test
	void everyBundleHasItsTests() throws IOException {
		List<String> tests = repository.names("tests");
		for (String bundle : bundles()) {
			assertTrue(tests.contains(PREFIX + bundle + ".tests"), bundle + " has no tests");
			assertEquals(Set.of(PREFIX + bundle),
					repository.listed("tests", PREFIX + bundle + ".tests", "Fragment-Host"));
		}
	}
}
