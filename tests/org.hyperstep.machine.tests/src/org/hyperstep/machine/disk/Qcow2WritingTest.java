/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What writing does to each kind of cluster of a qcow2 image, and which images are not written to. */
@SuppressWarnings("nls")
class Qcow2WritingTest {
	private static final long COPIED = 1L << 63;

	@TempDir
	Path directory = Path.of("");

	private Path file(byte[] contents) throws IOException {
		return Files.write(directory.resolve("image"), contents);
	}

	private static Disk open(Path image) throws DiskException {
		return Drive.open(DriveRequest.parse(image + ",writable", false)).disk();
	}

	private static byte[] read(Disk disk, long at, int length) throws IOException {
		byte[] bytes = new byte[length];
		disk.read(at, bytes, 0, length);
		return bytes;
	}

	/** The file after one byte of a cluster was written, and what the disk holds there after it was opened again. */
	private ByteBuffer afterWriting(int cluster, byte[] expected) throws Exception {
		Path image = file(Qcow2Builder.image());
		byte[] changed = expected.clone();
		changed[7] = 99;
		try (Disk disk = open(image)) {
			assertFalse(disk.isReadOnly());
			disk.write(cluster * Qcow2Builder.CLUSTER + 7L, new byte[] { 99 }, 0, 1);
			assertArrayEquals(changed, read(disk, (long) cluster * Qcow2Builder.CLUSTER, Qcow2Builder.CLUSTER));
		}
		try (Disk disk = Drive.open(DriveRequest.disk(image)).disk()) {
			assertArrayEquals(changed, read(disk, (long) cluster * Qcow2Builder.CLUSTER, Qcow2Builder.CLUSTER));
			assertArrayEquals(Qcow2Builder.contents(cluster == 0 ? 1 : 0),
					read(disk, cluster == 0 ? Qcow2Builder.CLUSTER : 0, Qcow2Builder.CLUSTER));
		}
		Qcow2Check.check(Files.readAllBytes(image), Qcow2Builder.SHARED / Qcow2Builder.CLUSTER);
		return ByteBuffer.wrap(Files.readAllBytes(image));
	}

	private static long entry(ByteBuffer file, int cluster) {
		return file.getLong(Qcow2Builder.LEVEL_2 + 8 * cluster);
	}

	private static int count(ByteBuffer file, long offset) {
		return file.getShort(Qcow2Builder.BLOCK + 2 * (int) (offset / Qcow2Builder.CLUSTER));
	}

	@Test
	void aClusterInUseOnceIsWrittenInItsPlace() throws Exception {
		ByteBuffer file = afterWriting(0, Qcow2Builder.contents(0));
		assertEquals(COPIED | Qcow2Builder.PLAIN, entry(file, 0));
		assertEquals(Qcow2Builder.END, file.capacity());
	}

	@Test
	void aCompressedClusterIsUnpackedToAPlaceOfItsOwnAndItsOldOneIsFree() throws Exception {
		ByteBuffer file = afterWriting(1, Qcow2Builder.contents(1));
		assertEquals(COPIED | Qcow2Builder.END, entry(file, 1));
		assertEquals(1, count(file, Qcow2Builder.END));
		assertEquals(0, count(file, Qcow2Builder.PACKED));
	}

	@Test
	void zerosWithoutAPlaceGetOne() throws Exception {
		assertEquals(COPIED | Qcow2Builder.END, entry(afterWriting(2, new byte[Qcow2Builder.CLUSTER]), 2));
	}

	@Test
	void zerosWithAPlaceAreFilledThere() throws Exception {
		ByteBuffer file = afterWriting(6, new byte[Qcow2Builder.CLUSTER]);
		assertEquals(COPIED | Qcow2Builder.KEPT, entry(file, 6));
		assertEquals(Qcow2Builder.END, file.capacity());
	}

	@Test
	void anAbsentClusterIsAdded() throws Exception {
		assertEquals(COPIED | Qcow2Builder.END, entry(afterWriting(9, new byte[Qcow2Builder.CLUSTER]), 9));
	}

	@Test
	void whatASnapshotSharesStaysAsItIs() throws Exception {
		ByteBuffer file = afterWriting(5, Qcow2Builder.contents(5));
		assertEquals(COPIED | Qcow2Builder.END, entry(file, 5));
		assertEquals(1, count(file, Qcow2Builder.SHARED));
		byte[] shared = new byte[Qcow2Builder.CLUSTER];
		file.get(Qcow2Builder.SHARED, shared);
		assertArrayEquals(Qcow2Builder.contents(5), shared);
	}

