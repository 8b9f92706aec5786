/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The back end that is the embedded hypervisor, and the launch of targets on it. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.debug.embedded;
