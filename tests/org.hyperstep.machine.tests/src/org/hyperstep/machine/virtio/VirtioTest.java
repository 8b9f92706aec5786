/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.disk.DriveRequest.Bus;
import org.hyperstep.machine.disk.MemoryDisk;
import org.junit.jupiter.api.Test;

/** virtio devices as a driver sees them, a hostile one too. */
@SuppressWarnings("nls")
class VirtioTest {
	private static final int HEADER = VirtioDriver.BUFFERS, DATA = HEADER + 0x1000, STATUS = HEADER + 0x800;
	private static final int HOSTILE = Boolean.getBoolean("hyperstep.nightly") ? 1_000_000 : 20_000;

	private final MemoryDisk disk = new MemoryDisk(pattern(1 << 20), false);
	private final Pc pc = new Pc(MachineDescription.pc(16L << 20, 1, CpuVendor.INTEL)
			.with(List.of(VirtioBlock.row(disk.drive(false, Bus.VIRTIO), 0), VirtioConsole.row())));
	private final int first = firstDevice();
	private final VirtioDriver block = new VirtioDriver(pc, first);

	/** The devices take the first places that the PC's own functions leave. */
	private int firstDevice() {
		return pc.machine.pci().functions().stream().filter(function -> function.config().read(0, 4) == 0x10421af4L)
				.findFirst().orElseThrow().address().device();
	}

