/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import org.hyperstep.debug.JournalEntry;

/**
 * A row of the Guest Events view. Immutable.
 *
 * @param entry    the journal's entry
 * @param location function and offset of its address; empty where no symbol is known
 */
record EventRow(JournalEntry entry, String location) {
}
