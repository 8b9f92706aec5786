/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Drives the workbench through the tour of the README, without a person; no part of the feature. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.ui.demo;
