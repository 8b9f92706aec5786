/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.datamodel.AbstractDMEvent;

/** The virtual CPUs of a guest, which all stand still, stop and run each for itself from now on, or all together. */
@Immutable
public final class NonStopChanged extends AbstractDMEvent<GuestDMContext> {
	NonStopChanged(Guest guest) {
		super(guest.context());
	}
}
