/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

/**
 * One thing that is proven.
 *
 * @param name what, as a rule: what holds if it passes
 * @param body proves it, or throws
 */
public record Check(String name, Body body) {

	/** Proves a rule. */
	@FunctionalInterface
	public interface Body {
		/**
		 * Returns what was measured, in words, empty where there is nothing to say.
		 *
		 * @throws CheckFailure with what was seen instead
		 */
		String prove() throws CheckFailure;
	}

	/** How a check ended. */
	public record Result(String suite, String name, boolean passed, String text) {
	}

	/** Runs it. An exception out of the engine is a failure like any other. */
	public Result run(String suite) {
		try {
			return new Result(suite, name, true, body.prove());
		} catch (CheckFailure failure) {
			return new Result(suite, name, false, String.valueOf(failure.getMessage()));
		} catch (RuntimeException | AssertionError failure) {
			StackTraceElement[] trace = failure.getStackTrace();
			return new Result(suite, name, false, failure + (trace.length == 0 ? "" : " at " + trace[0])); //$NON-NLS-1$ //$NON-NLS-2$
		}
	}
}
