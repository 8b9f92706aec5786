/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.math.BigInteger;

import org.eclipse.cdt.dsf.debug.internal.ui.disassembly.provisional.IDisassemblyPart;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.statushandlers.StatusManager;

/** The Disassembly view. UI thread. */
public final class Disassembler {
	/** The view's identifier; CDT has no constant for it. */
	public static final String VIEW = "org.eclipse.cdt.dsf.debug.ui.disassembly.view"; //$NON-NLS-1$

	private Disassembler() {
	}

	/** Opens the view if need be and shows an address in it. */
	public static void show(IWorkbenchPage page, long linear) {
		try {
			if (page.showView(VIEW) instanceof IDisassemblyPart view) {
				view.gotoAddress(new Addr64(new BigInteger(Long.toUnsignedString(linear))));
			}
		} catch (PartInitException e) {
			StatusManager.getManager().handle(e.getStatus(), StatusManager.SHOW | StatusManager.LOG);
		}
	}
}
