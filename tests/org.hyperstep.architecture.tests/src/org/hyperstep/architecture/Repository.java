/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.jdt.annotation.Nullable;

/** The checkout that is under test, without what builds leave in it. The build names it in {@code hyperstep.root}. */
@SuppressWarnings("nls")
final class Repository {
	/** Directories that hold no sources: version control, build output, private settings of tools. */
	private static final Set<String> LEFT_OUT = Set.of(".git", "target", "bin", ".settings", ".metadata");

	private static final Pattern CLAUSE = Pattern.compile("(?:[^,\"]|\"[^\"]*\")+");

	private final Path root;

	Repository() {
		String property = System.getProperty("hyperstep.root");
		if (property == null) {
			throw new IllegalStateException("the property hyperstep.root does not name the checkout");
		}
		root = Path.of(property);
	}

	Path root() {
		return root;
	}

	/** The names in a directory of the checkout, sorted. */
	List<String> names(String directory) throws IOException {
		try (Stream<Path> entries = Files.list(root.resolve(directory))) {
			return entries.filter(Files::isDirectory).map(entry -> String.valueOf(entry.getFileName()))
					.filter(name -> name.startsWith("org.hyperstep.")).sorted().toList();
		}
	}

	/** All files under some directories of the checkout. */
	List<Path> files(String... directories) throws IOException {
		List<Path> files = new ArrayList<>();
		for (String directory : directories) {
			Files.walkFileTree(root.resolve(directory), new SimpleFileVisitor<>() {
				@Override
				public FileVisitResult preVisitDirectory(@Nullable Path path,
						@Nullable BasicFileAttributes attributes) {
					return path != null && LEFT_OUT.contains(String.valueOf(path.getFileName()))
							? FileVisitResult.SKIP_SUBTREE
							: FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(@Nullable Path path, @Nullable BasicFileAttributes attributes) {
					if (path != null) {
						files.add(path);
					}
					return FileVisitResult.CONTINUE;
				}
			});
		}
		return files;
	}

	List<Path> javaFiles(String... directories) throws IOException {
		return files(directories).stream().filter(file -> file.toString().endsWith(".java")).toList();
	}

	/** A file's text, or nothing when it is not text. */
	static Optional<String> text(Path file) throws IOException {
		byte[] bytes = Files.readAllBytes(file);
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
			return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
		} catch (CharacterCodingException e) {
			return Optional.empty();
		}
	}

	String relative(Path file) {
		return root.relativize(file).toString();
	}

	private String header(String directory, String bundle, String name) throws IOException {
		try (InputStream in = Files
				.newInputStream(root.resolve(directory).resolve(bundle).resolve("META-INF/MANIFEST.MF"))) {
			String value = new Manifest(in).getMainAttributes().getValue(name);
			return value == null ? "" : value;
		}
	}

	/** The names in a header such as Require-Bundle or Export-Package, without their versions and directives. */
	Set<String> listed(String directory, String bundle, String header) throws IOException {
		Set<String> names = new TreeSet<>();
		CLAUSE.matcher(header(directory, bundle, header)).results().map(MatchResult::group)
				.forEach(clause -> names.add(clause.split(";")[0].strip()));
		return names;
	}

	/** The packages that a bundle's sources declare. */
	Set<String> packages(String bundle) throws IOException {
		Path sources = root.resolve("bundles").resolve(bundle).resolve("src");
		Set<String> packages = new TreeSet<>();
		for (Path file : javaFiles("bundles/" + bundle + "/src")) {
			packages.add(String.valueOf(sources.relativize(file).getParent()).replace('/', '.'));
		}
		return packages;
	}
}
