/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.hyperstep.cli.CommandLineFixture.Outcome;
import org.hyperstep.debug.TargetException;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine.TypeConversionException;

/** Bad usage and bad input end with status 2 and one line on stderr; help and lists go to stdout. */
@SuppressWarnings("nls")
class UsageTest {
	private static void refused(Outcome outcome, String... words) {
		assertEquals(ExitCode.BAD_USAGE.status(), outcome.status(), outcome.err());
		assertEquals("", outcome.out());
		assertTrue(outcome.err().startsWith("hyperstep: "), outcome.err());
		assertEquals(1, outcome.err().lines().count(), outcome.err());
		for (String word : words) {
			assertTrue(outcome.err().contains(word), outcome.err() + " -- lacks: " + word);
		}
	}

	private static void runRefused(String option, String value, String... words) {
		refused(CommandLineFixture.execute("run", "ticker", option, value), words);
	}

	@Test
	void commandsAndOptionsThatDoNotExistAreRefused() {
		refused(CommandLineFixture.execute(), "a command is missing");
		refused(CommandLineFixture.execute("walk"), "walk");
		refused(CommandLineFixture.execute("run"), "IMAGE", "run --help");
		refused(CommandLineFixture.execute("run", "ticker", "--fast"), "--fast");
	}

	@Test
	void badDisksAndWaysToBootAreRefused() {
		runRefused("--disk", "/none", "/none: no such file");
		runRefused("--disk", "x,color=blue", "'color=blue' says nothing about a drive");
		runRefused("--cdrom", "/none", "/none: no such file");
		runRefused("--initrd", "/none,text=words", "/none: no such file");
		runRefused("--initrd", ",text=words", "--initrd: a module needs the name of its file");
		runRefused("--boot", "floppy", "'floppy' is no way to boot", "linux64", "flat:ADDRESS");
		runRefused("--boot", "flat:here", "'here' is not an address");
		runRefused("--boot", "linux64", "cannot be booted by Linux's 64-bit boot protocol", "it offers PVH");
		runRefused("--boot", "bios", "is no firmware image");
		runRefused("--bios", "/none", "either an IMAGE or --bios");
		refused(CommandLineFixture.execute("run", "--bios", "/none"), "/none: no such file");
	}

	@Test
	void optionsOutOfRangeAreRefused() {
		runRefused("--memory", "0", "memory of 0 bytes");
		runRefused("--memory", "1M", "too small");
		runRefused("--memory", "100000G", "beyond");
		long tooMuch = (Runtime.getRuntime().maxMemory() >> 20) + 1;
		runRefused("--memory", tooMuch + "M", "memory of " + tooMuch + " MB is more than this process can give");
		runRefused("--memory", "much", "'much' is not an amount of memory");
		runRefused("--smp", "0", "0 CPUs");
		runRefused("--smp", "65", "65 CPUs");
		runRefused("--smp", "two", "--smp");
		runRefused("--cpu", "arm", "--cpu", "'arm' is no processor; there are intel and amd");
		runRefused("--cpu", "amd-v4", "--cpu", "'amd-v4' is no processor");
		runRefused("--cpu", "intel,sse5", "--cpu", "'sse5' is no feature to choose; there are abm, ");
		runRefused("--cpu", "intel,sse4a", "no processor of INTEL has the feature sse4a");
		runRefused("--timeout", "0", "--timeout");
		runRefused("--timeout", "-1", "--timeout");
	}

	@Test
	void imagesThatCannotBeLoadedAreRefused(@TempDir Path directory) throws IOException {
		refused(CommandLineFixture.execute("run", "tickle"), "tickle", "no sample of that name", "ticker");
		refused(CommandLineFixture.execute("run", directory.resolve("none").toString()), "no such file");
		refused(CommandLineFixture.execute("run", directory.toString()), "is a directory");
		Path text = Files.writeString(directory.resolve("text"), "no image at all");
		refused(CommandLineFixture.execute("run", text.toString()), "text", "is not a guest image");
		Path image = Sample.TICKER.copyTo(directory);
		refused(CommandLineFixture.execute("run", image.toString(), "--initrd", directory.resolve("lost").toString()),
				"lost",
				"no such file");
		Files.write(image, java.util.Arrays.copyOf(Files.readAllBytes(image), 5000));
		refused(CommandLineFixture.execute("run", image.toString()), "truncated");
	}

