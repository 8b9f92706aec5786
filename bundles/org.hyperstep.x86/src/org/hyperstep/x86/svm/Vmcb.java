/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

/** A virtual machine control block: the values of all {@link VmcbField}s. Mutable, on the machine's thread. */
public final class Vmcb {
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: a virtual interrupt is pending. */
	public static final long V_IRQ = 1L << 8;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: a virtual NMI is pending; delivered when NMIs are not blocked. */
	public static final long V_NMI = 1L << 11;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: virtual NMIs are blocked. */
	public static final long V_NMI_MASK = 1L << 12;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: virtual NMIs are in use. */
	public static final long V_NMI_ENABLE = 1L << 26;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: the priority of the virtual interrupt is not compared with V_TPR. */
	public static final long V_IGN_TPR = 1L << 20;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: RFLAGS.IF of the guest masks virtual interrupts alone. */
	public static final long V_INTR_MASKING = 1L << 24;

	private final long[] values = new long[VmcbField.values().length];

	public long read(VmcbField field) {
		return values[field.ordinal()];
	}

	/** Writes a field; bits beyond its width are dropped. */
	public void write(VmcbField field, long value) {
		values[field.ordinal()] = value & field.mask();
	}

	/** Whether the intercept that causes the exit code is set. Meaningful for codes that have an intercept bit. */
	public boolean intercepts(SvmExitCode code) {
		return intercepts(code.number());
	}

	/**
	 * Whether the intercept bit of an exit code from 0 to 0xbf is set: intercept vectors and exit codes run in step,
	 * 32 codes to a vector.
	 */
	boolean intercepts(int code) {
		return (values[VmcbField.INTERCEPT_CR.ordinal() + (code >> 5)] >>> (code & 31) & 1) != 0;
	}

	/** Sets or clears the intercept that causes the exit code. */
	public void intercept(SvmExitCode code, boolean on) {
		if (!code.hasIntercept()) {
			throw new IllegalArgumentException(code + " has no intercept bit"); //$NON-NLS-1$
		}
		int vector = VmcbField.INTERCEPT_CR.ordinal() + (code.number() >> 5);
		long bit = 1L << (code.number() & 31);
		values[vector] = on ? values[vector] | bit : values[vector] & ~bit;
	}
}
