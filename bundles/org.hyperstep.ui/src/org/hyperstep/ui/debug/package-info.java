/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/**
 * How Eclipse's debug views show a session and what their commands do with it: view model, commands, source display.
 *
 * <p>
 * Parameters have no default here: the platform's interfaces do not say which of theirs may be null, and an
 * implementation must not demand more than they do.
 */
@NonNullByDefault({ DefaultLocation.RETURN_TYPE, DefaultLocation.FIELD })
package org.hyperstep.ui.debug;

import org.eclipse.jdt.annotation.DefaultLocation;
import org.eclipse.jdt.annotation.NonNullByDefault;
