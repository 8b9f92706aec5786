/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** The tables by which firmware describes the machine (ACPI specification). */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.machine.acpi;
