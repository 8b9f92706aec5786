/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import org.eclipse.cdt.dsf.concurrent.ThreadSafeAndProhibitedFromDsfExecutor;
import org.eclipse.cdt.dsf.debug.sourcelookup.DsfSourceLookupParticipant;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.core.runtime.CoreException;

/**
 * Looks for the path that the compiler recorded, and then for its ends, the longest first: sources are seldom where they
 * were compiled, but below some directory their arrangement stays the same.
 */
@ThreadSafeAndProhibitedFromDsfExecutor("")
public final class GuestSourceLookupParticipant extends DsfSourceLookupParticipant {
	private static final char SEPARATOR = '/';

	public GuestSourceLookupParticipant(DsfSession session) {
		super(session);
	}

	@Override
	public Object[] findSourceElements(Object object) throws CoreException {
		String path = getSourceName(object);
		if (path == null) {
			return EMPTY;
		}
		String end = path.replace('\\', SEPARATOR);
		while (true) {
			Object[] found = super.findSourceElements(end);
			int next = end.indexOf(SEPARATOR, 1);
			if (found.length > 0 || next < 0) {
				return found;
			}
			end = end.substring(next + 1);
		}
	}
}
