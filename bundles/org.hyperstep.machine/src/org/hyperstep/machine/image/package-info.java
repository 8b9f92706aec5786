/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Loaders of guest images. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.image;
