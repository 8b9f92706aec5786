/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Launch_noImage = ""; //$NON-NLS-1$
	public static String Launch_noSuchFile = ""; //$NON-NLS-1$
	public static String Launch_directory = ""; //$NON-NLS-1$
	public static String Launch_unreadable = ""; //$NON-NLS-1$
	public static String Launch_noPath = ""; //$NON-NLS-1$
	public static String Launch_noMemorySize = ""; //$NON-NLS-1$
	public static String Launch_memoryTooSmall = ""; //$NON-NLS-1$
	public static String Launch_journalOutOfRange = ""; //$NON-NLS-1$
	public static String Launch_cpusOutOfRange = ""; //$NON-NLS-1$
	public static String Launch_noSymbol = ""; //$NON-NLS-1$
	public static String Launch_svmHasNoMonitorTrapFlag = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.dsf.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
