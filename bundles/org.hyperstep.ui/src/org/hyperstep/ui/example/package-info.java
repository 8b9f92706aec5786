/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The example project of sample guests, in the workspace. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.ui.example;
