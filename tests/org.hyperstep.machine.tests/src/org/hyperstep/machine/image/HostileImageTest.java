/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.hyperstep.machine.Pc;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged images either load within memory or are refused with one line: truncations and bit flips of a valid image of each
 * format, 100,000 of each in a nightly run.
 */
@SuppressWarnings("nls")
class HostileImageTest {
	private static final int CASES = Boolean.getBoolean("hyperstep.nightly") ? 100_000 : 1_500;

	/** Valid images, and how many of their first bytes matter most. */
	enum Format {
		SAMPLE(0x1040), LINUX(0x280), MULTIBOOT(0x120), MULTIBOOT_2(0x120), ELF_32(0x60), ELF_64(0xb0);

		private final int headers;

		Format(int headers) {
			this.headers = headers;
		}

		byte[] image() throws IOException {
			switch (this) {
				case SAMPLE -> {
					try (InputStream in = Sample.TICKER.image()) {
						return in.readAllBytes();
					}
				}
				case LINUX -> {
					return new LinuxImage().build();
				}
				case MULTIBOOT -> {
					byte[] image = new byte[0x200];
					byte[] header = ElfBuilder.multibootHeader(1 << 16, 0x200020, 0x200000, 0, 0x201000, 0x200030);
					System.arraycopy(header, 0, image, 0x100, header.length);
					return image;
				}
				case MULTIBOOT_2 -> {
					byte[] header = Multiboot2Test.header(new int[] { 1, 12, 6 },
							new int[] { 2, 24, 0x200000, 0x200000, 0, 0x201000 }, new int[] { 3, 12, 0x200010 });
					return Arrays.copyOf(header, 0x200);
				}
				case ELF_64 -> {
					return new ElfBuilder(true).entry(0x100010).load(0x100000, new byte[64], 4096)
							.load(0x200000, new byte[32], 8192).build();
				}
				default -> {
					return new ElfBuilder(false).entry(0x100004).load(0x100000, new byte[64], 4096).pvhNote(0x100008)
							.build();
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void damagedImagesLoadOrAreRefusedWithOneLine(Format format) throws IOException {
		byte[] valid = format.image();
		Pc pc = new Pc();
		Random random = new Random(2);
		int loaded = 0;
		for (int i = 0; i < CASES; i++) {
			byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(valid, random.nextInt(valid.length))
					: flip(valid, random, format.headers);
			loaded += tryToLoad(pc, damaged);
		}
		assertTrue(loaded > CASES / 10, loaded + " loads of " + CASES + " images");
	}

	@Test
	void firmwareOfAnySizeLoadsOrIsRefused() {
		Random random = new Random(3);
		Pc pc = new Pc();
		int loaded = 0;
		for (int i = 0; i < CASES; i++) {
			// Sizes that fit are rare, for each needs a machine of its own: firmware stays where it is.
			byte[] contents = new byte[random.nextInt(20) == 0 ? 64 << 10 << random.nextInt(3)
					: random.nextInt(200_000)];
			if (attemptToLoad(pc, () -> GuestImage.firmware("hostile", contents))) {
				loaded++;
				pc = new Pc();
			}
		}
		assertTrue(loaded > CASES / 40, loaded + " loads of " + CASES + " images");
	}

	@Test
	void flatBinariesAtAnyAddressLoadOrAreRefused() {
		Random random = new Random(4);
		Pc pc = new Pc();
		InitialState.Mode[] modes = { InitialState.Mode.REAL_16, InitialState.Mode.PROTECTED_32,
				InitialState.Mode.LONG_64 };
		int loaded = 0;
		for (int i = 0; i < CASES; i++) {
			byte[] contents = new byte[random.nextInt(8) == 0 ? 0 : random.nextInt(200_000)];
			long address = random.nextBoolean() ? random.nextInt(20 << 20) : random.nextLong() >>> random.nextInt(64);
			long entry = address + (random.nextInt(8) == 0 ? random.nextLong() : 0);
			FlatPlacement placement = new FlatPlacement(address, modes[random.nextInt(modes.length)], entry);
			loaded += attemptToLoad(pc, () -> GuestImage.flat("hostile", contents, placement)) ? 1 : 0;
		}
		assertTrue(loaded > CASES / 10, loaded + " loads of " + CASES + " images");
	}

	@FunctionalInterface
	private interface Image {
		GuestImage open() throws ImageException;
	}

	private static boolean attemptToLoad(Pc pc, Image image) {
		boolean[] loaded = { false };
		attempt(() -> {
			pc.machine.load(image.open(), LoadRequest.PLAIN);
			loaded[0] = true;
		});
		return loaded[0];
	}

	private static byte[] flip(byte[] valid, Random random, int headers) {
		byte[] damaged = valid.clone();
		int reach = Math.min(valid.length, random.nextBoolean() ? Math.min(headers, 0x140) : headers);
		for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
			damaged[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
		}
		return damaged;
	}

	/** Loads by each protocol that the image offers. */
	private static int tryToLoad(Pc pc, byte[] image) {
		boolean[] loaded = { false };
		attempt(() -> {
			GuestImage opened = GuestImage.of("hostile", image);
			Set<BootProtocol> protocols = opened.protocols();
			for (BootProtocol protocol : protocols) {
				attempt(() -> {
					pc.machine.load(opened, new LoadRequest("x", List.of(), Optional.of(protocol)));
					loaded[0] = true;
				});
			}
		});
		return loaded[0] ? 1 : 0;
	}

	@FunctionalInterface
	private interface Attempt {
		void run() throws ImageException;
	}

	private static void attempt(Attempt attempt) {
		try {
			attempt.run();
		} catch (ImageException e) {
			String message = String.valueOf(e.getMessage());
			assertTrue(message.startsWith("hostile: "), message);
			assertFalse(message.contains("\n"), message);
		}
	}
}
