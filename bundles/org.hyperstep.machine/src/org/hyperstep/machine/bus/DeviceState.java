/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import org.hyperstep.machine.time.Alarm;

/** The one list of a device's state: named slots of numbers. Snapshots, dumps and the contract test iterate it. */
public final class DeviceState {

	private record Slot(String name, int length, IndexedGet get, IndexedSet set) {
	}

	@FunctionalInterface
	private interface IndexedGet {
		long get(int index);
	}

	@FunctionalInterface
	private interface IndexedSet {
		void set(int index, long value);
	}

	private final List<Slot> slots = new ArrayList<>();

	public DeviceState number(String name, LongSupplier get, LongConsumer set) {
		return add(name, 1, i -> get.getAsLong(), (i, value) -> set.accept(value));
	}

	public DeviceState flag(String name, BooleanSupplier get, Consumer<Boolean> set) {
		return add(name, 1, i -> get.getAsBoolean() ? 1 : 0, (i, value) -> set.accept(value != 0));
	}

	public DeviceState numbers(String name, long[] array) {
		return add(name, array.length, i -> array[i], (i, value) -> array[i] = value);
	}

	public DeviceState numbers(String name, int[] array) {
		return add(name, array.length, i -> array[i], (i, value) -> array[i] = (int) value);
	}

	/** Numbers that are not in an array. */
	public DeviceState numbers(String name, int length, IntUnaryOperator get, IndexedSetInt set) {
		return add(name, length, i -> get.applyAsInt(i), (i, value) -> set.set(i, (int) value));
	}

	/** Sets one of several 32-bit numbers. */
	@FunctionalInterface
	public interface IndexedSetInt {
		void set(int index, int value);
	}

	public DeviceState bytes(String name, byte[] array) {
		return add(name, array.length, i -> array[i] & 0xff, (i, value) -> array[i] = (byte) value);
	}

	/** The time for which an alarm is set. */
	public DeviceState alarm(String name, Alarm alarm) {
		return number(name, alarm::deadline, alarm::set);
	}

	/** The state of a part, its names prefixed. */
	public DeviceState part(String prefix, DeviceState part) {
		for (Slot slot : part.slots) {
			add(prefix + '.' + slot.name, slot.length, slot.get, slot.set);
		}
		return this;
	}

	/** Names of all numbers, in the order of {@link #save()}. */
	public List<String> names() {
		List<String> names = new ArrayList<>();
		for (Slot slot : slots) {
			for (int i = 0; i < slot.length; i++) {
				names.add(slot.length == 1 ? slot.name : slot.name + '[' + i + ']');
			}
		}
		return names;
	}

	public long[] save() {
		long[] values = new long[size()];
		int at = 0;
		for (Slot slot : slots) {
			for (int i = 0; i < slot.length; i++) {
				values[at++] = slot.get.get(i);
			}
		}
		return values;
	}

	/**
	 * Brings a saved state back.
	 *
	 * @throws IllegalArgumentException if {@code values} was not saved from this list
	 */
	public void load(long[] values) {
		if (values.length != size()) {
			throw new IllegalArgumentException(values.length + " numbers for a state of " + size()); //$NON-NLS-1$
		}
		int at = 0;
		for (Slot slot : slots) {
			for (int i = 0; i < slot.length; i++) {
				slot.set.set(i, values[at++]);
			}
		}
	}

	private int size() {
		int size = 0;
		for (Slot slot : slots) {
			size += slot.length;
		}
		return size;
	}

	private DeviceState add(String name, int length, IndexedGet get, IndexedSet set) {
		slots.add(new Slot(name, length, get, set));
		return this;
	}
}
