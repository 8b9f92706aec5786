/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A drive whose image is open.
 *
 * @param request what was asked for
 * @param disk    the contents; to be closed
 */
@SuppressWarnings("nls")
public record Drive(DriveRequest request, Disk disk) {
	private static final int CD_SECTOR = 2048;
	private static final long LEAST_CHANGES = 16L << 20;

	/**
	 * Opens an image: read-only with changes kept in memory, unless the request says otherwise.
	 *
	 * @throws DiskException with a message for the user
	 */
	public static Drive open(DriveRequest request) throws DiskException {
		Disk image = openImage(request.file(), request);
		if (request.cdrom() || request.writable()) {
			return new Drive(request, image);
		}
		long limit = request.changes() != 0 ? request.changes()
				: Math.max(LEAST_CHANGES, Runtime.getRuntime().maxMemory() / 4);
		return new Drive(request, new CopyOnWrite(image, request.file().toString(), limit));
	}

	private static Disk openImage(Path path, DriveRequest request) throws DiskException {
		DiskFile file = DiskFile.open(path, request.writable());
		boolean opened = false;
		try {
			DiskFormat format = request.format().isPresent() ? request.format().get()
					: DiskFormat.of(file.head(DiskFormat.HEAD));
			Disk disk = switch (format) {
				case RAW -> new RawDisk(file, request.writable(), request.cdrom() ? CD_SECTOR : Disk.SECTOR);
				case QCOW2 -> qcow2(file, request);
				default -> throw file.error("is a disk image or archive of the format " + format.label()
						+ ", which cannot be read; convert it with qemu-img, or give format=raw if it is not");
			};
			opened = true;
			return disk;
		} finally {
			if (!opened) {
				close(file);
			}
		}
	}

	private static Disk qcow2(DiskFile file, DriveRequest request) throws DiskException {
		Qcow2Header header = Qcow2Header.read(file);
		if (header.backingFile().isEmpty()) {
			return new Qcow2Disk(file, header, null, request.writable());
		}
		if (request.backing().isEmpty()) {
			throw file.error(
					"builds on the image '" + header.backingFile() + "'; name it with backing=FILE to allow that");
		}
		Disk backing = openImage(request.backing().get(), DriveRequest.disk(request.backing().get()));
		boolean opened = false;
		try {
			Disk disk = new Qcow2Disk(file, header, backing, request.writable());
			opened = true;
			return disk;
		} finally {
			if (!opened) {
				close(backing);
			}
		}
	}

	private static void close(Closeable image) {
		try {
			image.close();
		} catch (IOException e) {
			// Nothing was written; what failed before is what the user is told.
		}
	}
}
