/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.bus.DeviceState;

/**
 * The 256 bytes of configuration space of one function (PCI Local Bus Specification, "Configuration Space"), declared
 * register by register. What is not declared reads as zero and cannot be written.
 */
@SuppressWarnings("nls")
public final class ConfigSpace {
	/** Bytes. */
	public static final int SIZE = 256;

	private record Listener(ConfigRegister register, Runnable action) {
	}

	private final List<ConfigRegister> registers = new ArrayList<>();
	private final List<Listener> listeners = new ArrayList<>();
	private final byte[] bytes = new byte[SIZE];
	private final byte[] initial = new byte[SIZE];
	private final byte[] writable = new byte[SIZE];
	private final byte[] clearedByOnes = new byte[SIZE];
	private final boolean[] declared = new boolean[SIZE];
	private Runnable loaded = () -> {
	};

	/** Declares a register that the guest cannot write. */
	public ConfigRegister readOnly(String name, int offset, int size, long value) {
		return register(name, offset, size, value, 0);
	}

	/**
	 * Declares a register.
	 *
	 * @param size     1, 2 or 4 bytes
	 * @param initial  after reset
	 * @param writable bits that the guest can write
	 * @throws IllegalStateException if a byte of it is declared already
	 */
	public ConfigRegister register(String name, int offset, int size, long initial, long writable) {
		return register(name, offset, size, initial, writable, 0);
	}

	/** As {@link #register(String, int, int, long, long)}, with bits that the guest clears by writing ones. */
	public ConfigRegister register(String name, int offset, int size, long initialValue, long writableBits,
			long clearedByOnesBits) {
		for (int i = 0; i < size; i++) {
			if (declared[offset + i]) {
				throw new IllegalStateException(
						name + " overlaps another register at 0x" + Integer.toHexString(offset));
			}
			declared[offset + i] = true;
			writable[offset + i] = (byte) (writableBits >>> 8 * i);
			clearedByOnes[offset + i] = (byte) (clearedByOnesBits >>> 8 * i);
		}
		ConfigRegister register = new ConfigRegister(this, name, offset, size);
		registers.add(register);
		return register.resetsTo(initialValue);
	}

	/** All registers, in the order of declaring. */
	public List<ConfigRegister> registers() {
		return List.copyOf(registers);
	}

	void onWrite(ConfigRegister register, Runnable action) {
		listeners.add(new Listener(register, action));
	}

	/** Says what is to be done after a saved state was loaded. */
	void onLoad(Runnable action) {
		loaded = action;
	}

	/** Finds room of {@code size} bytes at a multiple of 4 for a capability. */
	int free(int size) {
		int offset = 0x40;
		for (int i = offset; i < offset + size; i++) {
			if (i >= SIZE) {
				throw new IllegalStateException("no room for a capability of " + size + " bytes");
			}
			if (declared[i]) {
				offset = (i | 3) + 1;
				i = offset - 1;
			}
		}
		return offset;
	}

	/** Reads {@code size} (1, 2 or 4) bytes, zero-extended. */
	public long read(int offset, int size) {
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= (bytes[offset + i & SIZE - 1] & 0xffL) << 8 * i;
		}
		return value;
	}

	/** A write of the guest's. */
	public void write(int offset, int size, long value) {
		for (int i = 0; i < size; i++) {
			int at = offset + i & SIZE - 1;
			int written = (int) (value >>> 8 * i);
			bytes[at] = (byte) ((bytes[at] & ~writable[at] | written & writable[at]) & ~(written & clearedByOnes[at]));
		}
		for (Listener listener : listeners) {
			ConfigRegister register = listener.register;
			if (register.offset() < offset + size && offset < register.offset() + register.size()) {
				listener.action.run();
			}
		}
	}

	void set(int offset, int size, long value) {
		store(bytes, offset, size, value);
	}

	void setInitial(int offset, int size, long value) {
		store(initial, offset, size, value);
	}

	private static void store(byte[] to, int offset, int size, long value) {
		for (int i = 0; i < size; i++) {
			to[offset + i] = (byte) (value >>> 8 * i);
		}
	}

	/** Brings the values after reset; the listeners are told. */
	void reset() {
		System.arraycopy(initial, 0, bytes, 0, SIZE);
		listeners.forEach(listener -> listener.action.run());
	}

	DeviceState state() {
		return new DeviceState().bytes("config", bytes).number("loaded", () -> 0, v -> loaded.run());
	}
}