	@Test
	void aFreedClusterIsUsedAgainAfterTheNextFlush() throws Exception {
		Path image = file(Qcow2Builder.image());
		try (Disk disk = open(image)) {
			disk.write(Qcow2Builder.CLUSTER, new byte[Qcow2Builder.CLUSTER], 0, Qcow2Builder.CLUSTER);
			disk.write(20 * Qcow2Builder.CLUSTER, new byte[1], 0, 1);
			disk.flush();
			disk.write(21 * Qcow2Builder.CLUSTER, new byte[1], 0, 1);
		}
		ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(image));
		assertEquals(COPIED | Qcow2Builder.END + Qcow2Builder.CLUSTER, entry(file, 20));
		assertEquals(COPIED | Qcow2Builder.PACKED, entry(file, 21));
	}

	@Test
	void theBackingFileIsReadThroughAndLeftAsItIs() throws Exception {
		byte[] top = Qcow2Builder.image();
		top[0x200] = 'b';
		top[14] = 2;
		top[19] = 1;
		byte[] base = new byte[Qcow2Builder.SIZE];
		new Random(3).nextBytes(base);
		Path below = Files.write(directory.resolve("base"), base);
		Path image = file(top);
		byte[] expected = Arrays.copyOfRange(base, 40 * Qcow2Builder.CLUSTER, 41 * Qcow2Builder.CLUSTER);
		expected[100] = 1;
		String request = image + ",writable,backing=" + below;
		try (Disk disk = Drive.open(DriveRequest.parse(request, false)).disk()) {
			disk.write(40 * Qcow2Builder.CLUSTER + 100, new byte[] { 1 }, 0, 1);
			assertArrayEquals(expected, read(disk, 40 * Qcow2Builder.CLUSTER, Qcow2Builder.CLUSTER));
		}
		assertArrayEquals(base, Files.readAllBytes(below));
		Qcow2Check.check(Files.readAllBytes(image), Qcow2Builder.SHARED / Qcow2Builder.CLUSTER);
	}

	@Test
	void featuresThatAWriterMustKnowAreTakenAway() throws Exception {
		byte[] image = Qcow2Builder.image();
		image[95] = 3;
		Path file = file(image);
		open(file).close();
		assertEquals(0, Files.readAllBytes(file)[95]);
	}

	private String refusal(int at, int value) throws Exception {
		byte[] image = Qcow2Builder.image();
		image[at] = (byte) value;
		Path file = file(image);
		Drive.open(DriveRequest.disk(file)).disk().close();
		String message = String.valueOf(assertThrows(DiskException.class, () -> open(file).close()).getMessage());
		assertArrayEquals(image, Files.readAllBytes(file), "a refused image is left as it is");
		assertTrue(message.startsWith(file.toString()) && !message.contains("\n"), message);
		return message;
	}

	@Test
	void imagesWithWrongCountsAreNotWrittenToButRead() throws Exception {
		assertTrue(refusal(79, 1).contains("offset 0x48 the mark that it was not closed properly"));
		assertTrue(refusal(99, 7).contains("offset 0x60 reference counts of 2^7 bits"));
		assertTrue(refusal(59, 0).contains("offset 0x38 0 clusters of reference counts"));
		assertTrue(refusal(54, 0x7f).contains("offset 0x30 its reference counts at 0x7f00, outside"));
		assertTrue(refusal(Qcow2Builder.BLOCK + 1, 0).contains("its header, whose reference count"));
		assertTrue(refusal(Qcow2Builder.BLOCK + 5, 0).contains("a second-level table, whose reference count or place "
				+ "is wrong, at offset 0x2000"));
		assertTrue(refusal(Qcow2Builder.BLOCK + 11, 2).contains("its reference counts, whose"));
		assertTrue(refusal(Qcow2Builder.COUNTS + 6, 0x6a).contains("offset 0x6a00"));
		assertTrue(refusal(Qcow2Builder.LEVEL_1 + 6, 0x60).contains("a second-level table"));
	}

	private String damageFoundOnWriting(int at, int value, int cluster) throws Exception {
		byte[] image = Qcow2Builder.image();
		image[at] = (byte) value;
		try (Disk disk = open(file(image))) {
			return String.valueOf(assertThrows(IOException.class, () -> {
				disk.write((long) cluster * Qcow2Builder.CLUSTER, new byte[1], 0, 1);
				disk.flush();
			}).getMessage());
		}
	}

	@Test
	void aClusterThatLiesOverATableOrIsCountedAsFreeIsNotWritten() throws Exception {
		assertTrue(damageFoundOnWriting(Qcow2Builder.LEVEL_2 + 6, 0x10, 0).contains("at offset 0x1000"));
		assertTrue(damageFoundOnWriting(Qcow2Builder.BLOCK + 7, 0, 0).contains("at offset 0x3000"));
		assertTrue(damageFoundOnWriting(Qcow2Builder.BLOCK + 9, 0, 1).contains("at offset 0x4000"));
	}
}
