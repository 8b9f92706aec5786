/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.Pc;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables as a guest finds them, by the offsets of the ACPI specification. */
@SuppressWarnings("nls")
class FirmwareTablesTest {
	private static final long RSDP = 0xe0000;
	private PhysicalMemory memory = new Pc().machine.physicalMemory();

	private void place(int cpus) {
		Machine machine = new Pc(cpus).machine;
		memory = machine.physicalMemory();
		FirmwareTables.place(machine);
	}

	private byte[] bytes(long address, int length) {
		byte[] bytes = new byte[length];
		memory.copyOut(address, bytes, 0, length);
		return bytes;
	}

	private String text(long address, int length) {
		return new String(bytes(address, length), StandardCharsets.US_ASCII);
	}

	private int sum(long address, int length) {
		int sum = 0;
		for (byte b : bytes(address, length)) {
			sum += b;
		}
		return sum & 0xff;
	}

	/** The tables that the XSDT names, itself first, and the DSDT. */
	private List<Long> tables() {
		List<Long> tables = new ArrayList<>();
		long xsdt = memory.read(RSDP + 24, 8);
		tables.add(xsdt);
		for (long at = xsdt + 36; at < xsdt + memory.read(xsdt + 4, 4); at += 8) {
			tables.add(memory.read(at, 8));
		}
		tables.add(memory.read(table("FACP", tables) + 40, 4));
		return tables;
	}

	private long table(String signature, List<Long> tables) {
		return tables.stream().filter(at -> text(at, 4).equals(signature)).findFirst().orElseThrow();
	}

