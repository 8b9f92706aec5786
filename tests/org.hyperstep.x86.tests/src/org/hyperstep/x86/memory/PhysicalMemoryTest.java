/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class PhysicalMemoryTest {
	private final PhysicalMemory memory = new PhysicalMemory();
	private final List<String> log = new ArrayList<>();

	PhysicalMemoryTest() {
		memory.addRam(0, 0x2000);
		memory.addDevice(0x2000, 0x10, new MmioDevice() {
			@Override
			public long read(long offset, int size) {
				log.add("read " + offset + " " + size);
				return 0x11_2233_4455_6677L;
			}

			@Override
			public void write(long offset, int size, long value) {
				log.add("write " + offset + " " + size + " " + Long.toHexString(value));
			}
		});
		memory.addRam(1L << 40, 0x1000);
	}

	@Test
	void ramIsLittleEndianAtAnyAlignment() {
		memory.write(0xfff, 8, 0x0102_0304_0506_0708L);
		assertEquals(0x08, memory.read(0xfff, 1));
		assertEquals(0x0506_0708, memory.read(0xfff, 4));
		assertEquals(0x0102_0304_0506_0708L, memory.read(0xfff, 8));
	}

	@Test
	void openBusReadsAllOnesAndDropsWrites() {
		memory.write(0x8000_0000L, 4, 5);
		assertEquals(0xffff_ffffL, memory.read(0x8000_0000L, 4));
		assertEquals(0xff, memory.read(0x3000, 1));
		assertEquals(-1, memory.read(0x3000, 8));
	}

	@Test
	void deviceSeesOffsetAndSizeAndItsValueIsTruncated() {
		assertEquals(0x6677, memory.read(0x2004, 2));
		memory.write(0x2008, 4, 0x99);
		assertEquals(List.of("read 4 2", "write 8 4 99"), log);
	}

	@Test
	void accessAcrossTheBorderOfRamAndDeviceIsSplitIntoBytes() {
		memory.write(0x1ffe, 2, 0xbbaa);
		assertEquals(0x7777_bbaaL & 0xffff, memory.read(0x1ffe, 4) & 0xffff);
		assertEquals(List.of("read 0 1", "read 1 1"), log);
		log.clear();
		memory.write(0x200f, 2, 0x4321);
		assertEquals(List.of("write 15 1 21"), log);
	}

	@Test
	void rangesMayNotOverlap() {
		assertThrows(IllegalArgumentException.class, () -> memory.addRam(0x1000, 0x1000));
		assertThrows(IllegalArgumentException.class, () -> memory.addRam(0x2000, 0x1000));
		assertThrows(IllegalArgumentException.class, () -> memory.addRam(0x5001, 0x1000));
	}

	@Test
	void storesIntoMarkedLinesAreToldBeforeTheyHappenAndOthersAreNot() {
		memory.addCodeListener((address, length) -> {
			log.add(Long.toHexString(address) + "+" + length + "=" + memory.read(address, 1));
			return log.size() < 2 ? 1L << 1 : 0;
		});
		memory.write(0x1040, 1, 7);
		memory.markCode(0x1040, 64);
		memory.write(0x103f, 1, 1);
		memory.write(0x1080, 1, 1);
		memory.write(0x1040, 1, 9);
		memory.write(0x103c, 8, 0);
		memory.write(0x1040, 1, 3);
		assertEquals(List.of("1040+1=7", "103c+8=0"), log);
	}

	@Test
	void bulkCopiesSkipDevicesAndTellOfCode() {
		memory.addCodeListener((address, length) -> {
			log.add(Long.toHexString(address) + "+" + length);
			return 0;
		});
		memory.markCode(0x1ff0, 4);
		byte[] bytes = new byte[0x20];
		java.util.Arrays.fill(bytes, (byte) 5);
		assertEquals(0x10, memory.copyIn(0x1ff0, bytes, 0, bytes.length));
		byte[] back = new byte[0x20];
		memory.copyOut(0x1ff0, back, 0, back.length);
		assertEquals(5, back[0xf]);
		assertEquals(-1, back[0x10]);
		assertEquals(List.of("1ff0+16"), log);
	}

	@Test
	void highBanksAreFound() {
		memory.write((1L << 40) + 8, 8, 42);
		assertEquals(42, memory.read((1L << 40) + 8, 8));
	}
}
