/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.acpi.TableLoader;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.DirectMemory;
import org.hyperstep.machine.bus.PortDevice;

/**
 * The interface by which firmware asks what the machine is made of: fw_cfg at ports 0x510 to 0x51b (QEMU, "QEMU Firmware
 * Configuration (fw_cfg) Device"). Items are selected by number; files are listed in an item of their own. Confined to the
 * machine's thread.
 */
@SuppressWarnings("nls")
public final class FirmwareConfiguration implements Device, PortDevice {
	private static final int PORTS = 0x510, COUNT = 12, SELECTOR = 0, DATA = 1, DMA = 4;
	private static final int DIRECTORY = 0x19, FIRST_FILE = 0x20, NAME = 56, ENTRY = 64;
	/** Bits of an item's number that do not select: the write channel of former versions. */
	private static final int SELECTOR_BITS = 0xbfff;
	private static final long DMA_SIGNATURE = 0x51454d5520434647L;
	private static final int DMA_ERROR = 1, DMA_READ = 2, DMA_SKIP = 4, DMA_SELECT = 8, DMA_WRITE = 16;
	/** Bytes copied at once, so that a long request needs no memory of its length. */
	private static final int CHUNK = 4096;
	private static final byte[] NOTHING = {};

	private final Map<Integer, Supplier<byte[]>> items = new TreeMap<>();
	private final SortedMap<String, Supplier<byte[]>> files = new TreeMap<>();
	private final DirectMemory memory;
	private int selector;
	private long offset;
	private long dmaAddress;

	public FirmwareConfiguration(Machine machine) {
		memory = new DirectMemory(machine.physicalMemory(), () -> true);
		for (ConfigurationItem row : ConfigurationItem.values()) {
			byte[] contents = row.contents(machine);
			items.put(row.selector(), () -> contents);
		}
		addFile("etc/e820", ConfigurationItem.memoryRanges(machine));
		TableLoader.offer(machine, this);
		ManagementTables management = new ManagementTables(machine.description(), machine.memoryMap());
		addFile("etc/smbios/smbios-anchor", management.entryPoint(0));
		addFile("etc/smbios/smbios-tables", management.structures());
		machine.ports().attach(name(), PORTS, COUNT, 4, this);
		reset();
	}

	/**
	 * Gives firmware a file, or replaces one. To be done before the guest starts.
	 *
	 * @param file     its name, at most 55 characters
	 * @param contents not to be changed afterwards
	 */
	public void addFile(String file, byte[] contents) {
		addFile(file, () -> contents);
	}

	/** As {@link #addFile(String, byte[])}, with contents that are made when firmware reads them; their length stays. */
	public void addFile(String file, Supplier<byte[]> contents) {
		if (file.length() >= NAME) {
			throw new IllegalArgumentException("the name is too long: " + file);
		}
		files.put(file, contents);
		int next = FIRST_FILE;
		for (Supplier<byte[]> each : files.values()) {
			items.put(next++, each);
		}
		items.put(DIRECTORY, this::directory);
	}

	private byte[] directory() {
		ByteBuffer directory = ByteBuffer.allocate(4 + ENTRY * files.size()).putInt(files.size());
		int next = FIRST_FILE;
		for (Map.Entry<String, Supplier<byte[]>> entry : files.entrySet()) {
			directory.putInt(entry.getValue().get().length).putShort((short) next++).putShort((short) 0)
					.put(java.util.Arrays.copyOf(entry.getKey().getBytes(StandardCharsets.US_ASCII), NAME));
		}
		return directory.array();
	}

	/** Says in which order firmware tries to boot: its names of the devices, the first first. */
	public void setBootOrder(java.util.List<String> devices) {
		addFile("bootorder", (String.join("\n", devices) + '\0').getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public String name() {
		return "fw_cfg";
	}

	@Override
	public void reset() {
		selector = 0;
		offset = 0;
		dmaAddress = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("selector", () -> selector, v -> selector = (int) v)
				.number("offset", () -> offset, v -> offset = v)
				.number("dmaAddress", () -> dmaAddress, v -> dmaAddress = v);
	}

	// The ports

	@Override
	public long read(int port, int size) {
		if (port == SELECTOR && size == 2) {
			return selector;
		}
		if (port >= DMA) {
			return bigEndian(DMA_SIGNATURE, port - DMA, size);
		}
		return port == DATA && size == 1 ? next() : 0;
	}

	private static long bigEndian(long value, int at, int size) {
		long bytes = Long.reverseBytes(value) >>> 8 * at;
		return size == 8 ? bytes : bytes & (1L << 8 * size) - 1;
	}

	/** The selector takes 16 bits; the address of a request is big-endian, and its low half starts the request. */
	@Override
	public void write(int port, int size, long value) {
		if (port == SELECTOR && size == 2) {
			select((int) value);
		} else if (port == DMA && size == 4) {
			dmaAddress = (Integer.reverseBytes((int) value) & 0xffffffffL) << 32;
		} else if (port == DMA + 4 && size == 4) {
			long address = dmaAddress | Integer.reverseBytes((int) value) & 0xffffffffL;
			dmaAddress = 0;
			carryOut(address);
		}
	}

	private void select(int item) {
		selector = item & SELECTOR_BITS;
		offset = 0;
	}

	private byte[] selected() {
		return items.getOrDefault(selector, () -> NOTHING).get();
	}

	/** Behind an item's end there are zeros. */
	private int next() {
		byte[] contents = selected();
		return offset < contents.length ? contents[(int) offset++] & 0xff : 0;
	}

	// Requests in memory

	private void carryOut(long request) {
		int control = Integer.reverseBytes((int) memory.read(request, 4));
		long length = Integer.reverseBytes((int) memory.read(request + 4, 4)) & 0xffffffffL;
		long address = Long.reverseBytes(memory.read(request + 8, 8));
		if ((control & DMA_SELECT) != 0) {
			select(control >>> 16);
		}
		boolean failed = false;
		if ((control & DMA_READ) != 0) {
			failed = !copy(address, length);
		} else if ((control & DMA_WRITE) != 0) {
			failed = true;
		} else if ((control & DMA_SKIP) != 0) {
			offset += length;
		}
		memory.write(request, 4, failed ? Integer.reverseBytes(DMA_ERROR) & 0xffffffffL : 0);
	}

	private boolean copy(long address, long length) {
		if (!memory.isRam(address, length)) {
			return false;
		}
		byte[] contents = selected();
		byte[] chunk = new byte[CHUNK];
		for (long done = 0; done < length; done += CHUNK) {
			int part = (int) Math.min(CHUNK, length - done);
			java.util.Arrays.fill(chunk, (byte) 0);
			int there = (int) Math.clamp(contents.length - offset, 0, part);
			if (there > 0) {
				System.arraycopy(contents, (int) offset, chunk, 0, there);
			}
			offset += part;
			memory.write(address + done, chunk, 0, part);
		}
		return true;
	}
}
