/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The display adapter: VGA with Bochs' linear framebuffer, and what it shows. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.video;
