/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/**
 * The sample guests as files and streams, the example project made of them, and a way to obtain the kernel of a
 * distribution as a guest that nobody here wrote.
 */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.samples;
