/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** A VM exit in the words that both vendors' virtualization have in common. One a virtual CPU, filled in by its mode. */
final class Exit {
	/** What happened. */
	enum Kind {
		/** The host's timer or a device asked for attention. */
		HOST_INTERRUPT,
		/** The guest can take an interrupt, or an NMI, now. */
		WINDOW,
		/** Monitor trap flag. */
		MONITOR_TRAP,
		/** An intercepted exception: vector, errorCode, payload, software. */
		EXCEPTION,
		TRIPLE_FAULT, CPUID, HLT, PAUSE, MWAIT,
		RDMSR, WRMSR,
		/** {@link #register}, {@link #write}, {@link #general}. */
		CONTROL_REGISTER,
		/** {@link #register}, {@link #write}, {@link #general}. */
		DEBUG_REGISTER,
		XSETBV,
		/** RSM in system-management mode. */
		RSM,
		/** A hardware task switch by an instruction, or by an event through a task gate. */
		TASK_SWITCH,
		/** INVD and WBINVD: memory is coherent. */
		CACHE,
		/** The mode has dealt with it; the instruction is executed again. */
		RETRY,
		/** An instruction that this guest's processor does not have. */
		UNDEFINED_INSTRUCTION,
		/** #GP(0) for what the guest tries. */
		FORBIDDEN,
		/** Hardware has put a value into the local APIC's page at {@link #payload}; what it means is to be done. */
		APIC_WRITE,
		/** An access to the local APIC that the hardware does not virtualize. */
		APIC_ACCESS,
		/** Hardware has ended the level-triggered interrupt {@link #vector}. */
		END_OF_INTERRUPT,
		/** The second level does not translate {@link #payload}. */
		SECOND_LEVEL,
		/** An INIT signal or anything else that cannot happen as the controls are set. */
		UNEXPECTED
	}

	Kind kind = Kind.UNEXPECTED;
	/** Exit reason or exit code, and exit qualification or EXITINFO1. */
	long number, information;
	/** Length of the instruction that caused it, where one did. */
	int length;

	int vector, errorCode;
	/**
	 * CR2 of a #PF; DR6 bits of a #DB; guestPhysical address of {@link Kind#SECOND_LEVEL}; offset of
	 * {@link Kind#APIC_WRITE}.
	 */
	long payload;
	/** INT3, INTO or ICEBP. */
	boolean software;

	int register, general;
	boolean write;

	/** The event whose delivery the exit interrupted; vector -1 for none. */
	int vectoringVector, vectoringType, vectoringErrorCode, vectoringLength;
}
