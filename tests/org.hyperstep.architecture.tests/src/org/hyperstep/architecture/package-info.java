/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Rules over the whole repository: its layout, the arrows between bundles, what may stand in a file. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.architecture;
