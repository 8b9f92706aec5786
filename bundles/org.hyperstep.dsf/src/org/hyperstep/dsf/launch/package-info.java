/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/**
 * From a launch configuration to a session and to its end: the delegate, the launch, the guest's process with its console,
 * and source lookup.
 *
 * <p>
 * Parameters have no default here: the platform's interfaces do not say which of theirs may be null, and an
 * implementation must not demand more than they do.
 */
@NonNullByDefault({ DefaultLocation.RETURN_TYPE, DefaultLocation.FIELD })
package org.hyperstep.dsf.launch;

import org.eclipse.jdt.annotation.DefaultLocation;
import org.eclipse.jdt.annotation.NonNullByDefault;
