/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import java.util.function.Predicate;

/**
 * One check of VM entry: a rule that the VMCS must obey, and how entry fails when it does not.
 *
 * @param rule    the rule in words, as the manual states it
 * @param failure what VM entry does when the rule is broken
 * @param holds   whether the VMCS obeys the rule
 */
record EntryCheck(String rule, Failure failure, Predicate<Vmcs> holds) {

	/** Ways in which VM entry fails (Intel SDM, "VM Entries", "VM Instruction Error Numbers"). */
	enum Failure {
		/** VMfailValid, error 7: VM entry with invalid control field(s). */
		INVALID_CONTROL,
		/** VMfailValid, error 8: VM entry with invalid host-state field(s). */
		INVALID_HOST_STATE,
		/** VM exit with basic reason 33, exit qualification 0. */
		INVALID_GUEST_STATE,
		/** VM exit with basic reason 33, exit qualification 2: loading the PDPTEs. */
		PDPTE,
		/** VM exit with basic reason 33, exit qualification 3: NMI injection with events blocked by MOV SS. */
		NMI_UNDER_MOV_SS,
		/** VM exit with basic reason 33, exit qualification 4: VMCS link pointer. */
		LINK_POINTER;

		/** The VM-instruction error, or 0 where entry fails with a VM exit. */
		int instructionError() {
			return this == INVALID_CONTROL ? 7 : this == INVALID_HOST_STATE ? 8 : 0;
		}

		/** The exit qualification where entry fails with a VM exit. */
		int exitQualification() {
			return switch (this) {
				case PDPTE -> 2;
				case NMI_UNDER_MOV_SS -> 3;
				case LINK_POINTER -> 4;
				default -> 0;
			};
		}
	}
}
