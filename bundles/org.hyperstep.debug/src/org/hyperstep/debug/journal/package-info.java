/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** What is made of an event journal: files of comma-separated values, CTF traces, statistics of VM exits. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.debug.journal;
