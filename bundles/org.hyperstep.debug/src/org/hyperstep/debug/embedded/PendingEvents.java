/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.PendingEvent.Kind;
import org.hyperstep.debug.PendingEvent.Reason;

/** The hypervisor's pending events in the engine's vocabulary. */
final class PendingEvents {
	private PendingEvents() {
	}

	static PendingEvent toEngine(org.hyperstep.hypervisor.PendingEvent event) {
		Kind kind = switch (event.kind()) {
			case EXTERNAL_INTERRUPT -> Kind.INTERRUPT;
			case NMI -> Kind.NMI;
			case SMI -> Kind.SMI;
		};
		return new PendingEvent(event.cpu(), kind, event.vector(), event.source(), event.since(),
				Reason.valueOf(event.blocked().name()));
	}
}
