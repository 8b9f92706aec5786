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
	/** The directory's name changes with what is kept in it, so that an older version's cache is not taken for all of it. */
	private static final String FILE_PREFIX = "vmlinux-", DIRECTORY_PREFIX = "files2-";
	/** Modules for the machine's disks, CDs, consoles and networks, for what is on the disks, and KVM. */
	private static final List<String> MODULES = Stream.of("drivers/virtio/*", "drivers/block/virtio_blk.ko",
			"drivers/char/virtio_console.ko", "drivers/net/virtio_net.ko", "drivers/net/net_failover.ko",
			"net/core/failover.ko", "fs/ext4/*", "fs/jbd2/*", "fs/mbcache.ko", "lib/crc16.ko",
			"crypto/crc32c_generic.ko", "lib/libcrc32c.ko", "drivers/ata/libata.ko", "drivers/ata/ata_piix.ko",
			"drivers/scsi/scsi_common.ko", "drivers/scsi/scsi_mod.ko", "drivers/scsi/sd_mod.ko",
			"drivers/scsi/sr_mod.ko", "block/t10-pi.ko", "lib/crc64-rocksoft.ko", "lib/crc64.ko", "lib/crc-t10dif.ko",
			"crypto/crct10dif_common.ko", "drivers/cdrom/cdrom.ko", "fs/isofs/isofs.ko",
			"arch/x86/kvm/*", "virt/lib/irqbypass.ko", "drivers/crypto/ccp/ccp.ko")
			.map(path -> "./lib/modules/*/kernel/" + path).toList();

	/**
	 * What came of it.
	 *
	 * @param vmlinux the kernel's ELF file; empty if it could not be had
	 * @param reason why it could not be had, for a person to read; otherwise where it came from
	 */
	public record Outcome(Optional<Path> vmlinux, String reason) {
	}

	/**
	 * The kernel's other files.
	 *
	 * @param directory holds {@code vmlinuz}, the kernel as the package has it, and modules, {@code NAME.ko}; empty if they
	 *                  could not be had
	 * @param reason    why they could not be had, for a person to read; otherwise where they came from
	 */
	public record Package(Optional<Path> directory, String reason) {
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

	/**
	 * The kernel in its bootable form and modules for the machine's devices, from the cache or from the package, as
	 * {@link #vmlinux} has it.
	 */
	public static Package files(Path cacheDirectory) {
		try {
			Files.createDirectories(cacheDirectory);
			try (FileChannel channel = FileChannel.open(cacheDirectory.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				Optional<Path> cached = newestIn(cacheDirectory, DIRECTORY_PREFIX);
				if (cached.isPresent()) {
					return new Package(cached, "from the cache");
				}
				Outcome outcome = obtainInto(cacheDirectory);
				return new Package(newestIn(cacheDirectory, DIRECTORY_PREFIX), outcome.reason());
			}
		} catch (IOException e) {
			return new Package(Optional.empty(), "Debian's kernel could not be obtained: " + e.getMessage());
		}
	}

	private static Outcome cachedOrObtained(Path cacheDirectory) throws IOException {
		Optional<Path> cached = newestIn(cacheDirectory, FILE_PREFIX);
		return cached.isPresent() ? new Outcome(cached, "from the cache") : obtainInto(cacheDirectory);
	}

	private static Outcome obtainInto(Path cacheDirectory) throws IOException {
		Path workDirectory = Files.createTempDirectory(cacheDirectory, "work");
		try {
			return obtain(cacheDirectory, workDirectory);
		} finally {
			deleteTree(workDirectory);
		}
	}

	private static Optional<Path> newestIn(Path cacheDirectory, String prefix) throws IOException {
		try (Stream<Path> files = Files.list(cacheDirectory)) {
			return files.filter(file -> file.getFileName().toString().startsWith(prefix))
					.max(Comparator.comparing(Path::toString));
		}
	}

	private static Outcome obtain(Path cacheDirectory, Path workDirectory) throws IOException {
		String kernelPackage = kernelPackage(workDirectory);
		HostCommand.run(workDirectory, List.of("apt-get", "download", kernelPackage));
		Path archive = onlyFile(workDirectory, kernelPackage + "_*.deb");
		HostCommand.pipe(workDirectory, List.of("dpkg-deb", "--fsys-tarfile", archive.toString()),
				Stream.concat(Stream.of("tar", "-xf", "-", "--wildcards", "./boot/vmlinuz-*"), MODULES.stream())
						.toList());
		Path image = onlyFile(workDirectory.resolve("boot"), "vmlinuz-*");
		String release = image.getFileName().toString().substring("vmlinuz-".length());

		Path unpacked = workDirectory.resolve("vmlinux");
		try (OutputStream to = Files.newOutputStream(unpacked)) {
			new BzImage(Files.readAllBytes(image)).writeKernel(workDirectory, to);
		}
		Path kernel = cacheDirectory.resolve(FILE_PREFIX + release);
		Files.move(unpacked, kernel, StandardCopyOption.ATOMIC_MOVE);
		keepFiles(workDirectory, image, cacheDirectory.resolve(DIRECTORY_PREFIX + release));
		return new Outcome(Optional.of(kernel), "from the package " + kernelPackage);
	}

	/** The image and the modules, all in one directory. */
	private static void keepFiles(Path workDirectory, Path image, Path directory) throws IOException {
		if (Files.exists(directory)) {
			return;
		}
		Path files = Files.createDirectory(workDirectory.resolve("files"));
		Files.move(image, files.resolve("vmlinuz"));
		try (Stream<Path> tree = Files.walk(workDirectory.resolve("lib"))) {
			for (Path module : tree.filter(path -> path.toString().endsWith(".ko")).toList()) {
				Files.move(module, files.resolve(module.getFileName()));
			}
		}
		Files.move(files, directory, StandardCopyOption.ATOMIC_MOVE);
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
