/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Startup_task = ""; //$NON-NLS-1$
	public static String Startup_machine = ""; //$NON-NLS-1$
	public static String Startup_mode = ""; //$NON-NLS-1$
	public static String Startup_console = ""; //$NON-NLS-1$
	public static String Startup_runControl = ""; //$NON-NLS-1$
	public static String Startup_end = ""; //$NON-NLS-1$
	public static String Startup_processes = ""; //$NON-NLS-1$
	public static String Startup_memory = ""; //$NON-NLS-1$
	public static String Startup_stack = ""; //$NON-NLS-1$
	public static String Startup_registers = ""; //$NON-NLS-1$
	public static String Startup_expressions = ""; //$NON-NLS-1$
	public static String Startup_disassembly = ""; //$NON-NLS-1$
	public static String Startup_sourceLookup = ""; //$NON-NLS-1$
	public static String Startup_breakpointService = ""; //$NON-NLS-1$
	public static String Startup_breakpoints = ""; //$NON-NLS-1$
	public static String Startup_views = ""; //$NON-NLS-1$
	public static String Startup_go = ""; //$NON-NLS-1$
	public static String Startup_failed = ""; //$NON-NLS-1$
	public static String Startup_noSymbol = ""; //$NON-NLS-1$
	public static String Startup_over = ""; //$NON-NLS-1$
	public static String Startup_wrongLaunch = ""; //$NON-NLS-1$
	public static String Process_running = ""; //$NON-NLS-1$
	public static String Process_dropped = ""; //$NON-NLS-1$
	public static String Process_failed = ""; //$NON-NLS-1$
	public static String Run_halted = ""; //$NON-NLS-1$
	public static String Run_stopped = ""; //$NON-NLS-1$
	public static String Run_tripleFault = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.dsf.launch.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
