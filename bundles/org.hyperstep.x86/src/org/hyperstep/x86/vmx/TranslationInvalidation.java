/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/**
 * INVEPT and INVVPID (Intel SDM, "VMX Instruction Reference"). Both drop all translations, of
 * the guest hypervisor and of its guests.
 */
public final class TranslationInvalidation {
	private static final int SINGLE_CONTEXT = 1, ALL_CONTEXTS = 2;
	private static final int INDIVIDUAL_ADDRESS = 0, SINGLE_CONTEXT_RETAINING_GLOBALS = 3;

	private final VmxOperation operation;
	private final Processor processor;

	TranslationInvalidation(VmxOperation operation, Processor processor) {
		this.operation = operation;
		this.processor = processor;
	}

	/**
	 * INVEPT.
	 *
	 * @param type   of the register operand
	 * @param linear address of the descriptor
	 */
	public void invept(long type, long linear, int length) {
		operation.require(InterceptedInstruction.INVEPT, length);
		long pointer = processor.mmu().read64(linear);
		long reserved = processor.mmu().read64(linear + 8);
		boolean valid = type == ALL_CONTEXTS
				|| type == SINGLE_CONTEXT && ControlChecks.validEptPointer(pointer);
		finish(valid && reserved == 0);
	}

	/** INVVPID; parameters as of {@link #invept}. */
	public void invvpid(long type, long linear, int length) {
		operation.require(InterceptedInstruction.INVVPID, length);
		long vpid = processor.mmu().read64(linear);
		long address = processor.mmu().read64(linear + 8);
		boolean valid = type == ALL_CONTEXTS || vpid != 0 && (type == SINGLE_CONTEXT
				|| type == SINGLE_CONTEXT_RETAINING_GLOBALS
				|| type == INDIVIDUAL_ADDRESS && processor.mmu().canonical(address));
		finish(valid && vpid >>> 16 == 0);
	}

	private void finish(boolean valid) {
		if (!valid) {
			operation.fail(VmFail.INVALID_INVALIDATION_OPERAND);
			return;
		}
		processor.mmu().flushAll();
		operation.succeed();
	}
}
