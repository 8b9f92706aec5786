/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

/** Loads one image by one protocol that it offers. */
@FunctionalInterface
interface Loader {
	/**
	 * Plans what goes where.
	 *
	 * @return the registers that the protocol asks for
	 * @throws ImageException if something does not fit
	 */
	InitialState prepare(LoadPlan plan, LoadRequest request) throws ImageException;
}
