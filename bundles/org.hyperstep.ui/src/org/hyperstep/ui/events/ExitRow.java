/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import org.hyperstep.debug.journal.ExitStatistics.Row;

/**
 * A row of the VM Exits view. Immutable.
 *
 * @param exits    what was counted
 * @param location function and offset of the place; empty where no symbol is known, or all places are counted
 */
record ExitRow(Row exits, String location) {
}
