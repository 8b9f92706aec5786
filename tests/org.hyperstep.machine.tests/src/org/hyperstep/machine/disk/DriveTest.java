/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disk images: what is read, where changes go, what is refused. */
@SuppressWarnings("nls")
class DriveTest {
	private static final int HOSTILE = Boolean.getBoolean("hyperstep.nightly") ? 100_000 : 2_000;

	@TempDir
	Path directory = Path.of("");

	private Path file(String name, byte[] contents) throws IOException {
		return Files.write(directory.resolve(name), contents);
	}

	private static byte[] pattern(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private static byte[] read(Disk disk, long at, int length) throws IOException {
		byte[] bytes = new byte[length];
		disk.read(at, bytes, 0, length);
		return bytes;
	}

	private static String refusal(String request) {
		String message = String.valueOf(assertThrows(DiskException.class, () -> {
			try (Disk disk = Drive.open(DriveRequest.parse(request, false)).disk()) {
				disk.size();
			}
		}).getMessage());
		assertFalse(message.contains("\n"), message);
		return message;
	}

	@Test
	void changesStayInMemoryUnlessTheUserAsksForWriting() throws Exception {
		byte[] contents = pattern(64 << 10);
		Path image = file("disk", contents);
		try (Disk disk = Drive.open(DriveRequest.disk(image)).disk()) {
			byte[] expected = contents.clone();
			Random random = new Random(1);
			for (int i = 0; i < 300; i++) {
				int length = 1 + random.nextInt(10_000);
				int at = random.nextInt(expected.length - length);
				if (random.nextBoolean()) {
					byte[] change = pattern(length);
					disk.write(at, change, 0, length);
					System.arraycopy(change, 0, expected, at, length);
				}
				assertArrayEquals(Arrays.copyOfRange(expected, at, at + length), read(disk, at, length));
			}
			assertArrayEquals(expected, read(disk, 0, expected.length));
			disk.flush();
		}
		assertArrayEquals(contents, Files.readAllBytes(image));
		try (Disk disk = Drive.open(DriveRequest.parse(image + ",writable", false)).disk()) {
			disk.write(512, new byte[] { 1, 2, 3 }, 0, 3);
			disk.flush();
		}
		assertArrayEquals(new byte[] { 1, 2, 3 }, Arrays.copyOfRange(Files.readAllBytes(image), 512, 515));
	}

	@Test
	void changesInMemoryAreBounded() throws Exception {
		Path image = file("disk", new byte[4 << 20]);
		try (Disk disk = Drive.open(DriveRequest.parse(image + ",changes=1", false)).disk()) {
			disk.write(0, new byte[1 << 20], 0, 1 << 20);
			IOException full = assertThrows(IOException.class, () -> disk.write(2 << 20, new byte[1], 0, 1));
			assertTrue(String.valueOf(full.getMessage()).contains("more than 1 MB were changed"), full.toString());
			disk.write(5, new byte[1], 0, 1);
		}
	}

	@Test
	void accessOutsideOfTheDiskFails() throws Exception {
		Path image = file("disk", new byte[1024]);
		try (Disk disk = Drive.open(DriveRequest.disk(image)).disk()) {
			assertThrows(IndexOutOfBoundsException.class, () -> read(disk, 1000, 100));
			assertThrows(IndexOutOfBoundsException.class, () -> disk.write(-1, new byte[1], 0, 1));
		}
	}

	@Test
	void qcow2IsReadPlainCompressedAndSparse() throws Exception {
		try (Disk disk = Drive.open(DriveRequest.disk(file("q", Qcow2Builder.image()))).disk()) {
			assertEquals(Qcow2Builder.SIZE, disk.size());
			assertArrayEquals(Qcow2Builder.contents(0), read(disk, 0, 4096));
			assertArrayEquals(Qcow2Builder.contents(1), read(disk, 4096, 4096));
			assertArrayEquals(new byte[8192], read(disk, 8192, 8192));
			assertArrayEquals(new byte[512], read(disk, Qcow2Builder.SIZE - 512, 512));
			disk.write(4096 + 7, new byte[] { 9 }, 0, 1);
			byte[] changed = Qcow2Builder.contents(1);
			changed[7] = 9;
			assertArrayEquals(changed, read(disk, 4096, 4096));
		}
	}

	@Test
	void aBackingFileIsReadOnlyIfTheUserNamesIt() throws Exception {
		byte[] image = Qcow2Builder.image();
		byte[] name = "/etc/passwd".getBytes();
		System.arraycopy(name, 0, image, 0x200, name.length);
		image[14] = 2;
		image[19] = (byte) name.length;
		Path top = file("top", image);
		String refused = refusal(top.toString());
		assertTrue(refused.contains("builds on the image '/etc/passwd'") && refused.contains("backing=FILE"), refused);
		Path base = file("base", pattern(512 << 10));
		try (Disk disk = Drive.open(DriveRequest.parse(top + ",backing=" + base, false)).disk()) {
			assertArrayEquals(Qcow2Builder.contents(0), read(disk, 0, 4096));
			assertArrayEquals(new byte[4096], read(disk, 8192, 4096));
			assertArrayEquals(Arrays.copyOfRange(pattern(512 << 10), 12288, 16384), read(disk, 12288, 4096));
			assertArrayEquals(new byte[512], read(disk, 600 << 10, 512));
		}
	}

	@Test
	void badImagesAreRefusedSayingWhatIsWrong() throws Exception {
		assertTrue(refusal(directory.resolve("none").toString()).contains("no such file"));
		assertTrue(refusal(directory.toString()).contains("not a regular file"));
		assertTrue(refusal(file("empty", new byte[0]).toString()).contains("is empty"));
		assertTrue(refusal(file("odd", new byte[1000]).toString()).contains("1000 bytes, which is not a whole number"));
		assertTrue(refusal(file("vmdk", "KDMV".repeat(128).getBytes()).toString()).contains("vmdk"));
		byte[] image = Qcow2Builder.image();
		image[7] = 4;
		assertTrue(refusal(file("v4", image).toString()).contains("offset 0x4 version 4"));
		image[7] = 3;
		image[35] = 1;
		assertTrue(refusal(file("secret", image).toString()).contains("encryption"));
		image[35] = 0;
		image[79] = 4;
		assertTrue(refusal(file("external", image).toString()).contains("offset 0x48 features (0x4)"));
		assertTrue(refusal("x,color=blue").contains("'color=blue' says nothing about a drive"));
		assertTrue(refusal("x,bus=scsi").contains("'scsi' is no bus"));
		assertTrue(refusal("x,format=vmdk").contains("there are raw and qcow2"));
		assertTrue(refusal("").contains("needs the name"));
	}

	@Test
	void aFileThatIsWrittenIsNotOpenedTwice() throws Exception {
		Path image = file("disk", new byte[1024]);
		try (Disk disk = Drive.open(DriveRequest.parse(image + ",writable", false)).disk()) {
			assertEquals(1024, disk.size());
			assertTrue(refusal(image + ",writable").contains("being written by another"));
		}
	}

	@Test
	void aRequestSaysAllAboutADrive() throws Exception {
		DriveRequest request = DriveRequest.parse("a,,b,format=qcow2,bus=ide,changes=5", false);
		assertEquals(Path.of("a,b"), request.file());
		assertEquals(Optional.of(DiskFormat.QCOW2), request.format());
		assertEquals(DriveRequest.Bus.IDE, request.bus());
		assertEquals(5 << 20, request.changes());
		assertThrows(DiskException.class, () -> DriveRequest.parse("a,writable", true));
	}

	private DriveRequest readOnly(byte[] image) throws Exception {
		return DriveRequest.parse(file("hostile", image) + ",format=qcow2", false);
	}

	/** Of a file in memory, which needs no time to be forced to the host's disk. */
	private static Disk writable(byte[] image) throws DiskException {
		DiskFile file = new DiskFile(Path.of("hostile"), new RecordedFile(image), true, image.length);
		return new Qcow2Disk(file, Qcow2Header.read(file), null, true);
	}

	@Test
	void damagedQcow2ImagesAreRefusedOrReadAndWritten() throws Exception {
		byte[] valid = Qcow2Builder.image();
		Random random = new Random(5);
		int read = 0;
		for (int i = 0; i < HOSTILE; i++) {
			byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(valid, random.nextInt(valid.length))
					: valid.clone();
			for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
				int from = random.nextInt(3) == 0 ? Qcow2Builder.COUNTS : 0;
				int reach = from != 0 ? 8192 : random.nextBoolean() ? 112 : 8192 + 56;
				int at = from + random.nextInt(from != 0 && random.nextBoolean() ? 24 : reach);
				damaged[Math.min(at, damaged.length - 1)] ^= (byte) (1 << random.nextInt(8));
			}
			try (Disk disk = random.nextBoolean() ? Drive.open(readOnly(damaged)).disk() : writable(damaged)) {
				read(disk, 0, (int) Math.min(16384, disk.size()));
				disk.write(512, new byte[30_000], 0, (int) Math.min(30_000, disk.size() - 512));
				disk.flush();
				read++;
			} catch (DiskException | IOException e) {
				String message = String.valueOf(e.getMessage());
				assertTrue(message.contains("hostile") && !message.contains("\n"), message);
			}
		}
		assertTrue(read > HOSTILE / 10 && read < HOSTILE, read + " of " + HOSTILE);
	}

	@Test
	void anyFileIsARawDiskOrIsRefusedWithOneLine() throws Exception {
		byte[][] beginnings = { Qcow2Builder.image(), new byte[8192] };
		Random random = new Random(6);
		Path image = directory.resolve("hostile");
		int read = 0;
		for (int i = 0; i < HOSTILE; i++) {
			byte[] damaged = Arrays.copyOf(beginnings[random.nextInt(2)],
					random.nextInt(3) == 0 ? random.nextInt(16) * 512 : random.nextInt(8192));
			for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
				damaged[random.nextInt(Math.min(16, damaged.length))] ^= (byte) (1 << random.nextInt(8));
			}
			Files.write(image, damaged);
			boolean cdrom = random.nextInt(4) == 0;
			try (Disk disk = Drive.open(DriveRequest.parse(image.toString(), cdrom)).disk()) {
				read(disk, 0, (int) Math.min(16384, disk.size()));
				read++;
			} catch (DiskException | IOException e) {
				String message = String.valueOf(e.getMessage());
				assertTrue(message.contains("hostile") && !message.contains("\n"), message);
			}
		}
		assertTrue(read > HOSTILE / 10 && read < HOSTILE, read + " of " + HOSTILE);
	}
}
