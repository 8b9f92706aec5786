/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Intel VMX: VMCS, VM entry with its checks, VMX non-root operation, VM exits, EPT. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.vmx;
