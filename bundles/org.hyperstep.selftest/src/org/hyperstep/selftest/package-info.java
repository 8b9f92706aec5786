/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What the product promises of stepping and masking, proven on the machine where it runs. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.selftest;
