/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.ata.IdeController;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.PortBus;
import org.hyperstep.machine.disk.DriveRequest.Bus;
import org.hyperstep.machine.disk.MemoryDisk;
import org.hyperstep.machine.network.NetworkRequest;
import org.hyperstep.machine.virtio.VirtioBlock;
import org.hyperstep.machine.virtio.VirtioConsole;
import org.hyperstep.machine.virtio.VirtioNetwork;
import org.junit.jupiter.api.Test;

/** What every device of the machine keeps to, whatever it is. */
@SuppressWarnings("nls")
class DeviceContractTest {
	private static final int ACCESSES = 20_000;
	private static final int[] SIZES = { 1, 2, 4 };

	/** A PC with all that can be attached to it; its disks are read-only, so that their contents are no state. */
	private static Pc everything(int cpus) {
		byte[] contents = new byte[1 << 16];
		new Random(3).nextBytes(contents);
		MemoryDisk disk = new MemoryDisk(contents, true);
		List<DeviceRow> attached = List.of(
				IdeController.row(Arrays.asList(disk.drive(false, Bus.IDE), null, disk.drive(true, Bus.IDE))),
				VirtioBlock.row(disk.drive(false, Bus.VIRTIO), 0), VirtioConsole.row(),
				VirtioNetwork.row(new NetworkRequest(true, Set.of()).make(), 0));
		return new Pc(MachineDescription.pc(16L << 20, cpus, CpuVendor.INTEL).with(attached));
	}

	/** Drives all devices with the same random accesses for the same seed, and notes what is read. */
	private static List<Long> drive(Pc pc, long seed, int accesses) {
		Random random = new Random(seed);
		List<PortBus.Range> ranges = pc.machine.ports().ranges();
		List<Long> read = new ArrayList<>();
		for (int i = 0; i < accesses; i++) {
			PortBus.Range range = ranges.get(random.nextInt(ranges.size()));
			int port = range.first() + random.nextInt(range.count());
			int size = SIZES[random.nextInt(3)];
			long value = random.nextInt() & 0xffffffffL;
			switch (random.nextInt(6)) {
				case 0 -> pc.machine.ports().write(port, size, value);
				case 1 -> read.add(pc.machine.ports().read(port, size));
				case 2 -> apicAccess(pc, random, read, value);
				case 4 -> ioApicAccess(pc, random, read, value);
				case 3 -> {
					read.add(pc.machine.localApic(0).interruptPending() ? 1L : 0L);
					if (random.nextInt(4) == 0) {
						read.add((long) pc.machine.localApic(0).acknowledge());
					}
				}
				default -> pc.pass(random.nextInt(100_000));
			}
		}
		return read;
	}

	private static void apicAccess(Pc pc, Random random, List<Long> read, long value) {
		long page = Machine.localApicPage(random.nextInt(2));
		long offset = random.nextInt(0x40) * 16L;
		if (random.nextBoolean()) {
			pc.machine.physicalMemory().write(page + offset, 4, offset == 0x380 ? value | 0x10000 : value);
		} else {
			read.add(pc.machine.physicalMemory().read(page + offset, 4));
		}
	}

	private static void ioApicAccess(Pc pc, Random random, List<Long> read, long value) {
		pc.machine.physicalMemory().write(IoApic.BASE, 4, random.nextInt(0x48));
		if (random.nextBoolean()) {
			pc.machine.physicalMemory().write(IoApic.BASE + 0x10, 4, value);
		} else {
			read.add(pc.machine.physicalMemory().read(IoApic.BASE + 0x10, 4));
		}
	}

	private static void assertSameState(Pc expected, Pc actual) {
		for (int i = 0; i < expected.machine.devices().size(); i++) {
			Device device = expected.machine.devices().get(i);
			long[] values = actual.machine.devices().get(i).state().save();
			List<String> names = device.state().names();
			long[] wanted = device.state().save();
			for (int slot = 0; slot < wanted.length; slot++) {
				assertEquals(wanted[slot], values[slot], device.name() + "." + names.get(slot));
			}
		}
	}

	@Test
	void eachDeviceHasANameOfItsOwnAndNamesItsState() {
		HashSet<String> names = new HashSet<>();
		for (Device device : everything(2).machine.devices()) {
			assertTrue(names.add(device.name()), device.name());
			List<String> slots = device.state().names();
			assertEquals(slots.size(), new HashSet<>(slots).size(), device.name());
			assertEquals(slots.size(), device.state().save().length, device.name());
		}
	}

	@Test
	void resetBringsTheStateAfterPowerOn() {
		Pc pc = everything(2);
		drive(pc, 1, ACCESSES);
		pc.machine.resetDevices();
		Pc fresh = everything(2);
		fresh.passTo(pc.now());
		fresh.machine.resetDevices();
		assertSameState(fresh, pc);
	}

	@Test
	void everyPortTakesEverySizeAndGivesNoMoreBits() {
		Pc pc = everything(1);
		for (PortBus.Range range : pc.machine.ports().ranges()) {
			for (int port = range.first(); port < range.first() + range.count(); port++) {
				for (int size : SIZES) {
					pc.machine.ports().write(port, size, -1);
					long value = pc.machine.ports().read(port, size);
					assertEquals(0, value >>> 8 * size, range.owner());
				}
			}
		}
	}

	@Test
	void aSnapshotBringsTheSameBehaviourBack() {
		for (int seed = 0; seed < 20; seed++) {
			Pc original = everything(2);
			drive(original, seed, 2_000);
			Pc restored = everything(2);
			DeviceSnapshot snapshot = original.machine.saveDevices();
			restored.machine.loadDevices(snapshot);
			restored.passTo(original.now());
			assertSameState(original, restored);
			assertEquals(drive(original, seed + 100, 2_000), drive(restored, seed + 100, 2_000), "seed " + seed);
			assertSameState(original, restored);
			assertArrayEquals(tail(original.sent.toByteArray(), restored.sent.size()), restored.sent.toByteArray());
		}
	}

	private static byte[] tail(byte[] bytes, int length) {
		return java.util.Arrays.copyOfRange(bytes, bytes.length - length, bytes.length);
	}

	@Test
	void equalAccessesGiveEqualRuns() {
		Pc first = everything(2);
		Pc second = everything(2);
		assertEquals(drive(first, 7, ACCESSES), drive(second, 7, ACCESSES));
		assertSameState(first, second);
		assertArrayEquals(first.sent.toByteArray(), second.sent.toByteArray());
	}
}
