/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.ata.IdeController;
import org.hyperstep.machine.bus.PortBus;
import org.hyperstep.machine.disk.DriveRequest.Bus;
import org.hyperstep.machine.disk.MemoryDisk;
import org.hyperstep.machine.network.NetworkRequest;
import org.hyperstep.machine.virtio.VirtioBlock;
import org.hyperstep.machine.virtio.VirtioConsole;
import org.hyperstep.machine.virtio.VirtioNetwork;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.junit.jupiter.api.Test;

/** A guest that does to all devices whatever comes to its mind, DMA to anywhere included. */
@SuppressWarnings("nls")
class HostileDriverTest {
	private static final int SEEDS = Boolean.getBoolean("hyperstep.nightly") ? 200 : 4;
	private static final int ACCESSES = 50_000;
	private static final long RAM = 16L << 20;
	/** What an engine may take beside the guest's RAM: 64 MB and a tenth of it. */
	private static final long OVERHEAD = (64L << 20) + RAM / 10;
	private static final int FIRST_BAR = 0x10, BARS = 6, COMMAND = 4, DECODE_AND_MASTER = 7, CONFIG_ADDRESS = 0xcf8,
			CONFIG_DATA = 0xcfc;
	private static final long FIRST_PLACE = 0xe000_0000L;
	/** Where a PC has devices without asking PCI: adapters and ROMs, HPET, I/O APIC, local APICs. */
	private static final long[][] FIXED_WINDOWS = { { 0xa0000, 0x60000 }, { 0xfed0_0000L, 0x400 },
			{ IoApic.BASE, 0x20 }, { Machine.localApicPage(0), 0x400 }, { Machine.localApicPage(1), 0x400 } };

	private static Pc everything() {
		MemoryDisk disk = new MemoryDisk(new byte[1 << 16], false);
		List<DeviceRow> attached = List.of(
				IdeController.row(Arrays.asList(disk.drive(false, Bus.IDE), null, disk.drive(true, Bus.IDE))),
				VirtioBlock.row(disk.drive(false, Bus.VIRTIO), 0), VirtioConsole.row(),
				VirtioNetwork.row(new NetworkRequest(true, Set.of()).make(), 0));
		Pc pc = new Pc(MachineDescription.pc(RAM, 2, CpuVendor.INTEL).with(attached));
		pc.machine.serial().setSink(value -> {
		});
		return pc;
	}

	/** The fixed windows, and those of the PCI bus, which are given places as firmware does. */
	private static List<long[]> windows(Pc pc) {
		List<long[]> windows = new ArrayList<>(List.of(FIXED_WINDOWS));
		long place = FIRST_PLACE;
		for (int function = 0; function < 256; function++) {
			for (int register = FIRST_BAR; register < FIRST_BAR + 4 * BARS; register += 4) {
				long size = -writeConfig(pc, function, register, -1) & 0xffff_fff0L;
				boolean ports = (readConfig(pc, function, register) & 1) != 0;
				if (size != 0 && !ports) {
					writeConfig(pc, function, register, place);
					windows.add(new long[] { place, Math.min(size, 0x4000) });
					place += Math.max(size, 0x1000) * 2;
				}
			}
			writeConfig(pc, function, COMMAND, DECODE_AND_MASTER);
		}
		assertTrue(windows.size() > FIXED_WINDOWS.length, "no device of the PCI bus has a window");
		return windows;
	}

	private static long readConfig(Pc pc, int function, int register) {
		pc.machine.ports().write(CONFIG_ADDRESS, 4, 0x8000_0000L | function << 8 | register);
		return pc.machine.ports().read(CONFIG_DATA, 4);
	}

	/** Writes a register and tells what stuck, without a base address's kind. */
	private static long writeConfig(Pc pc, int function, int register, long value) {
		pc.machine.ports().write(CONFIG_ADDRESS, 4, 0x8000_0000L | function << 8 | register);
		pc.machine.ports().write(CONFIG_DATA, 4, value & 0xffff_ffffL);
		long stuck = pc.machine.ports().read(CONFIG_DATA, 4);
		return stuck == 0xffff_ffffL ? 0 : stuck & ~0xfL;
	}

	private static void drive(Pc pc, long seed) {
		Random random = new Random(seed);
		List<PortBus.Range> ports = pc.machine.ports().ranges();
		List<long[]> windows = windows(pc);
		for (int i = 0; i < ACCESSES; i++) {
			int size = 1 << random.nextInt(3);
			switch (random.nextInt(5)) {
				case 0, 1 -> portAccess(pc, random, ports.get(random.nextInt(ports.size())), size);
				case 2, 3 -> memoryAccess(pc.machine.physicalMemory(), random,
						windows.get(random.nextInt(windows.size())), size);
				default -> pc.pass(random.nextInt(100_000));
			}
			if (pc.machine.exitRequest() != null) {
				pc.machine.clearExitRequest();
			}
		}
	}

	private static void portAccess(Pc pc, Random random, PortBus.Range range, int size) {
		int port = range.first() + random.nextInt(range.count());
		if (random.nextBoolean()) {
			pc.machine.ports().write(port, size, value(random, size));
		} else {
			assertFits(pc.machine.ports().read(port, size), size);
		}
	}

	private static void memoryAccess(PhysicalMemory memory, Random random, long[] window, int size) {
		long address = window[0] + (random.nextLong() & Long.MAX_VALUE) % window[1];
		if (random.nextBoolean()) {
			memory.write(address, size, value(random, size));
		} else {
			assertFits(memory.read(address, size), size);
		}
	}

	private static void assertFits(long value, int size) {
		assertTrue(size == 8 || value >>> 8 * size == 0, () -> size + " bytes gave " + Long.toHexString(value));
	}

	/** Small numbers, which mean something to a device, addresses within RAM, and any. */
	private static long value(Random random, int size) {
		long any = switch (random.nextInt(3)) {
			case 0 -> random.nextInt(16);
			case 1 -> random.nextInt((int) RAM) & ~0xfff;
			default -> random.nextInt() & 0xffff_ffffL;
		};
		return any & (1L << 8 * size) - 1;
	}

	private static long used() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	@Test
	void noSequenceOfAccessesThrowsHangsOrTakesTheHostsMemory() {
		for (int seed = 0; seed < SEEDS; seed++) {
			long before = used();
			Pc pc = everything();
			drive(pc, seed);
			long taken = used() - before;
			assertTrue(taken < RAM + OVERHEAD, "seed " + seed + " took " + taken + " bytes");
			assertTrue(pc.now() > 0);
		}
	}
}
