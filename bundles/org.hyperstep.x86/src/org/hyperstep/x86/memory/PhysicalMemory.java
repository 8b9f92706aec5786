/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.virtualization.Interception;

/**
 * The hostPhysical address space of one machine: RAM banks, devices, and between them a bus whose devices move; without
 * one, reads give all ones there and writes are dropped. Shared by the machine's processors, on the machine's thread only.
 */
public final class PhysicalMemory {
	private static final MmioDevice NOBODY = new MmioDevice() {
		@Override
		public long read(long offset, int size) {
			return -1;
		}

		@Override
		public void write(long offset, int size, long value) {
			// Nobody listens.
		}
	};
	/** Largest bank in bytes; more RAM is several banks. */
	private static final long LARGEST_BANK = 1L << 30;
	private static final int PAGE_SIZE = 1 << Tlb.PAGE_SHIFT;
	private static final long LINE_20 = 1 << 20;
	/** What is here and above belongs to the machine's makers: no guest's address line reaches it. */
	private static final long GATED_END = 1L << 40;
	/** So many stores into a page that held code, and it is a page like others. */
	private static final int STORES_UNTIL_CALM = 32;

	private record DeviceRange(long base, long size, MmioDevice device) {
		boolean contains(long hostPhysical) {
			return Long.compareUnsigned(hostPhysical - base, size) < 0;
		}
	}

	private RamBank[] banks = {};
	private DeviceRange[] devices = {};
	private MmioDevice elsewhere = NOBODY;
	private long lines = -1L;
	private final Map<Object, List<MemoryRoute>> routesByOwner = new LinkedHashMap<>();
	private MemoryRoute[] routes = {};
	private @Nullable RamBank recentBank;
	private @Nullable DeviceRange recentDevice;
	private final List<CodeListener> codeListeners = new ArrayList<>();
	private final List<Tlb> tlbs = new ArrayList<>();

	/**
	 * Adds RAM filled with zeros.
	 *
	 * @param base hostPhysical address, a multiple of 4096
	 * @param size bytes, a positive multiple of 4096
	 * @throws IllegalArgumentException if the range is unaligned or overlaps RAM or a device
	 */
	@SuppressWarnings("nls")
	public void addRam(long base, long size) {
		if (((base | size) & PAGE_SIZE - 1) != 0 || size <= 0) {
			throw new IllegalArgumentException("RAM range is not made of pages: " + Long.toHexString(base) + " + "
					+ Long.toHexString(size));
		}
		requireFree(base, size);
		for (long done = 0; done < size; done += LARGEST_BANK) {
			addBank(new RamBank(base + done, (int) Math.min(LARGEST_BANK, size - done)));
		}
	}

	/**
	 * Adds RAM whose bytes somebody else keeps, too.
	 *
	 * @param base     hostPhysical address, a multiple of 4096
	 * @param contents a positive multiple of 4096 bytes; not copied
	 * @throws IllegalArgumentException if the range is unaligned or overlaps RAM or a device
	 */
	public void addSharedRam(long base, byte[] contents) {
		if (((base | contents.length) & PAGE_SIZE - 1) != 0 || contents.length == 0) {
			throw new IllegalArgumentException("RAM is not made of pages: " + Long.toHexString(base)); //$NON-NLS-1$
		}
		requireFree(base, contents.length);
		addBank(new RamBank(base, contents, false));
	}

	private void addBank(RamBank bank) {
		RamBank[] more = java.util.Arrays.copyOf(banks, banks.length + 1);
		more[banks.length] = bank;
		banks = more;
	}

	/**
	 * Adds ROM: stores by processors and devices are dropped.
	 *
	 * @param base     hostPhysical address, a multiple of 4096
	 * @param contents a positive multiple of 4096 bytes
	 * @throws IllegalArgumentException if the range is unaligned or overlaps RAM or a device
	 */
	public void addRom(long base, byte[] contents) {
		if (((base | contents.length) & PAGE_SIZE - 1) != 0 || contents.length == 0) {
			throw new IllegalArgumentException("ROM is not made of pages: " + Long.toHexString(base)); //$NON-NLS-1$
		}
		requireFree(base, contents.length);
		addBank(new RamBank(base, contents.clone(), true));
	}

