/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import static org.eclipse.cdt.dsf.debug.service.IFormattedValues.BINARY_FORMAT;
import static org.eclipse.cdt.dsf.debug.service.IFormattedValues.DECIMAL_FORMAT;
import static org.eclipse.cdt.dsf.debug.service.IFormattedValues.HEX_FORMAT;
import static org.eclipse.cdt.dsf.debug.service.IFormattedValues.NATURAL_FORMAT;
import static org.eclipse.cdt.dsf.debug.service.IFormattedValues.OCTAL_FORMAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as DSF's views write and read them. */
@SuppressWarnings("nls")
class NumberFormatsTest {

	@ParameterizedTest
	@ValueSource(strings = { HEX_FORMAT, DECIMAL_FORMAT, OCTAL_FORMAT, BINARY_FORMAT, NATURAL_FORMAT })
	void whatIsShownIsReadBack(String format) {
		for (long value : new long[] { 0, 1, 0xb, 0x8000_0000_0000_0000L, -1 }) {
			for (boolean field : new boolean[] { false, true }) {
				String shown = NumberFormats.format(value, 64, field, format);
				assertEquals(Optional.of(new BigInteger(Long.toUnsignedString(value))),
						NumberFormats.parse(shown, format, field), shown);
			}
		}
	}

	@Test
	void hexadecimalDigitsThatLookLikeABinaryPrefixAreDigits() {
		assertEquals(Optional.of(BigInteger.valueOf(0xb1)), NumberFormats.parse("0b1", HEX_FORMAT, false));
		assertEquals(Optional.of(BigInteger.ONE), NumberFormats.parse("0b1", DECIMAL_FORMAT, false));
	}

	@Test
	void aNumberFitsAsSignedOrUnsigned() {
		assertTrue(NumberFormats.fits(BigInteger.valueOf(255), 8));
		assertTrue(NumberFormats.fits(BigInteger.valueOf(-128), 8));
		assertFalse(NumberFormats.fits(BigInteger.valueOf(256), 8));
		assertFalse(NumberFormats.fits(BigInteger.valueOf(-129), 8));
	}
}
