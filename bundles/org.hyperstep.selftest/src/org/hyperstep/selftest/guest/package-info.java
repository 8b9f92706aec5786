/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Guests that are made of bytes or come from the samples, for the self-test and for tests. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.selftest.guest;
