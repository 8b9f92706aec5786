/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Column_cpu = ""; //$NON-NLS-1$
	public static String Column_cpuHelp = ""; //$NON-NLS-1$
	public static String Column_kind = ""; //$NON-NLS-1$
	public static String Column_kindHelp = ""; //$NON-NLS-1$
	public static String Column_vector = ""; //$NON-NLS-1$
	public static String Column_vectorHelp = ""; //$NON-NLS-1$
	public static String Column_source = ""; //$NON-NLS-1$
	public static String Column_sourceHelp = ""; //$NON-NLS-1$
	public static String Column_reason = ""; //$NON-NLS-1$
	public static String Column_reasonHelp = ""; //$NON-NLS-1$
	public static String Column_since = ""; //$NON-NLS-1$
	public static String Column_sinceHelp = ""; //$NON-NLS-1$
	public static String Kind_interrupt = ""; //$NON-NLS-1$
	public static String Kind_nmi = ""; //$NON-NLS-1$
	public static String Kind_smi = ""; //$NON-NLS-1$
	public static String Reason_deliverable = ""; //$NON-NLS-1$
	public static String Reason_maskedByDebugger = ""; //$NON-NLS-1$
	public static String Reason_interruptFlagClear = ""; //$NON-NLS-1$
	public static String Reason_processorPriority = ""; //$NON-NLS-1$
	public static String Reason_stiShadow = ""; //$NON-NLS-1$
	public static String Reason_movSsShadow = ""; //$NON-NLS-1$
	public static String Reason_nmiInService = ""; //$NON-NLS-1$
	public static String Reason_smiInService = ""; //$NON-NLS-1$
	public static String Reason_globalInterruptFlagClear = ""; //$NON-NLS-1$
	public static String Reason_lowerThanAnother = ""; //$NON-NLS-1$
	public static String Reason_waitingForStartup = ""; //$NON-NLS-1$
	public static String PendingFeed_name = ""; //$NON-NLS-1$
	public static String View_noGuest = ""; //$NON-NLS-1$
	public static String View_masked = ""; //$NON-NLS-1$
	public static String View_notMasked = ""; //$NON-NLS-1$
	public static String View_nothing = ""; //$NON-NLS-1$
	public static String View_some = ""; //$NON-NLS-1$
	public static String View_halted = ""; //$NON-NLS-1$
	public static String View_deliverAll = ""; //$NON-NLS-1$
	public static String View_deliveringAll = ""; //$NON-NLS-1$
	public static String View_deliver = ""; //$NON-NLS-1$
	public static String View_deliverHelp = ""; //$NON-NLS-1$
	public static String View_delivering = ""; //$NON-NLS-1$
	public static String Raise_interrupt = ""; //$NON-NLS-1$
	public static String Raise_nmi = ""; //$NON-NLS-1$
	public static String Raise_smi = ""; //$NON-NLS-1$
	public static String Raise_title = ""; //$NON-NLS-1$
	public static String Raise_vector = ""; //$NON-NLS-1$
	public static String Raise_noVector = ""; //$NON-NLS-1$
	public static String Raise_raising = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.pending.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
