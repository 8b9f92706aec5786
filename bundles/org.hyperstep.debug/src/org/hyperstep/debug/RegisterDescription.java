/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/**
 * What a register is. Immutable.
 *
 * @param name     lower case as in assembly: {@code rax}, {@code rflags}, {@code cs.base}
 * @param group    the group it is shown in
 * @param bits     width in bits
 * @param writable whether a debugger may write it
 * @param fields   its fields, most significant first; empty for a plain number
 */
public record RegisterDescription(String name, Group group, int bits, boolean writable, List<Field> fields) {

	/** Groups in the order they are shown. */
	public enum Group {
		GENERAL, FLAGS, SEGMENT, CONTROL, DEBUG, SYSTEM
	}

	/**
	 * A field of a register.
	 *
	 * @param name  as in the manual: {@code TF}, {@code IOPL}
	 * @param low   lowest bit
	 * @param width number of bits
	 * @param help  one line on what it means
	 */
	public record Field(String name, int low, int width, String help) {

		/** The field's value within the register's. */
		public long of(long register) {
			return register >>> low & (width == 64 ? -1 : (1L << width) - 1);
		}
	}
}
