/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import org.hyperstep.cli.CommandLineFixture.Outcome;
import org.hyperstep.cli.bench.BootableCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests on the embedded engine, as the command line runs them. */
@SuppressWarnings("nls")
class RunTest {
	/**
	 * Echoes COM1 until it receives a 'q', then writes 5 to the debug-exit port:
	 *
	 * <pre>
	 * 1: mov $0x3fd,%edx; in (%dx),%al; test $1,%al; je 1b; mov $0x3f8,%edx; in (%dx),%al; out %al,(%dx)
	 *    cmp $'q',%al; jne 1b; mov $5,%eax; mov $0xf4,%edx; out %eax,(%dx); hlt
	 * </pre>
	 */
	private static final String ECHO = "bafd030000eca80174f6baf8030000ecee3c7175ebb805000000baf4000000eff4";

	private static Path image(Path directory, String hex) throws IOException {
		return Files.write(directory.resolve("guest.elf"), BootableCode.elf64(HexFormat.of().parseHex(hex)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "intel", "amd", "intel-v3,la57,-avx2", "AMD-v3" })
	void tickerEndsWithItsDebugExitStatusAndItsSerialOutputIsOnStdout(String cpu) {
		Outcome outcome = CommandLineFixture.execute("run", "ticker", "--cpu", cpu, "--append", "rounds=1", "--timeout",
				"120");
		assertEquals("", outcome.err());
		assertEquals(1, outcome.status());
		assertTrue(outcome.out().endsWith("ticker: ok\n"), outcome.out());
		assertTrue(outcome.out().contains("rounds=1 "), outcome.out());
	}

	@Test
	void theSameRunTwiceGivesTheSameOutputAndTheSameCounts() {
		String[] line = { "run", "ticker", "--append", "rounds=1 period=700", "--stats", "--timeout", "120" };
		Outcome first = CommandLineFixture.execute(line);
		Outcome second = CommandLineFixture.execute(line);
		assertEquals(first.out(), second.out());
		assertEquals(retired(first), retired(second));
	}

	private static String retired(Outcome outcome) {
		return outcome.err().lines().filter(text -> text.startsWith("instructions retired")).findFirst().orElseThrow();
	}

	@Test
	void statisticsNameInstructionsExitsAndTime() {
		Outcome outcome = CommandLineFixture.execute("run", "ticker", "--append", "rounds=1", "--stats", "--timeout",
				"120");
		for (String row : new String[] { "instructions retired", "virtual seconds", "host seconds",
				"instructions per second",
				"VM exits", "  EXTERNAL_INTERRUPT" }) {
			assertTrue(outcome.err().contains(row), outcome.err());
		}
	}

	@Test
	void aTripleFaultAHaltForEverAndATimeOutHaveStatusesOfTheirOwn() {
		Outcome fault = CommandLineFixture.execute("run", "triplefault", "--timeout", "120");
		assertEquals(ExitCode.TRIPLE_FAULT.status(), fault.status(), fault.err());
		assertTrue(fault.err().contains("triple-faulted on CPU 0 at 0x") && fault.err().contains("<main+"),
				fault.err());
		Outcome halt = CommandLineFixture.execute("run", "hltforever", "--timeout", "120");
		assertEquals(ExitCode.HALTED.status(), halt.status(), halt.err());
		Outcome loop = CommandLineFixture.execute("run", "deadloop", "--timeout", "0.5");
		assertEquals(ExitCode.TIMEOUT.status(), loop.status());
		assertEquals("hyperstep: the guest was ended after 0.5 seconds\n", loop.err());
	}

	@Test
	void stdinReachesTheGuestAndTheDebugExitCodeGivesTheStatus(@TempDir Path directory) throws IOException {
		InputStream typed = new ByteArrayInputStream("echo this, then q".getBytes(StandardCharsets.US_ASCII));
		Outcome outcome = CommandLineFixture.execute(typed, "run", image(directory, ECHO).toString(), "--timeout",
				"120");
		assertEquals("", outcome.err());
		assertEquals("echo this, then q", outcome.out());
		assertEquals(2 * 5 + 1, outcome.status());
	}

	@Test
	void aResetByTheGuestIsStatus0(@TempDir Path directory) throws IOException {
		// mov $0xfe,%al; out %al,$0x64; hlt
		Outcome outcome = CommandLineFixture.execute("run", image(directory, "b0fee664f4").toString(), "--no-reboot",
				"--timeout",
				"120");
		assertEquals(ExitCode.OK.status(), outcome.status(), outcome.err());
	}

	/** Writes 6 to port 0xcf9 unless the byte 0x40 of the CMOS RAM is 1, where it writes 5 to the debug-exit port. */
	private static final String RESET = "b040e670e471fec0e6713c02730ab006baf90c0000eeebfe90b8050000"
			+ "00baf4000000eff4";

	@Test
	void aResetStartsTheGuestAgainUnlessTheUserWantsItToEnd(@TempDir Path directory) throws IOException {
		String guest = image(directory, RESET).toString();
		assertEquals(11, CommandLineFixture.execute("run", guest, "--timeout", "120").status());
		Outcome ended = CommandLineFixture.execute("run", guest, "--no-reboot", "--timeout", "120");
		assertEquals(0, ended.status(), ended.err());
		Outcome both = CommandLineFixture.execute("run", guest, "--no-reboot", "--reboot-on-triple-fault");
		assertEquals(ExitCode.BAD_USAGE.status(), both.status());
	}

	@Test
	void theSecondSerialLineGoesIntoAFile(@TempDir Path directory) throws IOException {
		Path file = directory.resolve("second.txt");
		String code = "bafd020000ec24 60 baf8020000b068eeb069eeb800000000baf4000000eff4".replace(" ", "");
		Outcome outcome = CommandLineFixture.execute("run", image(directory, code).toString(), "--serial2",
				"file:" + file, "--timeout", "120");
		assertEquals(1, outcome.status(), outcome.err());
		assertEquals("hi", Files.readString(file));
		assertEquals("", outcome.out());
		Outcome refused = CommandLineFixture.execute("run", image(directory, code).toString(), "--serial2", "tape");
		assertTrue(refused.err().contains("none, loop or file:FILE"), refused.err());
	}

	@Test
	void theDebugConsoleAtPortE9PrintsAsTheSerialLineDoes(@TempDir Path directory) throws IOException {
		// MOV AL, 'h'; OUT 0e9h, AL; MOV AL, 'i'; OUT 0e9h, AL; MOV EAX, 0; MOV EDX, 0f4h; OUT DX, AL
		String code = "b068e6e9b069e6e9b800000000baf4000000eef4";
		Outcome outcome = CommandLineFixture.execute("run", image(directory, code).toString(), "--timeout", "120");
		assertEquals(1, outcome.status(), outcome.err());
		assertEquals("hi", outcome.out());
	}
}
