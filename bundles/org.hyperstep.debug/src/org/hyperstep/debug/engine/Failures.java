/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

/** What a user is told of a failed check in the engine. */
final class Failures {
	private Failures() {
	}

	/** One line: what failed, and where in the engine it was found. */
	static String describe(Throwable failure) {
		StackTraceElement[] trace = failure.getStackTrace();
		String place = trace.length == 0 ? "" : " (" + trace[0] + ')'; //$NON-NLS-1$ //$NON-NLS-2$
		String message = failure.getMessage();
		return "The engine stopped on a check of its own: " //$NON-NLS-1$
				+ (message == null ? failure.getClass().getSimpleName() : message) + place;
	}
}
