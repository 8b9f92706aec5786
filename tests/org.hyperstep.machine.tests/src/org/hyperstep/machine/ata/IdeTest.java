/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.disk.DriveRequest.Bus;
import org.hyperstep.machine.disk.MemoryDisk;
import org.hyperstep.machine.pci.ConfigSpace;
import org.hyperstep.machine.pci.PciAddress;
import org.junit.jupiter.api.Test;

/** IDE as a driver sees it: ports, interrupts, direct memory access. */
@SuppressWarnings("nls")
class IdeTest {
	private static final int PRIMARY = 0x1f0, SECONDARY = 0x170, BUS_MASTER = 0xc000;
	private static final int TABLE = 0x10000, MEMORY = 0x20000;
	private static final int READY = 0x50, DATA_READY = 0x58, FAILED = 0x51;

	private final MemoryDisk disk = new MemoryDisk(pattern(4 << 20), false);
	private final MemoryDisk cd = new MemoryDisk(pattern(2 << 20), true);
	private final Pc pc = new Pc(MachineDescription.pc(16L << 20, 1, CpuVendor.INTEL).with(List.of(IdeController.row(
			List.of(disk.drive(false, Bus.IDE), disk.drive(false, Bus.IDE), cd.drive(true, Bus.IDE))))));

	IdeTest() {
		ConfigSpace config = java.util.Objects.requireNonNull(pc.machine.pci().at(new PciAddress(1, 1))).config();
		config.write(0x20, 4, BUS_MASTER);
		config.write(4, 2, 7);
	}

	private static byte[] pattern(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private void taskFile(int base, int device, long sector, int count, int command) {
		pc.out(base + 6, device | 0xe0 | (int) (sector >> 24) & 0xf);
		pc.out(base + 2, count);
		pc.out(base + 3, (int) sector);
		pc.out(base + 4, (int) (sector >> 8));
		pc.out(base + 5, (int) (sector >> 16));
		pc.out(base + 7, command);
	}

	private byte[] readData(int base, int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i += 2) {
			long word = pc.machine.ports().read(base, 2);
			bytes[i] = (byte) word;
			bytes[i + 1] = (byte) (word >> 8);
		}
		return bytes;
	}