	@Test
	void aRefusalOfTheEngineIsToldInOneLine() {
		refused(CommandLineFixture.execute(new ByteArrayInputStream(new byte[0]), configuration -> {
			throw new TargetException("no\nroom");
		}, "run", "ticker"), "no room");
	}

	@Test
	void anErrorOfOursIsToldWithoutATrace() {
		Outcome outcome = CommandLineFixture.execute(new ByteArrayInputStream(new byte[0]), configuration -> {
			throw new IllegalStateException("broken");
		}, "run", "ticker");
		assertEquals(ExitCode.FAILED.status(), outcome.status());
		assertEquals(1, outcome.err().lines().count(), outcome.err());
		assertTrue(outcome.err().contains("internal error") && outcome.err().contains("broken"), outcome.err());
	}

	@Test
	void helpExplainsEveryOptionAndEveryExitStatus() {
		Outcome outcome = CommandLineFixture.execute("run", "--help");
		assertEquals(0, outcome.status());
		for (String option : new String[] { "--cpu", "--memory", "--append", "--initrd", "--smp", "--timeout",
				"--stats" }) {
			assertTrue(outcome.out().contains(option), option);
		}
		for (ExitCode code : ExitCode.values()) {
			assertTrue(outcome.out().contains("\n  " + code.status() + " "), code.name());
			assertTrue(code.status() % 2 == 0, code + " could be a debug exit's");
		}
		for (String command : new String[] { "run", "bench", "samples", "disassemble" }) {
			assertTrue(CommandLineFixture.execute("--help").out().contains("  " + command), command);
			assertEquals(0, CommandLineFixture.execute(command, "--help").status());
		}
	}

	@Test
	void samplesListsThemAll() {
		Outcome outcome = CommandLineFixture.execute("samples");
		for (Sample sample : Sample.values()) {
			assertTrue(outcome.out().contains(sample.label() + " "), sample.label());
		}
	}

	@Test
	void memoryIsWrittenWithASuffixOrInMegabytes() {
		assertEquals(256L << 20, MemorySize.parse("256M").bytes());
		assertEquals(256L << 20, MemorySize.parse("256").bytes());
		assertEquals(2L << 30, MemorySize.parse("2GiB").bytes());
		assertEquals(4096L << 10, MemorySize.parse("4096k").bytes());
		for (String bad : new String[] { "", "-1M", "1.5G", "0x10", "9999999999999M", "1T" }) {
			assertThrows(TypeConversionException.class, () -> MemorySize.parse(bad), bad);
		}
		assertThrows(TypeConversionException.class, () -> MemorySize.parse("999999999999G"));
	}

	@Test
	void disassembleShowsAFunctionInBothSyntaxes() {
		Outcome intel = CommandLineFixture.execute("disassemble", "ticker", "--from", "multiboot_entry", "--bits",
				"32");
		assertEquals(0, intel.status(), intel.err());
		assertTrue(intel.out().contains("<multiboot_entry>:"), intel.out());
		assertTrue(intel.out().contains("mov    ebp,0x1"), intel.out());
		Outcome att = CommandLineFixture.execute("disassemble", "ticker", "--from", "multiboot_entry", "--bits", "32",
				"--att");
		assertTrue(att.out().contains("$0x1,%ebp"), att.out());
		refused(CommandLineFixture.execute("disassemble", "ticker", "--from", "nobody"), "no symbol nobody");
		refused(CommandLineFixture.execute("disassemble", "ticker", "--from", "main", "--bits", "8"), "--bits");
	}
}
