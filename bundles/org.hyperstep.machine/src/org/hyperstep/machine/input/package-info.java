/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What enters the machine from outside, and what leaves it. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.input;
