/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** Local APICs and the messages between them. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.apic;
