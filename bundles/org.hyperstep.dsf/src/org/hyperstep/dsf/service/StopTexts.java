/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.hyperstep.debug.StopEvent;

/** How a stop reads in Eclipse. */
final class StopTexts {
	private StopTexts() {
	}

	/**
	 * DSF's nearest word for it.
	 *
	 * @param stepping whether a step led to it; a guest that ran freely arrives as at a breakpoint
	 */
	static StateChangeReason reason(StopEvent stop, boolean stepping) {
		return switch (stop) {
			case StopEvent.Ready ready -> StateChangeReason.USER_REQUEST;
			case StopEvent.BreakpointHit hit -> StateChangeReason.BREAKPOINT;
			case StopEvent.StepDone step -> stepping ? StateChangeReason.STEP : StateChangeReason.BREAKPOINT;
			case StopEvent.Suspended suspended -> StateChangeReason.USER_REQUEST;
			case StopEvent.Halted halted -> StateChangeReason.SIGNAL;
			case StopEvent.TripleFault fault -> StateChangeReason.EXCEPTION;
			case StopEvent.Failure failure -> StateChangeReason.ERROR;
		};
	}

	/** What DSF has no word for; empty where its word says all. */
	static String details(StopEvent stop) {
		return switch (stop) {
			case StopEvent.Ready ready -> Messages.Stop_ready;
			case StopEvent.BreakpointHit hit -> ""; //$NON-NLS-1$
			case StopEvent.StepDone step -> step.enteredVector() < 0 ? "" //$NON-NLS-1$
					: Messages.bind(Messages.Stop_enteredHandler, hex(step.enteredVector()));
			case StopEvent.Suspended suspended -> ""; //$NON-NLS-1$
			case StopEvent.Halted halted -> halted.heldBack() == 0 ? Messages.Stop_haltedForGood
					: Messages.bind(Messages.Stop_haltedByMask, halted.heldBack());
			case StopEvent.TripleFault fault -> Messages.Stop_tripleFault;
			case StopEvent.Failure failure -> failure.text();
		};
	}

	private static String hex(int vector) {
		return "0x" + Integer.toHexString(vector); //$NON-NLS-1$
	}
}
