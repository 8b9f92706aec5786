/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

import org.eclipse.cdt.dsf.debug.service.IFormattedValues;

/** Numbers in the formats that DSF's views offer. */
final class NumberFormats {
	private static final String[] FORMATS = { IFormattedValues.NATURAL_FORMAT, IFormattedValues.HEX_FORMAT,
			IFormattedValues.DECIMAL_FORMAT, IFormattedValues.OCTAL_FORMAT, IFormattedValues.BINARY_FORMAT };
	private static final int DIGIT_BITS = 4;

	private NumberFormats() {
	}

	/** The formats, the one that values are shown in unless a user wants another first. */
	static String[] available() {
		return FORMATS.clone();
	}

	/**
	 * An unsigned number of so many bits in a format. Hexadecimal and binary numbers have all their digits; the natural
	 * format is hexadecimal for whole registers, decimal for fields.
	 */
	static String format(long value, int bits, boolean field, String format) {
		String digits = switch (format) {
			case IFormattedValues.DECIMAL_FORMAT -> Long.toUnsignedString(value);
			case IFormattedValues.OCTAL_FORMAT -> '0' + Long.toOctalString(value);
			case IFormattedValues.BINARY_FORMAT -> "0b" + padded(Long.toBinaryString(value), bits); //$NON-NLS-1$
			case IFormattedValues.HEX_FORMAT -> hex(value, bits);
			default -> field ? Long.toUnsignedString(value) : hex(value, bits);
		};
		return digits;
	}

	private static String hex(long value, int bits) {
		return "0x" + padded(Long.toHexString(value), (bits + DIGIT_BITS - 1) / DIGIT_BITS); //$NON-NLS-1$
	}

	private static String padded(String digits, int length) {
		return "0".repeat(Math.max(0, length - digits.length())) + digits; //$NON-NLS-1$
	}

	/**
	 * The number that a user has written. A prefix says its base ({@code 0x}, {@code 0b}); without one the format that it
	 * was shown in does.
	 */
	static Optional<BigInteger> parse(String text, String format, boolean field) {
		String digits = text.strip().toLowerCase(Locale.ROOT).replace("_", ""); //$NON-NLS-1$ //$NON-NLS-2$
		boolean negative = digits.startsWith("-"); //$NON-NLS-1$
		String magnitude = negative ? digits.substring(1) : digits;
		try {
			BigInteger number = parseMagnitude(magnitude, format, field);
			return Optional.of(negative ? number.negate() : number);
		} catch (NumberFormatException notANumber) {
			return Optional.empty();
		}
	}

	private static BigInteger parseMagnitude(String digits, String format, boolean field) {
		if (digits.startsWith("0x")) { //$NON-NLS-1$
			return new BigInteger(digits.substring(2), 16);
		}
		if (digits.startsWith("0b") && !IFormattedValues.HEX_FORMAT.equals(format)) { //$NON-NLS-1$
			return new BigInteger(digits.substring(2), 2);
		}
		return new BigInteger(digits, switch (format) {
			case IFormattedValues.BINARY_FORMAT -> 2;
			case IFormattedValues.OCTAL_FORMAT -> 8;
			case IFormattedValues.DECIMAL_FORMAT -> 10;
			case IFormattedValues.HEX_FORMAT -> 16;
			default -> field ? 10 : 16;
		});
	}

	/** Whether a number, signed or not, fits into so many bits. */
	static boolean fits(BigInteger number, int bits) {
		return number.signum() < 0 ? number.bitLength() < bits : number.bitLength() <= bits;
	}
}
