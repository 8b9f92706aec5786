/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import org.eclipse.debug.core.sourcelookup.AbstractSourceLookupDirector;
import org.eclipse.debug.core.sourcelookup.ISourceLookupParticipant;
import org.hyperstep.dsf.HyperstepDsf;

/** Finds the sources of a guest. A launch adds the participant that knows its session. */
public final class GuestSourceLookupDirector extends AbstractSourceLookupDirector {
	/** Its identifier as a source locator. */
	public static final String ID = HyperstepDsf.ID + ".sourceLocator"; //$NON-NLS-1$

	@Override
	public void initializeParticipants() {
		// without a session there is nothing whose source could be asked for
	}

	void addParticipant(ISourceLookupParticipant participant) {
		addParticipants(new ISourceLookupParticipant[] { participant });
	}
}
