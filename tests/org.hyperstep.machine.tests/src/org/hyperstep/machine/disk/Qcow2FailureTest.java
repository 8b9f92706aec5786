/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At whatever moment the host fails while a qcow2 image is written, the image is whole, and what was flushed is there. */
@SuppressWarnings("nls")
class Qcow2FailureTest {
	private static final int WRITES = 120, FAILURES = Boolean.getBoolean("hyperstep.nightly") ? 20_000 : 400;
	private static final int SHARED = Qcow2Builder.SHARED / Qcow2Builder.CLUSTER;
	private static final int SECTORS = Qcow2Builder.SIZE / Disk.SECTOR;

	/** A write of sectors that are full of its number; or a flush that has ended, of no sectors. */
	private record Act(int stepsBefore, int stepsAfter, int sector, int sectors) {
		boolean isFlush() {
			return sectors == 0;
		}
	}

	private static Disk open(RecordedFile file) throws DiskException {
		DiskFile image = new DiskFile(Path.of("image"), file, true, file.size());
		return new Qcow2Disk(image, Qcow2Header.read(image), null, true);
	}

	private static List<Act> write(Disk disk, RecordedFile file, Random random) throws IOException {
		List<Act> acts = new ArrayList<>();
		for (int number = 1; number <= WRITES; number++) {
			int before = file.steps();
			if (random.nextInt(8) == 0) {
				disk.flush();
				acts.add(new Act(before, file.steps(), 0, 0));
				continue;
			}
			int sectors = 1 + random.nextInt(12);
			int sector = random.nextInt(random.nextBoolean() ? 70 : SECTORS - sectors);
			disk.write((long) sector * Disk.SECTOR, filled(acts.size() + 1, sectors), 0, sectors * Disk.SECTOR);
			acts.add(new Act(before, file.steps(), sector, sectors));
		}
		return acts;
	}

	private static byte[] filled(int number, int sectors) {
		byte[] bytes = new byte[sectors * Disk.SECTOR];
		Arrays.fill(bytes, (byte) number);
		return bytes;
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void theImageIsWholeAndWhatWasFlushedIsThere(long seed) throws Exception {
		Random random = new Random(seed);
		byte[] original = Qcow2Builder.image();
		byte[] first = contents(new RecordedFile(original));
		RecordedFile file = new RecordedFile(original);
		List<Act> acts = write(open(file), file, random);
		for (int i = 0; i < FAILURES; i++) {
			int step = random.nextInt(file.steps() + 1);
			byte[] left = file.afterFailure(step, random);
			Qcow2Check.checkAfterFailure(left, SHARED);
			checkContents(first, acts, step, contents(new RecordedFile(left)));
		}
	}

	private static byte[] contents(RecordedFile file) throws Exception {
		byte[] bytes = new byte[Qcow2Builder.SIZE];
		open(file).read(0, bytes, 0, bytes.length);
		return bytes;
	}

	/** Each sector holds what the last flush that had ended left there, or what was written to it since. */
	private static void checkContents(byte[] first, List<Act> acts, int step, byte[] found) {
		ByteBuffer sectors = ByteBuffer.wrap(found);
		for (int sector = 0; sector < SECTORS; sector++) {
			byte[] bytes = new byte[Disk.SECTOR];
			sectors.get(bytes);
			byte[] before = Arrays.copyOfRange(first, sector * Disk.SECTOR, (sector + 1) * Disk.SECTOR);
			List<byte[]> possible = possible(before, acts, step, sector);
			assertTrue(possible.stream().anyMatch(each -> Arrays.equals(each, bytes)),
					"sector " + sector + " holds " + bytes[0] + ", failed at step " + step);
		}
	}

	private static List<byte[]> possible(byte[] before, List<Act> acts, int step, int sector) {
		List<byte[]> possible = new ArrayList<>(List.of(before));
		for (int i = 0; i < acts.size() && acts.get(i).stepsBefore() < step; i++) {
			Act act = acts.get(i);
			if (act.isFlush() && act.stepsAfter() <= step) {
				possible = new ArrayList<>(possible.subList(possible.size() - 1, possible.size()));
			} else if (sector >= act.sector() && sector < act.sector() + act.sectors()) {
				possible.add(filled(i + 1, 1));
			}
		}
		return possible;
	}

	/** Without a failure nothing is lost, and no cluster is counted that nobody uses. */
	@ParameterizedTest
	@ValueSource(longs = { 4, 5, 6, 7 })
	void nothingIsLostWithoutAFailure(long seed) throws Exception {
		RecordedFile file = new RecordedFile(Qcow2Builder.image());
		byte[] expected = contents(file);
		Disk disk = open(file);
		List<Act> acts = write(disk, file, new Random(seed));
		for (int i = 0; i < acts.size(); i++) {
			Arrays.fill(expected, acts.get(i).sector() * Disk.SECTOR,
					(acts.get(i).sector() + acts.get(i).sectors()) * Disk.SECTOR, (byte) (i + 1));
		}
		disk.close();
		byte[] left = file.contents();
		Qcow2Check.check(left, SHARED);
		assertEquals(-1, Arrays.mismatch(expected, contents(new RecordedFile(left))));
	}
}
