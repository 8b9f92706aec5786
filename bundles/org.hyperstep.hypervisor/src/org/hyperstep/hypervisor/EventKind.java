/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Kinds of what an {@link EventSink} is told; the words say what {@code number} and {@code information} are. */
public enum EventKind {
	/** An interrupt controller raised an interrupt for the CPU. Number: vector. */
	INTERRUPT_RAISED,
	/** An interrupt that could be delivered is held back by the event mask. Number: vector. */
	INTERRUPT_HELD,
	/** The interrupt is injected at VM entry. Number: vector. */
	INTERRUPT_INJECTED,
	/** The interrupt's handler begins. Number: vector; rip: the handler's first instruction. */
	INTERRUPT_DELIVERED,
	/** An NMI was raised. */
	NMI_RAISED,
	/** An NMI is held back by the event mask. */
	NMI_HELD,
	/** The NMI is injected at VM entry. */
	NMI_INJECTED,
	/** The NMI's handler begins. */
	NMI_DELIVERED,
	/** An exception is delivered to the guest. Number: vector; information: error code, for #PF CR2. */
	EXCEPTION,
	/** A VM exit. Number: exit reason or exit code; information: exit qualification or EXITINFO1. */
	VM_EXIT,
	/** A VM entry that injects nothing. Number: 0. */
	VM_ENTRY,
	/** The CPU's mode changed. Number: {@link CpuMode} ordinal; information: the ordinal before. */
	MODE_SWITCH,
	/** INIT or start-up IPI. Number: start-up vector, or -1 for INIT. */
	STARTUP,
	/** The machine was reset. Number: 0; told of CPU 0. */
	RESET,
	/**
	 * IN or INS reads a port; without an exit. Number: port; information: size in bytes, shifted left by 32, and the value.
	 * rip: the instruction's.
	 */
	PORT_READ,
	/** OUT or OUTS writes a port; as {@link #PORT_READ}. Comes before what the write causes. */
	PORT_WRITE
}
