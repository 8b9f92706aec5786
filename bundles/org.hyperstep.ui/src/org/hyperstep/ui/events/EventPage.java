/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.List;

/**
 * What the view shows at one time. Immutable.
 *
 * @param rows  the events that the filter shows, oldest first
 * @param kept  how many events there are with those that the filter hides
 * @param total how many there have been since the guest's start
 */
record EventPage(List<EventRow> rows, long kept, long total) {
	static final EventPage EMPTY = new EventPage(List.of(), 0, 0);
}
