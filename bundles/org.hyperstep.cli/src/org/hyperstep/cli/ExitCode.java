/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

/** Exit statuses that are ours; all are even, so that none is one of the debug-exit port's. */
public enum ExitCode {
	OK(0, "the guest reset or powered off the machine, or the command is done"), //$NON-NLS-1$
	BAD_USAGE(2, "bad usage or bad input; one line on stderr says what"), //$NON-NLS-1$
	TRIPLE_FAULT(4, "the guest triple-faulted"), //$NON-NLS-1$
	HALTED(6, "the guest halted, and nothing can wake it"), //$NON-NLS-1$
	FAILED(8, "the engine stopped because it could not go on"), //$NON-NLS-1$
	TIMEOUT(124, "the time of --timeout was over"), //$NON-NLS-1$
	INTERRUPTED(130, "ended with Ctrl-C"); //$NON-NLS-1$

	private final int status;
	private final String meaning;

	ExitCode(int status, String meaning) {
		this.status = status;
		this.meaning = meaning;
	}

	public int status() {
		return status;
	}

	/** A phrase for the help text. */
	public String meaning() {
		return meaning;
	}
}
