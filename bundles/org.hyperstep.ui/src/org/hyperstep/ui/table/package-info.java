/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Tables that are made from a list of columns over a list of immutable rows. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.ui.table;
