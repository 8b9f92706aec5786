/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* GDT, IDT and TSS, and what an interrupt or exception leaves on the stack. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include "cpu.h"

/* As pushed by exception_common in vectors.S and, from error_code up, by the processor. */
struct interrupt_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector;
	uint64_t error_code;
	uint64_t rip, cs, rflags, rsp, ss;
};

typedef void (*interrupt_handler)(struct interrupt_frame *frame);

/* Loads TSS and IDT; every exception then stops the guest with a report. */
void load_descriptors(void);

/*
 * The handler that exception_common calls for a vector; a null pointer stands for the report. The
 * gates of the exceptions 0 to 31 lead there from the start.
 */
void set_handler(unsigned vector, interrupt_handler handler);

/* Sets the IDT's gate for a vector: an interrupt gate, callable from the given privilege level. */
void set_gate(unsigned vector, void (*entry)(void), unsigned privilege);

/* The 16 bytes of a vector's gate. */
uint8_t *gate_of(unsigned vector);

extern uint64_t gdt[GDT_ENTRIES];

#endif
