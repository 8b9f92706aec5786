/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.osgi.util.NLS;

final class Messages extends NLS {
	public static String Guest_nonStop = ""; //$NON-NLS-1$
	public static String Session_over = ""; //$NON-NLS-1$
	public static String Vcpu_name = ""; //$NON-NLS-1$

	static {
		NLS.initializeMessages("org.hyperstep.ui.debug.messages", Messages.class); //$NON-NLS-1$
	}

	private Messages() {
	}
}
