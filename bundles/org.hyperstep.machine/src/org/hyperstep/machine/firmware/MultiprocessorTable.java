/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.device.PowerManagement;
import org.hyperstep.machine.pci.IsaBridge;
import org.hyperstep.machine.pci.PciFunction;

/** Processors, buses and interrupt wiring for who knows no ACPI (MultiProcessor Specification, "MP Configuration Table"). */
@SuppressWarnings("nls")
public final class MultiprocessorTable {
	private static final int REVISION = 4, POINTER_SIZE = 16, HEADER = 44, MOST = 0x2000;
	private static final int PROCESSOR = 0, BUS = 1, IO_APIC = 2, IO_INTERRUPT = 3, LOCAL_INTERRUPT = 4;
	private static final int PCI = 0, ISA = 1, ALL = 0xff, INT = 0, NMI = 1, EXT_INT = 3;
	private static final int LOCAL_APIC_VERSION = 0x14, IO_APIC_VERSION = 0x11, ENABLED = 1, BOOT_PROCESSOR = 2;
	/** Flags of an interrupt: as the bus has it; level-triggered and active high. */
	private static final int CONFORMS = 0, LEVEL_HIGH = 3 << 2 | 1;
	private static final int ISA_INTERRUPTS = 16, CASCADE = 2;

	private final ByteBuffer table = ByteBuffer.allocate(MOST).order(ByteOrder.LITTLE_ENDIAN);
	private int entries;

	/** Makes the table of a machine. */
	public MultiprocessorTable(Machine machine) {
		table.position(HEADER);
		for (int cpu = 0; cpu < machine.description().cpus(); cpu++) {
			entry(1, PROCESSOR, 1, cpu, 1, LOCAL_APIC_VERSION, 1, ENABLED | (cpu == 0 ? BOOT_PROCESSOR : 0), 4, 0x600,
					4,
					0x201, 8, 0);
		}
		bus(PCI, "PCI   ");
		bus(ISA, "ISA   ");
		entry(1, IO_APIC, 1, 0, 1, IO_APIC_VERSION, 1, ENABLED, 4, IoApic.BASE);
		int routed = addPci(machine);
		for (int irq = 0; irq < ISA_INTERRUPTS; irq++) {
			if (irq != CASCADE && (routed >> irq & 1) == 0) {
				int flags = irq == PowerManagement.SCI ? LEVEL_HIGH : CONFORMS;
				entry(1, IO_INTERRUPT, 1, INT, 2, flags, 1, ISA, 1, irq, 1, 0, 1, IoApic.pinOf(irq));
			}
		}
		entry(1, LOCAL_INTERRUPT, 1, EXT_INT, 2, CONFORMS, 1, ISA, 1, 0, 1, 0, 1, 0);
		entry(1, LOCAL_INTERRUPT, 1, NMI, 2, CONFORMS, 1, ISA, 1, 0, 1, ALL, 1, 1);
		complete();
	}

	/** Returns the ISA interrupts that PCI has taken, a bit each. */
	private int addPci(Machine machine) {
		int routed = 0;
		for (PciFunction function : machine.pci().functions()) {
			if (function.config().read(0x3d, 1) != 0) {
				int device = function.address().device();
				int irq = IsaBridge.firmwareInterrupt(device);
				routed |= 1 << irq;
				entry(1, IO_INTERRUPT, 1, INT, 2, LEVEL_HIGH, 1, PCI, 1, device << 2, 1, 0, 1, IoApic.pinOf(irq));
			}
		}
		return routed;
	}

	private void bus(int number, String type) {
		table.put((byte) BUS).put((byte) number).put(type.getBytes(StandardCharsets.US_ASCII));
		entries++;
	}

	private void entry(long... sizesAndValues) {
		for (int i = 0; i < sizesAndValues.length; i += 2) {
			for (int at = 0; at < sizesAndValues[i]; at++) {
				table.put((byte) (sizesAndValues[i + 1] >>> 8 * at));
			}
		}
		entries++;
	}

	private void complete() {
		int length = table.position();
		table.position(0);
		table.put("PCMP".getBytes(StandardCharsets.US_ASCII)).putShort((short) length).put((byte) REVISION)
				.put((byte) 0)
				.put("HYPRSTEPPC          ".getBytes(StandardCharsets.US_ASCII)).putInt(0).putShort((short) 0)
				.putShort((short) entries).putInt((int) LocalApic.DEFAULT_BASE).putInt(0);
		table.position(length);
		Checksums.complete(table.array(), 0, length, 7);
	}

	/** The table. */
	public byte[] toBytes() {
		return java.util.Arrays.copyOf(table.array(), table.position());
	}

	/** "MP Floating Pointer Structure"; without IMCR: virtual wire mode. */
	public static byte[] pointer(long guestPhysical) {
		ByteBuffer pointer = ByteBuffer.allocate(POINTER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		pointer.put("_MP_".getBytes(StandardCharsets.US_ASCII)).putInt((int) guestPhysical).put((byte) 1)
				.put((byte) REVISION);
		return Checksums.complete(pointer.array(), 0, POINTER_SIZE, 10);
	}
}
