/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.jdt.annotation.Nullable;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory as a user writes it: a number with K, M or G; in megabytes without.
 *
 * @param bytes how much it is
 */
@SuppressWarnings("nls")
public record MemorySize(long bytes) {
	private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,12})([KMG]?)(I?B)?");

	/** Reads it from an option. */
	public static final class Converter implements ITypeConverter<MemorySize> {
		@Override
		public MemorySize convert(@Nullable String value) {
			return parse(String.valueOf(value));
		}
	}

	/**
	 * Reads what the user wrote.
	 *
	 * @throws TypeConversionException if it is no amount of memory
	 */
	public static MemorySize parse(String value) {
		Matcher matcher = WRITTEN.matcher(value.toUpperCase(Locale.ROOT));
		if (!matcher.matches()) {
			throw new TypeConversionException("'" + value + "' is not an amount of memory such as 256M or 2G");
		}
		int shift = switch (matcher.group(2)) {
			case "K" -> 10;
			case "G" -> 30;
			default -> 20;
		};
		long number = Long.parseLong(matcher.group(1));
		if (number > Long.MAX_VALUE >> shift) {
			throw new TypeConversionException("'" + value + "' is more memory than there is");
		}
		return new MemorySize(number << shift);
	}
}
