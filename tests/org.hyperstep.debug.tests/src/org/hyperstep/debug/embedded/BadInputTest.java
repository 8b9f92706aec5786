/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may give by mistake is answered by one line that says what is wrong, and nothing is left running. */
@SuppressWarnings("nls")
class BadInputTest {
	@TempDir
	Path directory = Path.of("");

	private static void refused(Path image, long memory, String... words) {
		TargetConfiguration configuration = TargetConfiguration.of(image).withMemory(memory);
		TargetException refusal = assertThrows(TargetException.class,
				() -> GuestFixture.await(EmbeddedTargets.launch(configuration)));
		String message = String.valueOf(refusal.getMessage());
		assertFalse(message.contains("\n"), message);
		for (String word : words) {
			assertTrue(message.contains(word), "'" + message + "' says '" + word + "'");
		}
		assertFalse(Thread.getAllStackTraces().keySet().stream()
				.anyMatch(thread -> thread.getName().equals("Hyperstep " + image.getFileName())), "nothing is left");
	}

	@Test
	void missingFile() {
		refused(directory.resolve("missing.elf"), 64 << 20, "missing.elf", "no such file");
	}

	@Test
	void directoryAsImage() throws Exception {
		refused(Files.createDirectory(directory.resolve("folder")), 64 << 20, "folder", "directory");
	}

	@Test
	void emptyFile() throws Exception {
		refused(Files.createFile(directory.resolve("empty.elf")), 64 << 20, "empty.elf", "empty");
	}

	@Test
	void notAnImage() throws Exception {
		refused(Files.writeString(directory.resolve("text.elf"), "just a text\n".repeat(1000)), 64 << 20, "text.elf");
	}

	@Test
	void truncatedElf() throws Exception {
		byte[] whole = Files.readAllBytes(GuestFixture.image(Sample.TICKER));
		refused(Files.write(directory.resolve("short.elf"), Arrays.copyOf(whole, 3000)), 64 << 20, "short.elf");
	}

	@Test
	void elfForAnotherMachine() throws Exception {
		byte[] arm = new byte[4096];
		System.arraycopy(new byte[] { 0x7f, 'E', 'L', 'F', 1, 1, 1 }, 0, arm, 0, 7);
		arm[16] = 2;
		arm[18] = 40;
		arm[20] = 1;
		arm[40] = 52;
		refused(Files.write(directory.resolve("arm.elf"), arm), 64 << 20, "arm.elf", "ARM");
	}

	@Test
	void imageLargerThanMemory() throws Exception {
		byte[] image = Files.readAllBytes(GuestFixture.image(Sample.TICKER));
		// The first loadable segment asks for 1 GB of memory.
		int programHeaders = (int) word(image, 32);
		for (int i = 0; i < image[56]; i++) {
			int at = programHeaders + i * 56;
			if (image[at] == 1) {
				image[at + 43] = 0x40;
				break;
			}
		}
		refused(Files.write(directory.resolve("huge.elf"), image), 64 << 20, "huge.elf", "memory");
	}

	private static long word(byte[] bytes, int at) {
		return java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(at);
	}

	@Test
	void memoryOfNothing() throws Exception {
		refused(GuestFixture.image(Sample.TICKER), 0, "memory");
	}

	@Test
	void memoryBeyondTheHost() throws Exception {
		refused(GuestFixture.image(Sample.TICKER), 256L << 30, "memory");
	}
}
