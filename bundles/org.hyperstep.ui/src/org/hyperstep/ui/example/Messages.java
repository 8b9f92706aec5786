/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.example;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String ExampleProjectImport_cannotWrite = ""; //$NON-NLS-1$
	public static String SampleGuestsPage_description = ""; //$NON-NLS-1$
	public static String SampleGuestsPage_note = ""; //$NON-NLS-1$
	public static String SampleGuestsPage_existing = ""; //$NON-NLS-1$
	public static String SampleGuestsWizard_failed = ""; //$NON-NLS-1$
	public static String SampleGuestsWizard_title = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.example.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
