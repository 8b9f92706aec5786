/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

/** One line of the table: what is measured, and how. */
public interface BenchRow {

	/** What is measured. */
	String name();

	/** The unit of the figure. */
	String unit();

	/**
	 * Measures once, warm-up included.
	 *
	 * @param seconds about how long the measurement may take
	 */
	double measure(double seconds) throws Exception;
}
