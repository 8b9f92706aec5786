/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Tests of execution: rules of the manuals, and comparison with the host's processor. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.execution;
