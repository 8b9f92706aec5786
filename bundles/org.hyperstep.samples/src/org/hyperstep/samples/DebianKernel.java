/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel of Debian's package {@code linux-image-amd64} as an uncompressed ELF file with a PVH entry. It is taken
 * with the system's own apt, which must know the package; no privileges are needed, and nothing is installed.
 */
@SuppressWarnings("nls")
public final class DebianKernel {

	/** A command line that brings the kernel's messages, from the first on, to the first serial port. */
	public static final String EARLY_CONSOLE = "earlyprintk=serial,ttyS0,115200";

	private static final String META_PACKAGE = "linux-image-amd64";
	private static final String FILE_PREFIX = "vmlinux-";

	/**
	 * What came of it.
	 *
	 * @param vmlinux the kernel's ELF file; empty if it could not be had
	 * @param reason why it could not be had, for a person to read; otherwise where it came from
	 */
	public record Outcome(Optional<Path> vmlinux, String reason) {
	}

	private DebianKernel() {
	}

	/** Where kernels are kept between runs: {@code hyperstep/debian-kernel} in the user's cache directory. */
	public static Path defaultCacheDirectory() {
		String configured = System.getenv("XDG_CACHE_HOME");
		Path cache = configured == null || configured.isBlank() ? Path.of(System.getProperty("user.home"), ".cache")
				: Path.of(configured);
		return cache.resolve("hyperstep").resolve("debian-kernel");
	}

	/**
	 * The kernel, from the cache or, the first time, from the package (about 70 MB of download). Processes that ask at
	 * the same time wait for each other.
	 *
	 * @param cacheDirectory where to keep it; created if need be
	 */
	public static Outcome vmlinux(Path cacheDirectory) {
		try {
			Files.createDirectories(cacheDirectory);
			try (FileChannel channel = FileChannel.open(cacheDirectory.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				return cachedOrObtained(cacheDirectory);
			}
		} catch (IOException e) {
			return new Outcome(Optional.empty(), "Debian's kernel could not be obtained: " + e.getMessage());
		}
	}

	private static Outcome cachedOrObtained(Path cacheDirectory) throws IOException {
		Optional<Path> cached = newestIn(cacheDirectory);
		if (cached.isPresent()) {
			return new Outcome(cached, "from the cache");
		}
		Path workDirectory = Files.createTempDirectory(cacheDirectory, "work");
		try {
			return obtain(cacheDirectory, workDirectory);
		} finally {
			deleteTree(workDirectory);
		}
	}

	private static Optional<Path> newestIn(Path cacheDirectory) throws IOException {
		try (Stream<Path> files = Files.list(cacheDirectory)) {
			return files.filter(file -> file.getFileName().toString().startsWith(FILE_PREFIX))
					.max(Comparator.comparing(Path::toString));
		}
	}

	private static Outcome obtain(Path cacheDirectory, Path workDirectory) throws IOException {
		String kernelPackage = kernelPackage(workDirectory);
		HostCommand.run(workDirectory, List.of("apt-get", "download", kernelPackage));
		Path archive = onlyFile(workDirectory, kernelPackage + "_*.deb");
		HostCommand.pipe(workDirectory, List.of("dpkg-deb", "--fsys-tarfile", archive.toString()),
				List.of("tar", "-xf", "-", "--wildcards", "./boot/vmlinuz-*"));
		Path image = onlyFile(workDirectory.resolve("boot"), "vmlinuz-*");
		String release = image.getFileName().toString().substring("vmlinuz-".length());

		Path unpacked = workDirectory.resolve("vmlinux");
		try (OutputStream to = Files.newOutputStream(unpacked)) {
			new BzImage(Files.readAllBytes(image)).writeKernel(workDirectory, to);
		}
		Path kernel = cacheDirectory.resolve(FILE_PREFIX + release);
		Files.move(unpacked, kernel, StandardCopyOption.ATOMIC_MOVE);
		return new Outcome(Optional.of(kernel), "from the package " + kernelPackage);
	}

	/** The meta package depends on the package of the current kernel. */
	private static String kernelPackage(Path workDirectory) throws IOException {
		String dependencies = HostCommand.run(workDirectory, List.of("apt-cache", "depends", META_PACKAGE));
		return dependencies.lines().map(String::strip).filter(line -> line.startsWith("Depends: linux-image-"))
				.map(line -> line.substring("Depends: ".length())).findFirst()
				.orElseThrow(() -> new IOException(
						"apt knows no package " + META_PACKAGE + " (on Debian, apt-get update may help)"));
	}

	private static Path onlyFile(Path directory, String glob) throws IOException {
		try (var files = Files.newDirectoryStream(directory, glob)) {
			for (Path file : files) {
				return file;
			}
		}
		throw new IOException("no file " + glob + " came with the package");
	}

	private static void deleteTree(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}
}
