/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;

/**
 * One attribute of a launch configuration: its name there, its default, and what is wrong with a value. Immutable, for
 * any thread.
 *
 * @param <T> {@link String}, {@link Integer}, {@link Boolean}, an enumeration, or a list of strings: see {@link #type()}
 */
public final class LaunchAttribute<T> {

	/** How a value is stored in a launch configuration. */
	public enum Type {
		TEXT, NUMBER, FLAG, CHOICE, LIST
	}

	/** Reads a stored value. */
	@FunctionalInterface
	private interface Reader<T> {
		T read(ILaunchConfiguration from, String id, T whenMissing) throws CoreException;
	}

	/** Stores a value. */
	@FunctionalInterface
	private interface Writer<T> {
		void write(ILaunchConfigurationWorkingCopy to, String id, T value);
	}

	private final String id;
	private final Type type;
	private final T defaultValue;
	private final List<T> choices;
	private final Function<T, Optional<String>> check;
	private final Reader<T> reader;
	private final Writer<T> writer;

	private LaunchAttribute(String id, Type type, T defaultValue, List<T> choices,
			Function<T, Optional<String>> check, Reader<T> reader, Writer<T> writer) {
		this.id = HyperstepDsf.ID + '.' + id;
		this.type = type;
		this.defaultValue = defaultValue;
		this.choices = choices;
		this.check = check;
		this.reader = reader;
		this.writer = writer;
	}

	static LaunchAttribute<String> text(String id, String defaultValue, Function<String, Optional<String>> check) {
		return new LaunchAttribute<>(id, Type.TEXT, defaultValue, List.of(), check,
				ILaunchConfiguration::getAttribute, ILaunchConfigurationWorkingCopy::setAttribute);
	}

	static LaunchAttribute<Integer> number(String id, int defaultValue, Function<Integer, Optional<String>> check) {
		return new LaunchAttribute<>(id, Type.NUMBER, defaultValue, List.of(), check,
				(from, key, missing) -> from.getAttribute(key, missing.intValue()),
				(to, key, value) -> to.setAttribute(key, value.intValue()));
	}

	static LaunchAttribute<Boolean> flag(String id, boolean defaultValue) {
		return new LaunchAttribute<>(id, Type.FLAG, defaultValue, List.of(), value -> Optional.empty(),
				(from, key, missing) -> from.getAttribute(key, missing.booleanValue()),
				(to, key, value) -> to.setAttribute(key, value.booleanValue()));
	}

	static LaunchAttribute<List<String>> list(String id, Function<List<String>, Optional<String>> check) {
		return new LaunchAttribute<>(id, Type.LIST, List.of(), List.of(), check,
				(from, key, missing) -> List.copyOf(from.getAttribute(key, missing)),
				ILaunchConfigurationWorkingCopy::setAttribute);
	}

	/** A constant of an enumeration, stored by its name. A name that the enumeration lacks reads as the default. */
	static <E extends Enum<E>> LaunchAttribute<E> choice(String id, E defaultValue) {
		List<E> all = List.of(defaultValue.getDeclaringClass().getEnumConstants());
		return new LaunchAttribute<>(id, Type.CHOICE, defaultValue, all, value -> Optional.empty(),
				(from, key, missing) -> named(all, from.getAttribute(key, missing.name()), missing),
				(to, key, value) -> to.setAttribute(key, value.name()));
	}

	private static <E extends Enum<E>> E named(List<E> all, String name, E whenMissing) {
		return all.stream().filter(constant -> constant.name().equals(name)).findFirst().orElse(whenMissing);
	}

	/** Its name in a launch configuration. */
	public String id() {
		return id;
	}

	public Type type() {
		return type;
	}

	/** What a configuration that says nothing means. */
	public T defaultValue() {
		return defaultValue;
	}

	/** The values of a {@link Type#CHOICE}, in the order they are shown; empty for all others. */
	public List<T> choices() {
		return choices;
	}

	/** The value in a configuration, or the default. */
	public T get(ILaunchConfiguration from) throws CoreException {
		return reader.read(from, id, defaultValue);
	}

	public void set(ILaunchConfigurationWorkingCopy to, T value) {
		writer.write(to, id, value);
	}

	/** What is wrong with a value, as a sentence for a user; empty where nothing is. May look at the file system. */
	public Optional<String> problem(T value) {
		return check.apply(value);
	}

	/** What is wrong with the value in a configuration. */
	public Optional<String> problemIn(ILaunchConfiguration configuration) throws CoreException {
		return problem(get(configuration));
	}
}
