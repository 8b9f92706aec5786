/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** qcow2 images hold here what they hold for qemu-img, whoever has written them. */
@SuppressWarnings("nls")
class QemuImageTest {
	private static final int SIZE = 3 << 20;

	@TempDir
	Path directory = Path.of("");

	@BeforeAll
	static void qemuImgIsInstalled() {
		boolean there = Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
				.anyMatch(entry -> Files.isExecutable(Path.of(entry, "qemu-img")));
		if (!there) {
			System.err.println("*** SKIPPED: qemu-img (Debian: qemu-utils) is not installed ***");
		}
		assumeTrue(there, "qemu-img is not installed");
	}

	private void qemuImg(String... arguments) throws IOException, InterruptedException {
		List<String> command = Stream.concat(Stream.of("qemu-img"), Arrays.stream(arguments)).toList();
		Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
				.redirectOutput(directory.resolve("log").toFile()).start();
		assertEquals(true, process.waitFor(60, TimeUnit.SECONDS), command::toString);
		assertEquals(0, process.exitValue(), Files.readString(directory.resolve("log")));
	}

	/** Noise, text that can be packed, and holes. */
	private byte[] raw() throws IOException {
		byte[] contents = new byte[SIZE];
		Random random = new Random(9);
		for (int at = 0; at < SIZE; at += 40_000) {
			int kind = random.nextInt(3);
			for (int i = at; kind != 0 && i < Math.min(SIZE, at + 40_000); i++) {
				contents[i] = (byte) (kind == 1 ? random.nextInt() : i / 64);
			}
		}
		Files.write(directory.resolve("raw"), contents);
		return contents;
	}

	private byte[] all(String request) throws Exception {
		try (Disk disk = Drive.open(DriveRequest.parse(request, false)).disk()) {
			byte[] bytes = new byte[(int) disk.size()];
			disk.read(0, bytes, 0, bytes.length);
			return bytes;
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "compat=0.10", "compat=1.1", "cluster_size=512", "cluster_size=2M",
			"lazy_refcounts=on", "refcount_bits=1" })
	void whatQemuConvertsIsTheSame(String options) throws Exception {
		byte[] contents = raw();
		qemuImg("convert", "-f", "raw", "-O", "qcow2", "-o", options, "raw", "plain");
		assertArrayEquals(contents, all(directory.resolve("plain").toString()));
		qemuImg("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, "raw", "packed");
		assertArrayEquals(contents, all(directory.resolve("packed").toString()));
	}

	/** Writes here and there, as a guest does, and gives what the disk holds then. */
	private byte[] write(String request, byte[] contents, int seed) throws Exception {
		byte[] expected = contents.clone();
		Random random = new Random(seed);
		try (Disk disk = Drive.open(DriveRequest.parse(request, false)).disk()) {
			for (int i = 0; i < 80; i++) {
				byte[] change = new byte[512 * (1 + random.nextInt(i % 10 == 0 ? 300 : 20))];
				random.nextBytes(change);
				int at = 512 * random.nextInt((expected.length - change.length) / 512 + 1);
				disk.write(at, change, 0, change.length);
				System.arraycopy(change, 0, expected, at, change.length);
				if (random.nextInt(20) == 0) {
					disk.flush();
				}
			}
			byte[] found = new byte[expected.length];
			disk.read(0, found, 0, found.length);
			assertArrayEquals(expected, found);
		}
		return expected;
	}

	/** qemu-img finds neither errors nor leaked clusters, and the same contents. */
	private void check(String image, byte[] expected) throws Exception {
		qemuImg("check", "-f", "qcow2", image);
		qemuImg("convert", "-f", "qcow2", "-O", "raw", image, "back");
		assertArrayEquals(expected, Files.readAllBytes(directory.resolve("back")));
	}

	static Stream<String> options() {
		Stream<String> always = Stream.of("compat=0.10", "cluster_size=512", "cluster_size=2M", "refcount_bits=1",
				"preallocation=metadata");
		return Boolean.getBoolean("hyperstep.nightly")
				? Stream.concat(always, Stream.of("compat=1.1", "lazy_refcounts=on", "refcount_bits=2",
						"refcount_bits=8", "refcount_bits=32", "refcount_bits=64", "preallocation=falloc"))
				: always;
	}

	@ParameterizedTest
	@MethodSource("options")
	void whatIsWrittenHereIsReadThere(String options) throws Exception {
		byte[] contents = raw();
		qemuImg("convert", "-f", "raw", "-O", "qcow2", "-o", options, "raw", "plain");
		check("plain", write(directory.resolve("plain") + ",writable", contents, 1));
		if (!options.startsWith("preallocation")) {
			qemuImg("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", options, "raw", "packed");
			check("packed", write(directory.resolve("packed") + ",writable", contents, 2));
		}
		qemuImg("create", "-f", "qcow2", "-o", options, "empty", Integer.toString(SIZE));
		check("empty", write(directory.resolve("empty") + ",writable", new byte[SIZE], 3));
	}

	@Test
	void theTableOfReferenceCountsGrows() throws Exception {
		int size = 5 << 20;
		qemuImg("create", "-f", "qcow2", "-o", "cluster_size=512,refcount_bits=64", "small", Integer.toString(size));
		byte[] expected = new byte[size];
		new Random(4).nextBytes(expected);
		try (Disk disk = Drive.open(DriveRequest.parse(directory.resolve("small") + ",writable", false)).disk()) {
			disk.write(0, expected, 0, size);
		}
		check("small", expected);
	}

	@Test
	void aSnapshotKeepsWhatItHas() throws Exception {
		byte[] contents = raw();
		qemuImg("convert", "-c", "-f", "raw", "-O", "qcow2", "raw", "image");
		byte[] first = write(directory.resolve("image") + ",writable", contents, 5);
		qemuImg("snapshot", "-c", "one", "image");
		byte[] second = write(directory.resolve("image") + ",writable", first, 6);
		qemuImg("snapshot", "-c", "two", "image");
		check("image", write(directory.resolve("image") + ",writable", second, 7));
		qemuImg("convert", "-f", "qcow2", "-l", "one", "-O", "raw", "image", "back");
		assertArrayEquals(first, Files.readAllBytes(directory.resolve("back")));
		qemuImg("snapshot", "-a", "two", "image");
		check("image", second);
		qemuImg("snapshot", "-d", "one", "image");
		check("image", write(directory.resolve("image") + ",writable", second, 8));
	}

	@Test
	void theImageBelowStaysAsItIs() throws Exception {
		byte[] contents = raw();
		qemuImg("convert", "-f", "raw", "-O", "qcow2", "raw", "base");
		byte[] below = Files.readAllBytes(directory.resolve("base"));
		qemuImg("create", "-f", "qcow2", "-b", "base", "-F", "qcow2", "top", "4M");
		check("top", write(directory.resolve("top") + ",writable,backing=" + directory.resolve("base"),
				Arrays.copyOf(contents, 4 << 20), 9));
		assertArrayEquals(below, Files.readAllBytes(directory.resolve("base")));
	}

	@Test
	void anImageOnTopOfAnotherIsTheSame() throws Exception {
		byte[] contents = raw();
		qemuImg("convert", "-f", "raw", "-O", "qcow2", "raw", "base");
		qemuImg("create", "-f", "qcow2", "-b", "base", "-F", "qcow2", "top", "4M");
		assertArrayEquals(Arrays.copyOf(contents, 4 << 20),
				all(directory.resolve("top") + ",backing=" + directory.resolve("base")));
	}
}
