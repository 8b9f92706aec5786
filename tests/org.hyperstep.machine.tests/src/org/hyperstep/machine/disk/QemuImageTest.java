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
import org.junit.jupiter.params.provider.ValueSource;

/** qcow2 images that qemu-img writes hold here what they hold there. */
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

	@Test
	void anImageOnTopOfAnotherIsTheSame() throws Exception {
		byte[] contents = raw();
		qemuImg("convert", "-f", "raw", "-O", "qcow2", "raw", "base");
		qemuImg("create", "-f", "qcow2", "-b", "base", "-F", "qcow2", "top", "4M");
		assertArrayEquals(Arrays.copyOf(contents, 4 << 20),
				all(directory.resolve("top") + ",backing=" + directory.resolve("base")));
	}
}
