/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/**
 * Whose translations a level of virtualization uses, beside the control registers: translations of equal contexts may be
 * used again behind a switch of levels (Intel SDM, "Caching Translation Information"; AMD APM volume 2, "TLB Control").
 *
 * @param tag         VPID or ASID; 0 is the guest hypervisor itself
 * @param secondLevel EPT pointer or nested CR3; 0 where there is no second level
 * @param options     controls that the second level's format and rights depend on
 * @param ownPage     the page whose accesses the processor virtualizes, or a number that no page has
 */
public record TranslationContext(long tag, long secondLevel, long options, long ownPage) {
	/** A guest hypervisor, while its guest does not run. */
	public static final TranslationContext GUEST_HYPERVISOR = new TranslationContext(0, 0, 0, -1);
}