	/**
	 * Adds a device.
	 *
	 * @param base hostPhysical address of its first register
	 * @param size bytes it occupies
	 * @throws IllegalArgumentException if the range overlaps RAM or another device
	 */
	public void addDevice(long base, long size, MmioDevice device) {
		requireFree(base, size);
		DeviceRange[] more = java.util.Arrays.copyOf(devices, devices.length + 1);
		more[devices.length] = new DeviceRange(base, size, device);
		devices = more;
	}

	/** Says who answers where neither RAM nor a device is; its offsets are hostPhysical addresses. */
	public void setElsewhere(MmioDevice device) {
		elsewhere = device;
	}

	@SuppressWarnings("nls")
	private void requireFree(long base, long size) {
		String what = overlapped(base, size);
		if (what != null) {
			throw new IllegalArgumentException("range overlaps " + what);
		}
	}

	@SuppressWarnings("nls")
	private @Nullable String overlapped(long base, long size) {
		for (RamBank bank : banks) {
			if (base < bank.base + bank.bytes.length && bank.base < base + size) {
				return "RAM at " + Long.toHexString(bank.base);
			}
		}
		for (DeviceRange range : devices) {
			if (base < range.base + range.size && range.base < base + size) {
				return "a device at " + Long.toHexString(range.base);
			}
		}
		return null;
	}

	/** The RAM bank that holds the byte, or null for devices and the open bus. */
	public @Nullable RamBank bankAt(long hostPhysical) {
		RamBank recent = recentBank;
		if (recent != null && recent.contains(hostPhysical)) {
			return recent;
		}
		for (RamBank bank : banks) {
			if (bank.contains(hostPhysical)) {
				recentBank = bank;
				return bank;
			}
		}
		return null;
	}

	private @Nullable DeviceRange deviceAt(long hostPhysical) {
		DeviceRange recent = recentDevice;
		if (recent != null && recent.contains(hostPhysical)) {
			return recent;
		}
		for (DeviceRange range : devices) {
			if (range.contains(hostPhysical)) {
				recentDevice = range;
				return range;
			}
		}
		return null;
	}

	/**
	 * Reads RAM, a device or the open bus.
	 *
	 * @param size 1, 2, 4 or 8; any alignment; an access across the border of two regions is split into bytes
	 * @return the value, zero-extended
	 */
	public long read(long hostPhysical, int size) {
		RamBank bank = bankAt(hostPhysical);
		if (bank != null) {
			int offset = bank.offset(hostPhysical);
			return offset + size <= bank.bytes.length ? LittleEndian.get(bank.bytes, offset, size)
					: readBytewise(hostPhysical, size);
		}
		long mask = mask(size);
		DeviceRange range = deviceAt(hostPhysical);
		if (range != null) {
			return range.contains(hostPhysical + size - 1)
					? range.device.read(hostPhysical - range.base, size) & mask
					: readBytewise(hostPhysical, size);
		}
		return size > 1 && assigned(hostPhysical + size - 1) ? readBytewise(hostPhysical, size)
				: elsewhere.read(hostPhysical, size) & mask;
	}

	/** As {@link #read}, of an address in whose page is no RAM. */
	long readDevice(long hostPhysical, int size) {
		DeviceRange range = deviceAt(hostPhysical);
		return range != null && range.contains(hostPhysical + size - 1)
				? range.device.read(hostPhysical - range.base, size) & mask(size)
				: read(hostPhysical, size);
	}

	/** As {@link #write}, to an address in whose page is no RAM. */
	void writeDevice(long hostPhysical, int size, long value) {
		DeviceRange range = deviceAt(hostPhysical);
		if (range != null && range.contains(hostPhysical + size - 1)) {
			range.device.write(hostPhysical - range.base, size, value & mask(size));
		} else {
			write(hostPhysical, size, value);
		}
	}

	private static long mask(int size) {
		return size == 8 ? -1L : (1L << (size << 3)) - 1;
	}

	private boolean assigned(long hostPhysical) {
		return bankAt(hostPhysical) != null || deviceAt(hostPhysical) != null;
	}

