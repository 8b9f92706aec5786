/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.hyperstep.machine.Pc;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;

/**
 * Damaged images either load within memory or are refused with one line: truncations and bit flips of a valid image, 100,000
 * of them in a nightly run.
 */
@SuppressWarnings("nls")
class HostileImageTest {
	private static final int CASES = Boolean.getBoolean("hyperstep.nightly") ? 100_000 : 3_000;
	private static final int HEADERS = 0x1000;

	@Test
	void damagedImagesLoadOrAreRefusedWithOneLine() throws IOException {
		byte[] valid;
		try (InputStream in = Sample.TICKER.image()) {
			valid = in.readAllBytes();
		}
		Pc pc = new Pc();
		Random random = new Random(2);
		int loaded = 0;
		for (int i = 0; i < CASES; i++) {
			byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(valid, random.nextInt(valid.length))
					: flip(valid, random);
			for (BootProtocol protocol : EnumSet.allOf(BootProtocol.class)) {
				loaded += tryToLoad(pc, damaged, protocol) ? 1 : 0;
			}
		}
		assertTrue(loaded > CASES / 4 && loaded < 3 * CASES, loaded + " of " + 3 * CASES + " loaded");
	}

	/** Flips bits where they matter most: in the ELF header, the program headers and the first page of the code. */
	private static byte[] flip(byte[] valid, Random random) {
		byte[] damaged = valid.clone();
		int reach = random.nextBoolean() ? 0x140 : HEADERS + 0x40;
		for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
			damaged[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
		}
		return damaged;
	}

	private static boolean tryToLoad(Pc pc, byte[] image, BootProtocol protocol) {
		try {
			pc.machine.load(GuestImage.of("hostile", image), new LoadRequest("x", List.of(), Optional.of(protocol)));
			return true;
		} catch (ImageException e) {
			String message = String.valueOf(e.getMessage());
			assertTrue(message.startsWith("hostile: "), message);
			assertFalse(message.contains("\n"), message);
			return false;
		}
	}
}
