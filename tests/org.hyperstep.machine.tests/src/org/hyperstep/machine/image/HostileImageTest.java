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
		SAMPLE(0x1040), LINUX(0x280), MULTIBOOT(0x120), MULTIBOOT_2(0x120), ELF_32(0x60);

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
	void damagedFirmwareAndFlatBinariesLoadOrAreRefused() {
		Random random = new Random(3);
		for (int i = 0; i < 200; i++) {
			byte[] contents = new byte[random.nextInt(8) == 0 ? 64 << 10 : random.nextInt(200_000)];
			long address = random.nextLong() >>> random.nextInt(64);
			attempt(() -> new Pc().machine.load(GuestImage.firmware("hostile", contents), LoadRequest.PLAIN));
			attempt(() -> new Pc().machine.load(GuestImage.flat("hostile", contents,
					new FlatPlacement(address, InitialState.Mode.PROTECTED_32, address)), LoadRequest.PLAIN));
		}
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
