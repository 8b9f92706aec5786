/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What VMX and SVM have in common: the intercepts that the processor asks for in guest mode. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.virtualization;
