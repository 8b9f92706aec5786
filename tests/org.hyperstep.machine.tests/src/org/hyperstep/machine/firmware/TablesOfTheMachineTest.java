/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.acpi.FirmwareTables;
import org.junit.jupiter.api.Test;

/** SMBIOS and the multiprocessor table as a guest finds them: it searches the firmware's segment. */
@SuppressWarnings("nls")
class TablesOfTheMachineTest {
	private static final int SEGMENT = 0xf0000, SIZE = 0x10000, CPUS = 3;

	private final Machine machine = new Pc(CPUS).machine;
	private final byte[] memory = new byte[SIZE];

	TablesOfTheMachineTest() {
		FirmwareTables.place(machine);
		machine.physicalMemory().copyOut(SEGMENT, memory, 0, SIZE);
	}

	private int find(String anchor) {
		for (int at = 0; at < SIZE; at += 16) {
			if (text(at, anchor.length()).equals(anchor)) {
				return at;
			}
		}
		throw new AssertionError("no " + anchor);
	}

	private String text(int at, int length) {
		return new String(memory, at, length, StandardCharsets.ISO_8859_1);
	}

	private long number(int at, int size) {
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= (memory[at + i] & 0xffL) << 8 * i;
		}
		return value;
	}

	private int sum(int at, int length) {
		int sum = 0;
		for (int i = 0; i < length; i++) {
			sum += memory[at + i];
		}
		return sum & 0xff;
	}

	/** How many structures there are of each type. */
	private Map<Integer, Integer> structures(int from, int length) {
		Map<Integer, Integer> found = new TreeMap<>();
		int at = from;
		while (at < from + length) {
			found.merge(memory[at] & 0xff, 1, Integer::sum);
			at += memory[at + 1] & 0xff;
			while (memory[at] != 0 || memory[at + 1] != 0) {
				at++;
			}
			at += 2;
		}
		assertEquals(from + length, at);
		return found;
	}

	@Test
	void bothEntryPointsLeadToTheStructures() {
		int entry = find("_SM_");
		assertEquals(0, sum(entry, memory[entry + 5]));
		assertEquals("_DMI_", text(entry + 16, 5));
		assertEquals(0, sum(entry + 16, 15));
		int wide = find("_SM3_");
		assertEquals(0, sum(wide, memory[wide + 6]));
		assertEquals(number(entry + 24, 4), number(wide + 16, 8));
		int length = (int) number(entry + 22, 2);
		assertEquals(length, number(wide + 12, 4));
		Map<Integer, Integer> found = structures((int) number(entry + 24, 4) - SEGMENT, length);
		assertEquals(Map.of(0, 1, 1, 1, 3, 1, 4, CPUS, 16, 1, 17, 1, 19, 1, 32, 1, 127, 1), found);
		assertEquals(found.values().stream().mapToInt(count -> count).sum(), number(entry + 28, 2));
	}

	@Test
	void structuresAreAsLongAsTheirVersionSays() {
		int entry = find("_SM_");
		int at = (int) number(entry + 24, 4) - SEGMENT;
		Map<Integer, Integer> lengths = Map.of(0, 0x18, 1, 0x1b, 3, 0x16, 4, 0x30, 16, 0x17, 17, 0x28, 19, 0x1f, 32,
				0x0b,
				127, 4);
		for (long i = number(entry + 28, 2); i > 0; i--) {
			assertEquals(lengths.get(memory[at] & 0xff), memory[at + 1] & 0xff, "type " + memory[at]);
			if (memory[at] == 17) {
				assertEquals(16, number(at + 0x0c, 2), "megabytes");
			}
			at += memory[at + 1] & 0xff;
			while (memory[at] != 0 || memory[at + 1] != 0) {
				at++;
			}
			at += 2;
		}
	}

	@Test
	void theMultiprocessorTableListsProcessorsAndWires() {
		int pointer = find("_MP_");
		assertEquals(0, sum(pointer, 16));
		int table = (int) number(pointer + 4, 4) - SEGMENT;
		assertEquals("PCMP", text(table, 4));
		int length = (int) number(table + 4, 2);
		assertEquals(0, sum(table, length));
		List<Integer> kinds = new ArrayList<>();
		boolean timer = false;
		int at = table + 44;
		while (at < table + length) {
			kinds.add((int) memory[at]);
			timer |= memory[at] == 3 && memory[at + 4] == 1 && memory[at + 5] == 0 && memory[at + 7] == 2;
			at += memory[at] == 0 ? 20 : 8;
		}
		assertEquals(table + length, at);
		assertEquals(kinds.size(), number(table + 34, 2));
		assertEquals(CPUS, kinds.stream().filter(kind -> kind == 0).count());
		assertEquals(2, kinds.stream().filter(kind -> kind == 4).count());
		assertTrue(timer, "interrupt 0 of ISA goes to pin 2");
	}
}
