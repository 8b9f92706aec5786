/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a user asks for: {@code FILE[,writable][,format=raw|qcow2][,bus=virtio|ide][,backing=FILE][,changes=MB]}. A comma in
 * a file's name is written twice.
 *
 * @param file     the image
 * @param cdrom    whether it is a CD
 * @param writable whether the file is to be changed; else changes are kept in memory
 * @param format   the image's format, or empty to find out
 * @param bus      what it is attached to
 * @param backing  the file that the image builds on, if it builds on one
 * @param changes  bytes of changes that are kept in memory at most; 0: a quarter of the process's memory
 */
@SuppressWarnings("nls")
public record DriveRequest(Path file, boolean cdrom, boolean writable, Optional<DiskFormat> format, Bus bus,
		Optional<Path> backing, long changes) {

	/** What drives are attached to. */
	public enum Bus {
		/** virtio-blk on PCI. */
		VIRTIO,
		/** The PC's two IDE channels, four drives in all. */
		IDE
	}

	private static final long MOST_CHANGES_MB = 1 << 20;

	/** An image with nothing said about it. */
	public static DriveRequest disk(Path file) {
		return new DriveRequest(file, false, false, Optional.empty(), Bus.VIRTIO, Optional.empty(), 0);
	}

	/**
	 * Reads what a user wrote.
	 *
	 * @throws DiskException with a message for the user
	 */
	public static DriveRequest parse(String text, boolean cdrom) throws DiskException {
		String[] parts = text.replace(",,", "\0").split(",", -1);
		Path file = path(parts[0]);
		boolean writable = false;
		Optional<DiskFormat> format = Optional.empty();
		Bus bus = cdrom ? Bus.IDE : Bus.VIRTIO;
		Optional<Path> backing = Optional.empty();
		long changes = 0;
		for (String part : Arrays.asList(parts).subList(1, parts.length)) {
			String key = part.substring(0, part.contains("=") ? part.indexOf('=') + 1 : part.length());
			String value = part.substring(key.length());
			switch (key) {
				case "writable" -> writable = true;
				case "format=" -> format = Optional.of(format(value));
				case "bus=" -> bus = bus(value);
				case "backing=" -> backing = Optional.of(path(value));
				case "changes=" -> changes = megabytes(value);
				default -> throw new DiskException("'" + part + "' says nothing about a drive; there are writable, "
						+ "format=raw|qcow2, bus=virtio|ide, backing=FILE and changes=MB");
			}
		}
		if (cdrom && (writable || bus != Bus.IDE)) {
			throw new DiskException(file + ": a CD is read-only, and on IDE");
		}
		return new DriveRequest(file, cdrom, writable, format, bus, backing, changes);
	}

	private static Path path(String text) throws DiskException {
		String name = text.replace('\0', ',');
		if (name.isBlank()) {
			throw new DiskException("a drive needs the name of its image file");
		}
		try {
			return Path.of(name);
		} catch (InvalidPathException e) {
			throw new DiskException("'" + name + "' is not a file name");
		}
	}

	private static DiskFormat format(String value) throws DiskException {
		for (DiskFormat format : DiskFormat.values()) {
			if (format.isReadable() && format.label().equals(value)) {
				return format;
			}
		}
		throw new DiskException("'" + value + "' is no format that can be read; there are raw and qcow2");
	}

	private static Bus bus(String value) throws DiskException {
		for (Bus bus : Bus.values()) {
			if (bus.toString().toLowerCase(Locale.ROOT).equals(value)) {
				return bus;
			}
		}
		throw new DiskException("'" + value + "' is no bus for drives; there are virtio and ide");
	}

	private static long megabytes(String value) throws DiskException {
		try {
			long number = Long.parseLong(value);
			if (number > 0 && number <= MOST_CHANGES_MB) {
				return number << 20;
			}
		} catch (NumberFormatException e) {
			// Said below.
		}
		throw new DiskException("'" + value + "' is no number of megabytes to keep changes in");
	}
}
