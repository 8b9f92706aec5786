/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as users write them: {@code 256M}, {@code 1G}, {@code 65536K}, or bytes. */
public final class MemorySize {
	private static final Pattern FORM = Pattern.compile("\\s*(\\d{1,15})\\s*([KMGT]?)(?:I?B)?\\s*", //$NON-NLS-1$
			Pattern.CASE_INSENSITIVE);
	private static final String UNITS = "KMGT"; //$NON-NLS-1$

	private MemorySize() {
	}

	/** The number of bytes; empty where the text is no amount of memory, or too large a one. */
	public static OptionalLong parse(String text) {
		Matcher matcher = FORM.matcher(text);
		if (!matcher.matches()) {
			return OptionalLong.empty();
		}
		String unit = matcher.group(2).toUpperCase(Locale.ROOT);
		int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
		long count = Long.parseLong(matcher.group(1));
		return count > Long.MAX_VALUE >> shift ? OptionalLong.empty() : OptionalLong.of(count << shift);
	}

	/** The shortest text that {@link #parse} reads as this number of bytes. */
	public static String format(long bytes) {
		for (int i = UNITS.length(); i > 0; i--) {
			long unit = 1L << 10 * i;
			if (bytes != 0 && bytes % unit == 0) {
				return Long.toString(bytes / unit) + UNITS.charAt(i - 1);
			}
		}
		return Long.toString(bytes);
	}
}
