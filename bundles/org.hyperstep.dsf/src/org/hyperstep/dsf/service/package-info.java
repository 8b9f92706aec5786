/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/**
 * The DSF services of a session: they put one {@link org.hyperstep.debug.Target} under Eclipse's debugger. Everything in
 * them happens on the session's executor; what comes from the engine's thread is handed over to it.
 *
 * <p>
 * Parameters have no default here: DSF's interfaces do not say which of theirs may be null, and an implementation must
 * not demand more than they do.
 */
@NonNullByDefault({ DefaultLocation.RETURN_TYPE, DefaultLocation.FIELD })
package org.hyperstep.dsf.service;

import org.eclipse.jdt.annotation.DefaultLocation;
import org.eclipse.jdt.annotation.NonNullByDefault;
