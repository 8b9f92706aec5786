/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import java.util.EnumSet;
import java.util.Set;

import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.RegisterResidence;

/**
 * A virtual machine control block: the values of all {@link VmcbField}s. Mutable, on the machine's thread. That of a
 * guest hypervisor lies in its memory; VMRUN takes all of it over, whatever the VMCB clean bits say, which is always
 * legal ("VMCB State Caching").
 */
public final class Vmcb {
	/** Bits of a linear address on the processor: 48, or 57 where it has five-level paging. */
	public int linearAddressBits = 48;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: V_TPR. */
	public static final long V_TPR = 0xff;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: the global interrupt flag of the guest, where it has one of its own. */
	public static final long V_GIF = 1L << 9;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: the guest has a global interrupt flag of its own. */
	public static final long V_GIF_ENABLE = 1L << 25;
	/** {@link VmcbField#VIRTUAL_INTERRUPT}: the interrupt controller is virtualized. */
	public static final long AVIC_ENABLE = 1L << 31;
	/** {@link VmcbField#NP_ENABLE}: nested paging; guest mode execute trap. */
	public static final long NESTED_PAGING = 1, GUEST_MODE_EXECUTE_TRAP = 1 << 3;
	/** {@link VmcbField#LBR_VIRTUALIZATION_ENABLE}: branch records are the guest's own; VMLOAD and VMSAVE are. */
	public static final long LBR_VIRTUALIZATION = 1, VIRTUAL_VMLOAD_VMSAVE = 2;
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

	private static final VmcbField[] FIELDS = VmcbField.values();

	/** What VMRUN checks together. */
	enum Checks {
		CONTROL, STATE, INJECTION;

		int bit() {
			return 1 << ordinal();
		}
	}

	/** Bits of the virtual interrupt control that checks look at; the others change with each interrupt. */
	private static final long CHECKED_VIRTUAL = V_NMI_ENABLE | AVIC_ENABLE;
	private static final int ALL = (1 << Checks.values().length) - 1;
	private static final Set<VmcbField> BRANCH_RECORDS = EnumSet.of(VmcbField.BR_FROM, VmcbField.BR_TO,
			VmcbField.LASTEXCPFROM, VmcbField.LASTEXCPTO);
	/** Whether #VMEXIT of the bottom saves the field from registers; by ordinal. */
	private static final boolean[] SAVED = new boolean[FIELDS.length];
	/** Which checks look at the field, a bit each; by ordinal. */
	private static final int[] CHECKED = new int[FIELDS.length];
	static {
		for (VmcbField field : FIELDS) {
			SAVED[field.ordinal()] = field.group() != VmcbField.Group.CONTROL
					&& field.group() != VmcbField.Group.ABSENT && !BRANCH_RECORDS.contains(field);
			CHECKED[field.ordinal()] = checked(field);
		}
	}

	private final long[] values = new long[FIELDS.length];
	private final boolean nesting;
	/** Checks that look at something that software changed since they were made. */
	private int due = ALL;
	private final RegisterResidence residence = new RegisterResidence(this::saveRegisters);

	/** A VMCB whose guest has no SVM of its own but by the software below. */
	public Vmcb() {
		this(false);
	}

	/**
	 * A VMCB with all fields zero.
	 *
	 * @param nesting whether its guest uses SVM itself, which is beyond the manual: EFER.SVME is the guest's own then, and
	 *                the VMRUN intercept need not be set
	 */
	public Vmcb(boolean nesting) {
		this.nesting = nesting;
	}

	/** Whether the guest uses SVM itself. */
	public boolean nesting() {
		return nesting;
	}

	public long read(VmcbField field) {
		if (residence.unsaved() != null && SAVED[field.ordinal()]) {
			residence.save();
		}
		return values[field.ordinal()];
	}

	/** Writes a field; bits beyond its width are dropped. */
	public void write(VmcbField field, long value) {
		int index = field.ordinal();
		if (residence.held() && SAVED[index]) {
			residence.release();
		}
		long kept = value & field.mask();
		long changed = kept ^ values[index];
		if (changed != 0) {
			due |= field != VmcbField.VIRTUAL_INTERRUPT || (changed & CHECKED_VIRTUAL) != 0 ? CHECKED[index] : 0;
			values[index] = kept;
		}
	}

	private static int checked(VmcbField field) {
		return switch (field) {
			case INTERCEPT_CR, INTERCEPT_DR, INTERCEPT_EXCEPTIONS, INTERCEPT_MISC3, TSC_OFFSET, TLB_CONTROL,
					INTERRUPT_SHADOW, EXITCODE, EXITINFO1, EXITINFO2, EXITINTINFO, NRIP, INSTRUCTION_BYTES_LOW,
					INSTRUCTION_BYTES_HIGH, RIP, RSP, RAX, RFLAGS, CR2 ->
				0;
			case EVENTINJ -> Checks.INJECTION.bit();
			case INTERCEPT_MISC1, INTERCEPT_MISC2 -> Checks.CONTROL.bit();
			default -> field.group() == VmcbField.Group.CONTROL ? Checks.CONTROL.bit() | Checks.STATE.bit()
					: Checks.STATE.bit();
		};
	}

	/** Whether software changed something that these checks look at since {@link #checked}. */
	boolean due(Checks checks) {
		return (due & checks.bit()) != 0;
	}

	/** Whether any check is due. */
	boolean anyDue() {
		return due != 0;
	}

	void checked() {
		due = 0;
	}

	/** State that #VMEXIT leaves in the processor's registers, as "VMCB State Caching" has it. */
	RegisterResidence registers() {
		return residence;
	}

	private void saveRegisters(CpuState registers) {
		int before = due;
		StateSaveArea.saveAll(registers, this);
		// What the processor saves it can load again.
		due = before;
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
		write(FIELDS[vector], on ? values[vector] | bit : values[vector] & ~bit);
	}

	/** Reads the fields of a group from memory. */
	void readFrom(PhysicalMemory memory, long hostPhysical, VmcbField.Group group) {
		due = ALL;
		for (VmcbField field : FIELDS) {
			if (field.group() == group) {
				values[field.ordinal()] = memory.read(hostPhysical + field.offset(), field.bytes());
			}
		}
	}

	/** Writes the fields of a group to memory. */
	void writeTo(PhysicalMemory memory, long hostPhysical, VmcbField.Group group) {
		for (VmcbField field : FIELDS) {
			if (field.group() == group) {
				memory.write(hostPhysical + field.offset(), field.bytes(), values[field.ordinal()]);
			}
		}
	}
}
