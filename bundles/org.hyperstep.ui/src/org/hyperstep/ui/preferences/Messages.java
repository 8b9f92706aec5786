/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.preferences;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Page_description = ""; //$NON-NLS-1$
	public static String Page_journal = ""; //$NON-NLS-1$
	public static String Page_journalHelp = ""; //$NON-NLS-1$
	public static String Page_mechanism = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.preferences.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
