/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.fuzz;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.CpuState;

/** All registers of a processor by name, found by looking at the class, so that none is forgotten. */
@SuppressWarnings("nls")
final class RegisterImage {
	/** Slots of the engine behind the 16 general registers are nobody's registers. */
	private static final int GENERAL = 16;

	private RegisterImage() {
	}

	/** A number that differs, most likely, when any register does. */
	static long hash(CpuState state) {
		try {
			return hash(FIELDS.get(CpuState.class), state, 1);
		} catch (IllegalAccessException e) {
			throw new AssertionError(e);
		}
	}

	/** The fields by class; looking for them is slow. */
	private static final ClassValue<Field[]> FIELDS = new ClassValue<>() {
		@Override
		protected Field[] computeValue(@Nullable Class<?> type) {
			return Arrays.stream(Objects.requireNonNull(type).getFields())
					.filter(field -> !Modifier.isStatic(field.getModifiers()))
					.toArray(Field[]::new);
		}
	};

	private static long hash(Field[] fields, Object object, long before) throws IllegalAccessException {
		long hash = before;
		for (Field field : fields) {
			Class<?> type = field.getType();
			if (type == long.class || type == int.class) {
				hash = 31 * hash + field.getLong(object);
			} else {
				hash = hash(field.getName(), field.get(object), hash);
			}
		}
		return hash;
	}

	private static long hash(String name, Object value, long before) throws IllegalAccessException {
		return switch (value) {
			case long[] array -> {
				long hash = before;
				for (int i = 0; i < (name.equals("general") ? GENERAL : array.length); i++) {
					hash = 31 * hash + array[i];
				}
				yield hash;
			}
			case int[] array -> 31 * before + Arrays.hashCode(array);
			case Object[] array -> {
				long hash = before;
				for (Object element : array) {
					hash = hash(name, element, hash);
				}
				yield hash;
			}
			case Number number -> 31 * before + number.longValue();
			case Boolean bit -> 31 * before + (bit ? 1 : 0);
			case Enum<?> constant -> 31 * before + constant.ordinal();
			default -> hash(FIELDS.get(value.getClass()), value, before);
		};
	}

	/** Names and values. */
	static Map<String, Long> of(CpuState state) {
		Map<String, Long> values = new TreeMap<>();
		try {
			collect("", state, values);
		} catch (IllegalAccessException e) {
			throw new AssertionError(e);
		}
		return values;
	}

	/** Registers that differ, in words. */
	static String differences(CpuState one, CpuState other) {
		Map<String, Long> others = of(other);
		StringBuilder text = new StringBuilder();
		of(one).forEach((name, value) -> {
			if (!value.equals(others.get(name))) {
				text.append(String.format("%s %x and not %x; ", name, others.get(name), value));
			}
		});
		return text.toString();
	}

	private static void collect(String prefix, Object object, Map<String, Long> values) throws IllegalAccessException {
		for (Field field : object.getClass().getFields()) {
			if (!Modifier.isStatic(field.getModifiers())) {
				add(prefix + field.getName(), field.get(object), values);
			}
		}
	}

	private static void add(String name, Object value, Map<String, Long> values) throws IllegalAccessException {
		if (value instanceof Number number) {
			values.put(name, number.longValue());
		} else if (value instanceof Boolean bit) {
			values.put(name, bit ? 1L : 0);
		} else if (value instanceof Enum<?> constant) {
			values.put(name, (long) constant.ordinal());
		} else if (value.getClass().isArray()) {
			int length = name.equals("general") ? GENERAL : Array.getLength(value);
			for (int i = 0; i < length; i++) {
				add(name + i, Array.get(value, i), values);
			}
		} else {
			collect(name + '.', value, values);
		}
	}
}
