/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Session_over = ""; //$NON-NLS-1$
	public static String Stop_ready = ""; //$NON-NLS-1$
	public static String Stop_enteredHandler = ""; //$NON-NLS-1$
	public static String Stop_haltedForGood = ""; //$NON-NLS-1$
	public static String Stop_haltedByMask = ""; //$NON-NLS-1$
	public static String Stop_tripleFault = ""; //$NON-NLS-1$
	public static String RunControl_running = ""; //$NON-NLS-1$
	public static String RunControl_notRunning = ""; //$NON-NLS-1$
	public static String RunControl_noCode = ""; //$NON-NLS-1$
	public static String Stack_noFrame = ""; //$NON-NLS-1$
	public static String Stack_noVariables = ""; //$NON-NLS-1$
	public static String Context_foreign = ""; //$NON-NLS-1$
	public static String Registers_noRegister = ""; //$NON-NLS-1$
	public static String Registers_noNumber = ""; //$NON-NLS-1$
	public static String Registers_tooWide = ""; //$NON-NLS-1$
	public static String Registers_readOnly = ""; //$NON-NLS-1$
	public static String Registers_general = ""; //$NON-NLS-1$
	public static String Registers_flags = ""; //$NON-NLS-1$
	public static String Registers_segment = ""; //$NON-NLS-1$
	public static String Registers_control = ""; //$NON-NLS-1$
	public static String Registers_debug = ""; //$NON-NLS-1$
	public static String Registers_system = ""; //$NON-NLS-1$
	public static String Registers_generalHelp = ""; //$NON-NLS-1$
	public static String Registers_flagsHelp = ""; //$NON-NLS-1$
	public static String Registers_segmentHelp = ""; //$NON-NLS-1$
	public static String Registers_controlHelp = ""; //$NON-NLS-1$
	public static String Registers_debugHelp = ""; //$NON-NLS-1$
	public static String Registers_systemHelp = ""; //$NON-NLS-1$
	public static String Registers_fixedGroups = ""; //$NON-NLS-1$
	public static String Memory_tooLarge = ""; //$NON-NLS-1$
	public static String Memory_noAddress = ""; //$NON-NLS-1$
	public static String Disassembly_noCode = ""; //$NON-NLS-1$
	public static String Disassembly_unreadable = ""; //$NON-NLS-1$
	public static String Breakpoints_noPlace = ""; //$NON-NLS-1$
	public static String Breakpoints_unknown = ""; //$NON-NLS-1$
	public static String Breakpoints_unbound = ""; //$NON-NLS-1$
	public static String Breakpoints_noConditions = ""; //$NON-NLS-1$
	public static String Breakpoints_noMarker = ""; //$NON-NLS-1$
	public static String Processes_noNew = ""; //$NON-NLS-1$
	public static String Processes_cpu = ""; //$NON-NLS-1$
	public static String Source_notFound = ""; //$NON-NLS-1$
	public static String Expressions_unknown = ""; //$NON-NLS-1$
	public static String Expressions_fixed = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.dsf.service.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
