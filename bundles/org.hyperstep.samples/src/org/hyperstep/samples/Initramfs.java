/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes an initial RAM file system for Linux: a cpio archive ("initramfs buffer format" of the kernel's documentation) with
 * Debian's static busybox, whose init starts a shell on the first serial port or another terminal.
 */
@SuppressWarnings("nls")
public final class Initramfs {
	/** The line that the serial port shows when the system has started. */
	public static final String STARTED = "STARTED";

	private static final int DIRECTORY = 040755, PROGRAM = 0100755, LINK = 0120777, DEVICE = 020600;
	private static final Pattern NEEDS = Pattern.compile("\0depends=([^\0]*)\0");
	private static final Pattern LIBRARY = Pattern.compile("(/[^ ]+) \\(0x");

	private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
	private final Set<String> present = new HashSet<>();
	private final List<String> modules = new ArrayList<>();
	private String terminal = "ttyS0";
	private int inodes;

	/**
	 * The file system with busybox and nothing else in it.
	 *
	 * @param busybox linked statically
	 * @throws IOException if it cannot be read
	 */
	public Initramfs(Path busybox) throws IOException {
		for (String directory : new String[] { "dev", "proc", "sys", "mnt" }) {
			parents(directory + "/x");
		}
		entry("dev/console", DEVICE, new byte[0], 5, 1);
		file("bin/busybox", Files.readAllBytes(busybox));
		link("bin/sh", "busybox");
		link("init", "bin/busybox");
	}

	/** Says where the shell is. */
	public Initramfs shellOn(String device) {
		terminal = device;
		return this;
	}

	/** Adds a file that may be executed. */
	public Initramfs file(String name, byte[] contents) {
		parents(name);
		entry(name, PROGRAM, contents, 0, 0);
		return this;
	}

	private void link(String name, String target) {
		parents(name);
		entry(name, LINK, target.getBytes(StandardCharsets.UTF_8), 0, 0);
	}

	/** Adds modules and, before them, those that they need; they are loaded when the system starts. */
	public Initramfs modules(Path directory, List<String> names) throws IOException {
		for (String name : names) {
			if (!modules.contains(name)) {
				byte[] module = Files.readAllBytes(directory.resolve(name + ".ko"));
				modules(directory, needs(module));
				file("lib/" + name + ".ko", module);
				modules.add(name);
			}
		}
		return this;
	}

	/** What the module's information says that it depends on. */
	private static List<String> needs(byte[] module) {
		Matcher matcher = NEEDS.matcher(new String(module, StandardCharsets.ISO_8859_1));
		return matcher.find() && !matcher.group(1).isEmpty() ? List.of(matcher.group(1).split(","))
				: List.of();
	}

	/**
	 * Adds a program of this host with the libraries that it needs, in {@code /opt}: busybox's shell would take its own where
	 * it has one of that name.
	 */
	public Initramfs program(Path program) throws IOException, InterruptedException {
		file("opt/" + program.getFileName(), Files.readAllBytes(program));
		Process ldd = new ProcessBuilder("ldd", program.toString()).start();
		String libraries = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		ldd.waitFor();
		Matcher matcher = LIBRARY.matcher(libraries);
		while (matcher.find()) {
			String library = matcher.group(1);
			file(library.substring(1), Files.readAllBytes(Path.of(library)));
		}
		return this;
	}

	/** The archive, with what starts the system. */
	public byte[] build() {
		StringBuilder start = new StringBuilder("#!/bin/sh\n/bin/busybox --install -s /bin\nmount -t proc proc /proc\n"
				+ "mount -t sysfs sys /sys\nmount -t devtmpfs dev /dev\n");
		modules.forEach(module -> start.append("insmod /lib/").append(module).append(".ko\n"));
		start.append("echo START''ED\n");
		file("etc/rc", start.toString().getBytes(StandardCharsets.UTF_8));
		file("etc/inittab",
				("::sysinit:/etc/rc\n" + terminal + "::respawn:-/bin/sh\n").getBytes(StandardCharsets.UTF_8));
		entry("TRAILER!!!", 0, new byte[0], 0, 0);
		return archive.toByteArray();
	}

	private void parents(String name) {
		for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
			if (present.add(name.substring(0, slash))) {
				entry(name.substring(0, slash), DIRECTORY, new byte[0], 0, 0);
			}
		}
	}

	/** One entry of the "newc" format: a header of hexadecimal numbers, the name, the contents, each padded to 4 bytes. */
	private void entry(String name, int mode, byte[] contents, int major, int minor) {
		present.add(name);
		int[] fields = { ++inodes, mode, 0, 0, 1, 0, contents.length, 0, 0, major, minor, name.length() + 1, 0 };
		StringBuilder header = new StringBuilder("070701");
		for (int field : fields) {
			header.append(String.format("%08x", field));
		}
		try {
			archive.write(header.append(name).append('\0').toString().getBytes(StandardCharsets.US_ASCII));
			pad();
			archive.write(contents);
			pad();
		} catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private void pad() {
		while (archive.size() % 4 != 0) {
			archive.write(0);
		}
	}
}
