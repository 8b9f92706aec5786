/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.Closeable;
import java.io.IOException;

/** The contents of a disk or CD. Confined to the machine's thread, but for {@link #close()}, which comes last. */
public interface Disk extends Closeable {
	/** Bytes in the smallest unit that guests address. */
	int SECTOR = 512;

	/** Bytes; a multiple of {@link #SECTOR}. */
	long size();

	/** Whether {@link #write} fails always. */
	boolean isReadOnly();

	/**
	 * Reads bytes.
	 *
	 * @throws IOException if the host cannot read them, or the image is damaged there
	 * @throws IndexOutOfBoundsException if they are not all within the disk
	 */
	void read(long at, byte[] to, int offset, int length) throws IOException;

	/**
	 * Writes bytes.
	 *
	 * @throws IOException if the host cannot write them
	 * @throws IndexOutOfBoundsException if they are not all within the disk
	 */
	void write(long at, byte[] from, int offset, int length) throws IOException;

	/** Brings what was written to where it survives a failure of the host. */
	void flush() throws IOException;
}