	@Test
	void rootPointerIsFoundByItsSignatureAndBothChecksums() {
		place(1);
		assertEquals(0, RSDP % 16);
		assertEquals("RSD PTR ", text(RSDP, 8));
		assertEquals(2, memory.read(RSDP + 15, 1));
		assertEquals(36, memory.read(RSDP + 20, 4));
		assertEquals(0, sum(RSDP, 20));
		assertEquals(0, sum(RSDP, 36));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, MachineDescription.MOST_CPUS })
	void everyTableLiesInItsRangeAndSumsUpToZero(int cpus) {
		place(cpus);
		List<Long> tables = tables();
		assertEquals(List.of("XSDT", "FACP", "APIC", "HPET", "DSDT"), tables.stream().map(at -> text(at, 4)).toList());
		for (long table : tables) {
			int length = (int) memory.read(table + 4, 4);
			assertEquals(0, sum(table, length), text(table, 4));
			assertTrue(table >= MemoryMap.ACPI && table + length <= MemoryMap.ACPI_NVS, text(table, 4));
		}
	}

	@Test
	void memoryMapReportsTheTablesAsReclaimableAndTheControlStructureAsNonVolatile() {
		List<MemoryMap.Range> ranges = MemoryMap.of(16 << 20).ranges();
		assertTrue(ranges.contains(new MemoryMap.Range(0xe0000, 0x2000, MemoryMap.Kind.ACPI_RECLAIMABLE)));
		assertTrue(ranges.contains(new MemoryMap.Range(0xe2000, 0x1000, MemoryMap.Kind.ACPI_NVS)));
		assertEquals(3, MemoryMap.Kind.ACPI_RECLAIMABLE.code());
		assertEquals(4, MemoryMap.Kind.ACPI_NVS.code());
		for (int i = 1; i < ranges.size(); i++) {
			assertTrue(ranges.get(i - 1).end() <= ranges.get(i).start());
		}
	}

	@ParameterizedTest
	@CsvSource({ "46,2,9", "48,4,0", "56,4,0x600", "64,4,0x604", "76,4,0x608", "80,4,0", "88,1,4", "89,1,2", "91,1,4",
			"96,2,0xfff", "98,2,0xfff", "108,1,0x32", "109,2,0x3", "112,4,0x425", "116,4,0x01000801", "120,8,0xcf9",
			"128,1,6", "132,8,0", "148,4,0x03002001", "152,8,0x600", "172,4,0x02001001", "176,8,0x604",
			"208,4,0x03002001", "212,8,0x608", "4,4,244" })
	void fixedTableSaysAtEachOffsetWhatTheMachineHas(String offset, int size, String value) {
		place(2);
		long fadt = table("FACP", tables());
		assertEquals(Long.decode(value), memory.read(fadt + Long.decode(offset), size));
		assertEquals(memory.read(fadt + 40, 4), memory.read(fadt + 140, 8));
	}

	@Test
	void resetRegisterAndItsValueResetTheMachine() {
		Pc pc = new Pc();
		FirmwareTables.place(pc.machine);
		pc.out(0xcf9, 6);
		assertTrue(pc.machine.exitRequest() != null);
	}

	@Test
	void controlStructureIsAlignedTo64BytesAndHasItsLength() {
		place(1);
		long facs = memory.read(table("FACP", tables()) + 36, 4);
		assertEquals(MemoryMap.ACPI_NVS, facs);
		assertEquals(0, facs % 64);
		assertEquals("FACS", text(facs, 4));
		assertEquals(64, memory.read(facs + 4, 4));
		assertEquals(1, memory.read(facs + 32, 1));
	}

	@Test
	void differentiatedTableDefinesSleepAndSoftOff() {
		place(1);
		long dsdt = table("DSDT", tables());
		byte[] soft = { 0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0, 0, 0, 0 };
		byte[] start = bytes(dsdt + 36, 64);
		int second = text(dsdt + 36, 64).indexOf("_S5_") - 1;
		assertEquals("_S3_", text(dsdt + 37, 4));
		assertArrayEquals(soft, Arrays.copyOfRange(start, second, second + soft.length));
	}

	@Test
	void interruptTableListsProcessorsIoApicOverridesAndNmi() {
		place(2);
		long madt = table("APIC", tables());
		byte[] entries = { 0, 8, 0, 0, 1, 0, 0, 0, //
				0, 8, 1, 1, 1, 0, 0, 0, //
				1, 12, 0, 0, 0, 0, (byte) 0xc0, (byte) 0xfe, 0, 0, 0, 0, //
				2, 10, 0, 0, 2, 0, 0, 0, 0, 0, //
				2, 10, 0, 9, 9, 0, 0, 0, 0x0d, 0, //
				2, 10, 0, 10, 10, 0, 0, 0, 0x0d, 0, //
				2, 10, 0, 11, 11, 0, 0, 0, 0x0d, 0, //
				4, 6, (byte) 0xff, 0, 0, 1 };
		assertEquals(0xfee00000L, memory.read(madt + 36, 4));
		assertEquals(1, memory.read(madt + 40, 4));
		assertEquals(44 + entries.length, memory.read(madt + 4, 4));
		assertArrayEquals(entries, bytes(madt + 44, entries.length));
	}

	@Test
	void fieldsAreFoundByTheirNames() {
		assertEquals(76, AcpiTables.fixed(0, 0, 0).offset("PM_TMR_BLK"));
		assertEquals(208, AcpiTables.fixed(0, 0, 0).offset("X_PM_TMR_BLK"));
		assertThrows(IllegalArgumentException.class, () -> AcpiTables.control().offset("PM_TMR_BLK"));
	}

	@Test
	void packageLengthsGrowWithWhatTheyCount() {
		assertEquals(0x3f, Aml.buffer(new byte[60])[1]);
		assertArrayEquals(new byte[] { 0x11, 0x41, 0x04, 0x0a, 61 }, Arrays.copyOf(Aml.buffer(new byte[61]), 5));
		assertThrows(IllegalArgumentException.class, () -> Aml.packageOf(new byte[256][0]));
		assertThrows(IllegalArgumentException.class, () -> Aml.buffer(new byte[1 << 20]));
	}

	@Test
	void identifiersAreCompressed() {
		assertArrayEquals(new byte[] { 0x0c, 0x41, (byte) 0xd0, 0x0a, 0x03 }, Aml.eisaId("PNP0A03"));
	}

	@Test
	void rootTableNamesTheSameTablesAsTheExtendedOne() {
		place(2);
		long rsdt = memory.read(RSDP + 16, 4);
		List<Long> tables = tables();
		assertEquals("RSDT", text(rsdt, 4));
		for (int i = 0; i < 3; i++) {
			assertEquals(tables.get(i + 1), memory.read(rsdt + 36 + 4 * i, 4));
		}
		assertEquals(0, sum(rsdt, (int) memory.read(rsdt + 4, 4)));
	}

	/** Intel's own compiler takes the tables apart and, put together again, they are the same. */
	@Test
	void iaslDecompilesEveryTable(@TempDir Path directory) throws Exception {
		if (!Files.isExecutable(Path.of("/usr/bin/iasl"))) {
			String skipped = "SKIPPED: the ACPI tables are not decompiled: iasl (Debian's package acpica-tools) is missing";
			System.err.println(skipped);
			Assumptions.abort(skipped);
		}
		place(4);
		for (long table : tables()) {
			String name = text(table, 4).toLowerCase(Locale.ROOT);
			Files.write(directory.resolve(name + ".aml"), bytes(table, (int) memory.read(table + 4, 4)));
			run(directory, "iasl", "-d", name + ".aml");
			String source = Files.readString(directory.resolve(name + ".dsl"));
			assertTrue(!source.contains("ERROR") && !source.contains("Incorrect checksum"), source);
			if (name.equals("dsdt")) {
				for (String wanted : List.of("PNP0A03", "PNP0501", "PNP0303", "PNP0F13", "PNP0B00", "PNP0103",
						"_PRT")) {
					assertTrue(source.contains(wanted), wanted);
				}
				run(directory, "iasl", "-p", "again", name + ".dsl");
			}
		}
	}

	private static void run(Path directory, String... command) throws Exception {
		Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertEquals(0, process.waitFor(), output);
		assertTrue(!output.contains(" Errors") || output.contains("0 Errors"), output);
	}
}