	private static byte[] pattern(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private byte[] memory(long at, int length) {
		byte[] bytes = new byte[length];
		pc.machine.physicalMemory().copyOut(at, bytes, 0, length);
		return bytes;
	}

	private int execute(int kind, long sector, int length, boolean fromDevice) {
		block.memory.write(HEADER, 8, kind);
		block.memory.write(HEADER + 8, 8, sector);
		block.memory.write(STATUS, 1, 0x77);
		block.request(HEADER, 16, DATA, length, fromDevice, STATUS);
		return (int) block.memory.read(STATUS, 1);
	}

	@Test
	void aDiskIsReadAndWritten() {
		block.start(1);
		assertEquals(2048, block.read(0x2000, 8));
		assertEquals(0, execute(0, 6, 1024, true));
		assertArrayEquals(Arrays.copyOfRange(disk.bytes, 6 * 512, 8 * 512), memory(DATA, 1024));
		assertEquals(1025, block.givenLength(0));
		byte[] change = pattern(512);
		pc.machine.physicalMemory().copyIn(DATA, change, 0, 512);
		assertEquals(0, execute(1, 9, 512, false));
		assertArrayEquals(change, Arrays.copyOfRange(disk.bytes, 9 * 512, 10 * 512));
		assertEquals(0, execute(8, 0, 20, true));
		assertEquals("hyperstep-0", new String(memory(DATA, 11)));
		assertEquals(3, block.given(0));
	}

	@Test
	void aFlushReachesTheDiskAndWhatCannotBeDoneIsAnError() {
		block.start(1);
		assertEquals(0, execute(4, 0, 0, false));
		assertEquals(1, disk.flushes);
		assertEquals(1, execute(0, 2047, 1024, true));
		assertEquals(1, execute(0, -1, 512, true));
		assertEquals(1, execute(0, 0, 100, true));
		assertEquals(2, execute(99, 0, 0, true));
		disk.damagedAt = 0;
		assertEquals(1, execute(0, 0, 512, true));
	}

	@Test
	void theInterruptLastsUntilItsStatusIsRead() {
		block.start(1);
		execute(4, 0, 0, false);
		assertEquals(8, block.config.read(6, 2) & 8);
		assertEquals(1, block.read(0x1000, 1));
		assertEquals(0, block.config.read(6, 2) & 8);
		assertEquals(0, block.read(0x1000, 1));
	}

	@Test
	void featuresThatWereNotOfferedAreRefused() {
		block.write(8, 4, 1);
		block.write(0xc, 4, 1 | 1 << 8);
		block.write(0x14, 1, 0xb);
		assertEquals(3, block.read(0x14, 1));
	}

	@Test
	void indirectDescriptorsAreFollowedOnce() {
		block.start(1);
		long table = DATA + 0x10000;
		long[][] rows = { { HEADER, 16, 1, 1 }, { DATA, 512, 3, 2 }, { STATUS, 1, 2, 0 } };
		for (int i = 0; i < rows.length; i++) {
			block.memory.write(table + 16 * i, 8, rows[i][0]);
			block.memory.write(table + 16 * i + 8, 4, rows[i][1]);
			block.memory.write(table + 16 * i + 12, 4, rows[i][2] | rows[i][3] << 16);
		}
		block.memory.write(HEADER + 8, 8, 3);
		block.descriptor(0, 5, table, 48, 4, 0);
		block.offer(0, 5);
		assertArrayEquals(Arrays.copyOfRange(disk.bytes, 3 * 512, 4 * 512), memory(DATA, 512));
		block.memory.write(table + 12, 2, 4);
		block.offer(0, 5);
		assertEquals(0x40, block.read(0x14, 1) & 0x40);
	}

	@Test
	void aDriverThatBreaksTheRulesFindsTheDeviceInNeedOfAReset() {
		block.start(1);
		block.descriptor(0, 0, HEADER, 16, 1, 0);
		block.offer(0, 0);
		assertEquals(0x40, block.read(0x14, 1) & 0x40, "a chain that does not end");
		assertEquals(2, block.read(0x1000, 1) & 2);
		assertEquals(0, block.given(0));
		pc.machine.physicalMemory().copyIn(0x100000, new byte[0x10000], 0, 0x10000);
		block.start(1);
		assertEquals(0xf, block.read(0x14, 1));
	}

	@Test
	void aConsoleCarriesBytesBothWays() {
		ByteArrayOutputStream said = new ByteArrayOutputStream();
		pc.machine.device(VirtioConsole.class).setSink(said::write);
		VirtioDriver console = new VirtioDriver(pc, first + 1);
		pc.machine.input().offer(VirtioConsole.NAME, "early".getBytes());
		pc.machine.input().letIn();
		console.start(2);
		block.memory.write(DATA, 4, 'a' | 'b' << 8 | 'c' << 16 | '\n' << 24);
		console.descriptor(1, 0, DATA, 4, 0, 0);
		console.offer(1, 0);
		assertEquals("abc\n", said.toString());
		console.descriptor(0, 0, DATA, 3, 2, 0);
		console.offer(0, 0);
		pc.machine.input().letIn();
		assertEquals(3, console.givenLength(0));
		assertEquals("ear", new String(memory(DATA, 3)));
		console.descriptor(0, 1, DATA, 100, 2, 0);
		console.offer(0, 1);
		pc.machine.input().letIn();
		assertEquals(2, console.givenLength(0));
		assertEquals("ly", new String(memory(DATA, 2)));
	}

	@Test
	void aHostileDriverEndsInAnErrorOrAReset() {
		Random random = new Random(8);
		block.start(1);
		int served = 0;
		for (int i = 0; i < HOSTILE; i++) {
			block.memory.write(HEADER, 8, random.nextInt(10));
			block.memory.write(HEADER + 8, 8, random.nextInt(3000));
			block.descriptor(0, 0, HEADER, 16, 1, 1);
			block.descriptor(0, 1, DATA, 512 * random.nextInt(8), random.nextBoolean() ? 3 : 1, 2);
			block.descriptor(0, 2, STATUS, 1, 2, 0);
			if (random.nextInt(3) != 0) {
				long place = random.nextBoolean() ? random.nextLong() >>> random.nextInt(64)
						: DATA + random.nextInt(0x4000);
				long length = random.nextBoolean() ? random.nextInt() & 0xffffffffL : random.nextInt(4096);
				block.descriptor(0, random.nextInt(3), place, length, random.nextInt(8), random.nextInt(18));
			}
			block.offer(0, random.nextInt(20) == 0 ? random.nextInt(17) : 0);
			if (block.read(0x14, 1) != 0xf) {
				served += block.given(0) != 0 ? 1 : 0;
				block.start(1);
			}
			if (random.nextInt(50) == 0) {
				block.write(random.nextInt(0x4000), 1 << random.nextInt(4), random.nextLong());
			}
			pc.pass(2000);
		}
		assertTrue(served > HOSTILE / 50, served + " of " + HOSTILE);
	}

	/** Writes a vector's address and data, unmasked or not. */
	private void message(long table, int vector, int data, int masked) {
		block.memory.write(table + 16L * vector, 8, 0xfee00000L);
		block.memory.write(table + 16L * vector + 8, 8, data | (long) masked << 32);
	}

	private boolean requested(int vector) {
		return (pc.machine.localApic(0).requested(vector >> 5) >> vector & 1) != 0;
	}

	@Test
	void messagesTakeTheInterruptsPlaceAndWaitForTheirMask() {
		pc.machine.localApic(0).enterVirtualWireMode();
		int capability = (int) block.config.read(0x34, 1);
		while (block.config.read(capability, 1) != 0x11) {
			capability = (int) block.config.read(capability + 1, 1);
		}
		assertEquals(1, block.config.read(capability + 2, 2), "two vectors");
		assertEquals(2, block.config.read(capability + 4, 4), "the table is behind base address 2");
		long table = 0xe8000000L;
		block.config.write(0x18, 4, table);
		block.start(1);
		block.write(0x16, 2, 0);
		block.write(0x1a, 2, 2);
		assertEquals(0xffff, block.read(0x1a, 2), "there is no vector 2");
		block.write(0x1a, 2, 1);
		assertEquals(1, block.read(0x1a, 2));
		message(table, 1, 0x51, 1);
		block.config.write(capability + 2, 2, 0x8000);
		execute(4, 0, 0, false);
		assertEquals(0, block.read(0x1000, 1), "the status is for the wire");
		assertEquals(0, block.config.read(6, 2) & 8);
		assertEquals(2, block.memory.read(table + 0x800, 8));
		assertEquals(false, requested(0x51));
		message(table, 1, 0x51, 0);
		assertTrue(requested(0x51));
		assertEquals(0, block.memory.read(table + 0x800, 8));
		message(table, 1, 0x62, 0);
		execute(4, 0, 0, false);
		assertTrue(requested(0x62));
	}
}
