/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Which guest the user looks at, and requests to it that show their progress. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.ui.session;
