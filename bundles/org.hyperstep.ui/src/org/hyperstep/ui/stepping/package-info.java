/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/**
 * Masking hardware interrupts in the running session.
 *
 * <p>
 * Parameters have no default here: Eclipse's interfaces do not say which of theirs may be null, and an implementation must
 * not demand more than they do.
 */
@NonNullByDefault({ DefaultLocation.RETURN_TYPE, DefaultLocation.FIELD })
package org.hyperstep.ui.stepping;

import org.eclipse.jdt.annotation.DefaultLocation;
import org.eclipse.jdt.annotation.NonNullByDefault;
