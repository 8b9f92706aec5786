/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String MaskHandler_masking = ""; //$NON-NLS-1$
	public static String MaskHandler_unmasking = ""; //$NON-NLS-1$
	public static String NonStopHandler_allStop = ""; //$NON-NLS-1$
	public static String NonStopHandler_nonStop = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.stepping.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
