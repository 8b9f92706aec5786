/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import org.eclipse.core.expressions.PropertyTester;
import org.hyperstep.ui.session.Guests;

/** The property "isLiveGuest" of what the Debug view shows: it belongs to a guest that has not ended. */
public final class LiveGuestTester extends PropertyTester {
	@Override
	public boolean test(Object receiver, String property, Object[] arguments, Object expected) {
		return Guests.of(receiver).filter(Guests::lives).isPresent();
	}
}