	private void writeData(int base, byte[] bytes) {
		for (int i = 0; i < bytes.length; i += 4) {
			pc.machine.ports().write(base, 4, bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff) << 16
					| (bytes[i + 3] & 0xffL) << 24);
		}
	}

	private boolean interruptRequested(int base) {
		boolean secondary = base == SECONDARY;
		pc.out(0xa0, 0x0a);
		return (pc.in(0xa0) & (secondary ? 0x80 : 0x40)) != 0;
	}

	private byte[] memory(int length) {
		byte[] bytes = new byte[length];
		pc.machine.physicalMemory().copyOut(MEMORY, bytes, 0, length);
		return bytes;
	}

	private void regions(int... sizes) {
		int at = MEMORY;
		for (int i = 0; i < sizes.length; i++) {
			pc.machine.physicalMemory().write(TABLE + 8 * i, 4, at);
			pc.machine.physicalMemory().write(TABLE + 8 * i + 4, 4,
					sizes[i] & 0xffff | (i == sizes.length - 1 ? 0x80000000L : 0));
			at += sizes[i];
		}
	}

	private void startBusMaster(int channel, boolean toMemory) {
		pc.machine.ports().write(BUS_MASTER + 8 * channel + 4, 4, TABLE);
		pc.out(BUS_MASTER + 8 * channel + 2, 6);
		pc.out(BUS_MASTER + 8 * channel, toMemory ? 9 : 1);
	}

	private void packet(int limit, int features, int... bytes) {
		pc.out(SECONDARY + 6, 0xa0);
		pc.out(SECONDARY + 1, features);
		pc.out(SECONDARY + 4, limit);
		pc.out(SECONDARY + 5, limit >> 8);
		pc.out(SECONDARY + 7, 0xa0);
		assertEquals(DATA_READY, pc.in(SECONDARY + 7));
		byte[] packet = new byte[12];
		for (int i = 0; i < bytes.length; i++) {
			packet[i] = (byte) bytes[i];
		}
		writeData(SECONDARY, packet);
	}

	@Test
	void drivesShowTheirSignatureAfterAReset() {
		pc.out(0x3f6, 4);
		assertEquals(0x80, pc.in(0x3f6));
		pc.out(0x3f6, 0);
		assertEquals(READY, pc.in(0x3f6));
		assertEquals(0x0101, pc.in(PRIMARY + 2) | pc.in(PRIMARY + 3) << 8);
		assertEquals(0, pc.in(PRIMARY + 4) | pc.in(PRIMARY + 5));
		assertEquals(0xeb14, pc.in(SECONDARY + 4) | pc.in(SECONDARY + 5) << 8);
		pc.out(SECONDARY + 6, 0xb0);
		assertEquals(0, pc.in(SECONDARY + 7), "no slave");
	}

	@Test
	void identifyTellsTheSize() {
		taskFile(PRIMARY, 0, 0, 0, 0xec);
		assertTrue(interruptRequested(PRIMARY));
		assertEquals(DATA_READY, pc.in(PRIMARY + 7));
		byte[] data = readData(PRIMARY, 512);
		assertEquals(8192, data[120] & 0xff | (data[121] & 0xff) << 8);
		assertEquals(8192, data[200] & 0xff | (data[201] & 0xff) << 8);
		assertEquals("yHepsret pidks", new String(data, 54, 14));
		assertEquals(READY, pc.in(PRIMARY + 7));
	}

	@Test
	void sectorsAreReadAndWrittenByPorts() {
		taskFile(PRIMARY, 0, 5, 2, 0x20);
		byte[] read = readData(PRIMARY, 1024);
		assertArrayEquals(Arrays.copyOfRange(disk.bytes, 5 * 512, 7 * 512), read);
		assertEquals(READY, pc.in(PRIMARY + 7));
		byte[] change = pattern(1024);
		taskFile(PRIMARY, 0x10, 9, 2, 0x30);
		assertEquals(DATA_READY, pc.in(PRIMARY + 7));
		writeData(PRIMARY, change);
		assertEquals(READY, pc.in(PRIMARY + 7));
		assertArrayEquals(change, Arrays.copyOfRange(disk.bytes, 9 * 512, 11 * 512));
		taskFile(PRIMARY, 0, 0, 0, 0xe7);
		assertEquals(1, disk.flushes);
	}

	@Test
	void severalSectorsAreMovedPerInterrupt() {
		pc.initialisePic();
		taskFile(PRIMARY, 0, 0, 8, 0xc6);
		pc.in(PRIMARY + 7);
		taskFile(PRIMARY, 0, 100, 12, 0xc4);
		int interrupts = 0;
		byte[] all = new byte[12 * 512];
		for (int done = 0; done < all.length;) {
			interrupts += interruptRequested(PRIMARY) ? 1 : 0;
			assertEquals(DATA_READY, pc.in(PRIMARY + 7));
			int part = Math.min(8 * 512, all.length - done);
			System.arraycopy(readData(PRIMARY, part), 0, all, done, part);
			done += part;
		}
		assertEquals(2, interrupts);
		assertArrayEquals(Arrays.copyOfRange(disk.bytes, 100 * 512, 112 * 512), all);
	}

	@Test
	void addressesOf48BitsTakeThePreviousContents() {
		pc.out(PRIMARY + 6, 0xe0);
		for (int[] write : new int[][] { { 2, 0 }, { 3, 0 }, { 4, 0 }, { 5, 0 }, { 2, 1 }, { 3, 0x34 }, { 4, 0x12 },
				{ 5, 0 }, { 7, 0x24 } }) {
			pc.out(PRIMARY + write[0], write[1]);
		}
		assertArrayEquals(Arrays.copyOfRange(disk.bytes, 0x1234 * 512, 0x1235 * 512), readData(PRIMARY, 512));
	}

	@Test
	void theBusMasterGathersAndScatters() {
		regions(512, 1024, 512);
		taskFile(PRIMARY, 0, 20, 4, 0xc8);
		startBusMaster(0, true);
		assertTrue(interruptRequested(PRIMARY));
		assertEquals(4, pc.in(BUS_MASTER + 2) & 7);
		assertEquals(READY, pc.in(PRIMARY + 7));
		assertArrayEquals(Arrays.copyOfRange(disk.bytes, 20 * 512, 24 * 512), memory(2048));
		pc.out(BUS_MASTER, 0);
		byte[] change = pattern(2048);
		pc.machine.physicalMemory().copyIn(MEMORY, change, 0, 2048);
		taskFile(PRIMARY, 0, 40, 4, 0xca);
		startBusMaster(0, false);
		assertArrayEquals(change, Arrays.copyOfRange(disk.bytes, 40 * 512, 44 * 512));
	}

	@Test
	void aTableThatIsTooShortIsAnErrorAndAHostileOneEnds() {
		regions(512);
		taskFile(PRIMARY, 0, 20, 4, 0xc8);
		startBusMaster(0, true);
		assertEquals(2, pc.in(BUS_MASTER + 2) & 3);
		assertEquals(FAILED, pc.in(PRIMARY + 7));
		pc.out(BUS_MASTER, 0);
		for (int i = 0; i < 0x10000; i += 8) {
			pc.machine.physicalMemory().write(TABLE + i, 8, 2L << 32 | MEMORY);
		}
		taskFile(PRIMARY, 0, 20, 0, 0xc8);
		startBusMaster(0, true);
		assertEquals(FAILED, pc.in(PRIMARY + 7));
	}

	@Test
	void whatCannotBeDoneIsAnError() {
		taskFile(PRIMARY, 0, 8191, 2, 0x20);
		assertEquals(FAILED, pc.in(PRIMARY + 7));
		assertEquals(0x10, pc.in(PRIMARY + 1));
		taskFile(PRIMARY, 0, 0, 1, 0x87);
		assertEquals(4, pc.in(PRIMARY + 1));
		disk.damagedAt = 3 * 512;
		taskFile(PRIMARY, 0, 2, 2, 0x20);
		readData(PRIMARY, 512);
		assertEquals(FAILED, pc.in(PRIMARY + 7));
		assertEquals(0x40, pc.in(PRIMARY + 1));
	}

	@Test
	void aMaskedInterruptStaysAway() {
		pc.out(0x3f6, 2);
		taskFile(PRIMARY, 0, 0, 1, 0x20);
		pc.out(0xa0, 0x0a);
		assertEquals(false, interruptRequested(PRIMARY));
		pc.out(0x3f6, 0);
		assertTrue(interruptRequested(PRIMARY));
	}

	@Test
	void theCdIsReadByPacketsInTheHostsParts() {
		packet(0x1000, 0, 0x28, 0, 0, 0, 0, 3, 0, 0, 3);
		byte[] all = new byte[3 * 2048];
		for (int done = 0; done < all.length;) {
			assertEquals(2, pc.in(SECONDARY + 2));
			int part = pc.in(SECONDARY + 4) | pc.in(SECONDARY + 5) << 8;
			assertEquals(Math.min(0x1000, all.length - done), part);
			System.arraycopy(readData(SECONDARY, part), 0, all, done, part);
			done += part;
		}
		assertEquals(3, pc.in(SECONDARY + 2));
		assertEquals(READY, pc.in(SECONDARY + 7));
		assertArrayEquals(Arrays.copyOfRange(cd.bytes, 3 * 2048, 6 * 2048), all);
	}

	@Test
	void theCdIsReadByTheBusMaster() {
		regions(4096);
		packet(0, 1, 0x28, 0, 0, 0, 0, 7, 0, 0, 2);
		startBusMaster(1, true);
		assertEquals(READY, pc.in(SECONDARY + 7));
		assertArrayEquals(Arrays.copyOfRange(cd.bytes, 7 * 2048, 9 * 2048), memory(4096));
	}

	@Test
	void theCdTellsItsSizeAndWhyItRefused() {
		packet(0x1000, 0, 0x25);
		byte[] capacity = readData(SECONDARY, 8);
		assertArrayEquals(new byte[] { 0, 0, 3, (byte) 0xff, 0, 0, 8, 0 }, capacity);
		packet(0x1000, 0, 0x28, 0, 0, 0, 4, 0, 0, 0, 1);
		assertEquals(FAILED, pc.in(SECONDARY + 7));
		assertEquals(0x54, pc.in(SECONDARY + 1));
		packet(0x1000, 0, 3, 0, 0, 0, 18);
		byte[] sense = readData(SECONDARY, 18);
		assertEquals(5, sense[2]);
		assertEquals(0x21, sense[12]);
	}
}