	private long readBytewise(long hostPhysical, int size) {
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= read(hostPhysical + i, 1) << (i << 3);
		}
		return value;
	}

	/**
	 * Writes RAM or a device; code listeners are told first where the line holds code.
	 *
	 * @param size 1, 2, 4 or 8; any alignment; an access across the border of two regions is split into bytes
	 */
	public void write(long hostPhysical, int size, long value) {
		RamBank bank = bankAt(hostPhysical);
		if (bank != null && bank.readOnly && bank.contains(hostPhysical + size - 1)) {
			return;
		}
		boolean crossesPage = (hostPhysical & PAGE_SIZE - 1) + size > PAGE_SIZE;
		if (bank != null) {
			if (crossesPage) {
				writeBytewise(hostPhysical, size, value);
				return;
			}
			int offset = bank.offset(hostPhysical);
			if (bank.watch[offset >>> Tlb.PAGE_SHIFT] != 0) {
				noteStore(bank, hostPhysical, size);
			}
			LittleEndian.set(bank.bytes, offset, size, value);
			return;
		}
		DeviceRange range = deviceAt(hostPhysical);
		if (range != null && range.contains(hostPhysical + size - 1)) {
			range.device.write(hostPhysical - range.base, size, value & mask(size));
		} else if (size > 1 && (range != null || assigned(hostPhysical + size - 1))) {
			writeBytewise(hostPhysical, size, value);
		} else if (range == null) {
			elsewhere.write(hostPhysical, size, value & mask(size));
		}
	}

	private void writeBytewise(long hostPhysical, int size, long value) {
		for (int i = 0; i < size; i++) {
			write(hostPhysical + i, 1, value >>> (i << 3));
		}
	}

	/** Copies RAM out for loaders and debuggers; devices are not touched: what is no RAM reads as 0xff. */
	public void copyOut(long hostPhysical, byte[] to, int offset, int length) {
		for (int done = 0; done < length;) {
			long from = hostPhysical + done;
			int part = (int) Math.min(length - done, PAGE_SIZE - (from & PAGE_SIZE - 1));
			RamBank bank = bankAt(from);
			if (bank != null) {
				System.arraycopy(bank.bytes, bank.offset(from), to, offset + done, part);
			} else {
				java.util.Arrays.fill(to, offset + done, offset + done + part, (byte) 0xff);
			}
			done += part;
		}
	}

	/**
	 * Copies bytes into RAM for loaders and debuggers; code listeners are told; devices are not touched.
	 *
	 * @return the number of bytes that went into RAM
	 */
	public int copyIn(long hostPhysical, byte[] from, int offset, int length) {
		int copied = 0;
		for (int done = 0; done < length;) {
			long to = hostPhysical + done;
			int part = (int) Math.min(length - done, PAGE_SIZE - (to & PAGE_SIZE - 1));
			RamBank bank = bankAt(to);
			if (bank != null && !bank.readOnly) {
				aboutToStore(bank, to, part);
				System.arraycopy(from, offset + done, bank.bytes, bank.offset(to), part);
				copied += part;
			}
			done += part;
		}
		return copied;
	}

	/** Fills RAM with zeros; code listeners are told. Both parameters are multiples of 4096. */
	public void clear(long hostPhysical, long size) {
		byte[] zeros = new byte[PAGE_SIZE];
		for (long at = hostPhysical; at < hostPhysical + size; at += PAGE_SIZE) {
			copyIn(at, zeros, 0, PAGE_SIZE);
		}
	}

	/**
	 * Announces a bulk store that the caller makes into {@link RamBank#bytes} itself.
	 *
	 * @param length bytes, within one page
	 */
	public void aboutToStore(RamBank bank, long hostPhysical, int length) {
		if (bank.watch[bank.offset(hostPhysical) >>> Tlb.PAGE_SHIFT] != 0) {
			noteStore(bank, hostPhysical, length);
		}
	}

	/**
	 * A store into a watched page. One that holds no code any more is watched for some stores still, so that a guest
	 * that goes on changing its code need not have all TLBs searched each time.
	 */
	private void noteStore(RamBank bank, long hostPhysical, int length) {
		int offset = bank.offset(hostPhysical);
		int page = offset >>> Tlb.PAGE_SHIFT;
		if ((bank.codeLines[page] & RamBank.lines(offset, length)) != 0) {
			long lines = 0;
			for (int i = 0; i < codeListeners.size(); i++) {
				lines |= codeListeners.get(i).codeStored(hostPhysical, length);
			}
			bank.codeLines[page] = lines;
		} else if (bank.codeLines[page] == 0 && ++bank.watch[page] > STORES_UNTIL_CALM) {
			bank.watch[page] = 0;
		}
	}

	/**
	 * Opens or closes the A20 gate (IBM PC AT technical reference, "Address Bit 20"): while it is closed, processors find
	 * the even megabytes in the place of the odd ones. Devices are not behind the gate.
	 */
	public void setAddressLine20(boolean open) {
		long mask = open ? -1L : ~LINE_20;
		if (mask != lines) {
			lines = mask;
			flushAll();
		}
	}

	private void flushAll() {
		for (Tlb tlb : tlbs) {
			tlb.flush(false);
		}
	}

	/** Whether the A20 gate is open. */
	public boolean addressLine20() {
		return lines == -1L;
	}

	/**
	 * Sets the routes of one part of the chip set in the place of those that it had. They hold for processors and for direct
	 * memory access, not for {@link #read}, {@link #write} and the copies, which reach what is behind them. Of routes that
	 * overlap the earlier one counts, that of the earlier owner first.
	 */
	public void setRoutes(Object owner, List<MemoryRoute> wanted) {
		if (!wanted.equals(routesByOwner.getOrDefault(owner, List.of()))) {
			routesByOwner.put(owner, List.copyOf(wanted));
			routes = routesByOwner.values().stream().flatMap(List::stream).toArray(MemoryRoute[]::new);
			flushAll();
		}
	}

	/** Whether neither RAM nor a device is in the range. */
	public boolean isFree(long base, long size) {
		return overlapped(base, size) == null;
	}

	/**
	 * Where an access of a device ends, which the A20 gate does not see.
	 *
	 * @param access READ or WRITE of {@link Interception}
	 */
	public long routed(long hostPhysical, int access) {
		return routed(hostPhysical, access, false);
	}

	/** Where an access ends that no A20 gate sees; parameters as for {@link #wired}. */
	public long routed(long hostPhysical, int access, boolean inManagementMode) {
		for (MemoryRoute route : routes) {
			if (route.takes(hostPhysical, inManagementMode)) {
				return route.target(hostPhysical, access);
			}
		}
		return hostPhysical;
	}

	/**
	 * Where an access of a processor ends: without address line 20 while the A20 gate is closed, and routed.
	 *
	 * @param access           READ, WRITE or EXECUTE of {@link Interception}
	 * @param inManagementMode whether the processor is in system-management mode
	 */
	public long wired(long hostPhysical, int access, boolean inManagementMode) {
		return hostPhysical < GATED_END ? routed(hostPhysical & lines, access, inManagementMode) : hostPhysical;
	}

	/** Registers who is told of stores into marked lines. */
	public void addCodeListener(CodeListener listener) {
		codeListeners.add(listener);
	}

	void addTlb(Tlb tlb) {
		tlbs.add(tlb);
	}

	/**
	 * Marks the lines of these bytes as holding translated code, or as watched for another reason: from now on every store into them, by any processor,
	 * is told to the code listeners. No effect outside RAM.
	 *
	 * @param length bytes, within one page
	 */
	public void markCode(long hostPhysical, int length) {
		RamBank bank = bankAt(hostPhysical);
		if (bank == null) {
			return;
		}
		int offset = bank.offset(hostPhysical);
		int page = offset >>> Tlb.PAGE_SHIFT;
		if (bank.watch[page] == 0) {
			long pageBase = hostPhysical & -PAGE_SIZE;
			for (Tlb tlb : tlbs) {
				tlb.makeWritesSlow(pageBase);
			}
		}
		bank.watch[page] = 1;
		bank.codeLines[page] |= RamBank.lines(offset, length);
	}

	/** Whether the page of this address has a line marked by {@link #markCode}. */
	public boolean holdsCode(long hostPhysical) {
		RamBank bank = bankAt(hostPhysical);
		return bank != null && bank.codeLines[bank.offset(hostPhysical) >>> Tlb.PAGE_SHIFT] != 0;
	}

	/** Whether stores into the page of this address need more than a copy: it holds code, or did just now, or is ROM. */
	boolean watchesStores(long hostPhysical) {
		RamBank bank = bankAt(hostPhysical);
		return bank != null
				&& (bank.readOnly || bank.watch[bank.offset(hostPhysical) >>> Tlb.PAGE_SHIFT] != 0);
	}
}
