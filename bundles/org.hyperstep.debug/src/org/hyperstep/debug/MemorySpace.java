/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** What an address means. */
public enum MemorySpace {
	/** Translated by the CPU's paging structures. */
	LINEAR,
	/** The guest's physical address space. */
	GUEST_PHYSICAL
}
