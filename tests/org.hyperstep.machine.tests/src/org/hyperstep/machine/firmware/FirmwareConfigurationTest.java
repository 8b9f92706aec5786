/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.hyperstep.machine.Pc;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

/** fw_cfg as its documentation in QEMU has it. */
@SuppressWarnings("nls")
class FirmwareConfigurationTest {
	private static final int SELECTOR = 0x510, DATA = 0x511, DIRECTORY = 0x19;
	private static final long REQUEST = 0x1000, TARGET = 0x2000;

	private final Pc pc = new Pc(3);
	private final PhysicalMemory memory = pc.machine.physicalMemory();

	private byte[] read(int item, int length) {
		pc.machine.ports().write(SELECTOR, 2, item);
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) pc.in(DATA);
		}
		return bytes;
	}

	private static long littleEndian(byte[] bytes, int at, int size) {
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= (bytes[at + i] & 0xffL) << 8 * i;
		}
		return value;
	}

	private static int bigEndian(byte[] bytes, int at) {
		return Integer.reverseBytes((int) littleEndian(bytes, at, 4));
	}

	private int carryOut(int control, long length, long address) {
		memory.write(REQUEST, 4, Integer.reverseBytes(control) & 0xffffffffL);
		memory.write(REQUEST + 4, 4, Integer.reverseBytes((int) length) & 0xffffffffL);
		memory.write(REQUEST + 8, 8, Long.reverseBytes(address));
		pc.machine.ports().write(0x518, 4, Integer.reverseBytes((int) REQUEST) & 0xffffffffL);
		return Integer.reverseBytes((int) memory.read(REQUEST, 4));
	}

	@Test
	void theSignatureAndTheNumbersAreThere() {
		assertEquals("QEMU", new String(read(0, 4), StandardCharsets.US_ASCII));
		assertEquals(3, littleEndian(read(1, 4), 0, 4));
		assertEquals(16 << 20, littleEndian(read(3, 8), 0, 8));
		assertEquals(3, littleEndian(read(5, 2), 0, 2));
	}

	@Test
	void behindAnItemAndWhereThereIsNoneAreZeros() {
		assertEquals(0, read(0, 6)[5]);
		assertEquals(0, read(0x1234, 1)[0]);
	}

	@Test
	void theDirectoryListsFilesByName() {
		pc.machine.device(FirmwareConfiguration.class).setBootOrder(List.of("/rom@a", "HALT"));
		int count = bigEndian(read(DIRECTORY, 4), 0);
		byte[] directory = read(DIRECTORY, 4 + 64 * count);
		boolean found = false;
		String before = "";
		for (int i = 0; i < count; i++) {
			int at = 4 + 64 * i;
			String name = new String(directory, at + 8, 56, StandardCharsets.US_ASCII).trim();
			assertEquals(true, before.compareTo(name) < 0, name);
			before = name;
			if (name.equals("bootorder")) {
				int selector = (directory[at + 4] & 0xff) << 8 | directory[at + 5] & 0xff;
				int length = bigEndian(directory, at);
				assertEquals("/rom@a\nHALT\0", new String(read(selector, length), StandardCharsets.US_ASCII));
				found = true;
			}
		}
		assertEquals(true, found);
	}

	@Test
	void aRequestSelectsSkipsAndReads() {
		assertEquals(0x51, pc.in(0x514));
		assertEquals(0x47, pc.in(0x51b));
		assertEquals(0, carryOut(8 | 4, 1, 0));
		assertEquals(0, carryOut(2, 5, TARGET));
		assertEquals(0x00554d45, memory.read(TARGET, 4));
	}

	@Test
	void requestsThatCannotBeCarriedOutSayError() {
		assertEquals(1, carryOut(2, 0xffffffffL, TARGET));
		assertEquals(1, carryOut(2, 4, 1L << 40));
		assertEquals(1, carryOut(16, 4, TARGET));
	}
}
