/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* What the guest hypervisor's parts share: its guest, and how a vendor's virtualization runs it. */
#ifndef NESTED_H
#define NESTED_H

#include "cpu.h"

/* The inner guest asks its hypervisor by CPUID of these leaves, with a number in ECX. */
enum {
	CALL_ROUND = 0x4e000000,	/* a round is done; EAX: 1 to go on, 0 to end */
	VECTOR_INNER = 0x60		/* what the hypervisor injects for every other round */
};

struct exit_counts {
	uint64_t calls;
	uint64_t injected;
	uint64_t interrupts;
	uint64_t steps;
	uint64_t unexpected;
};

extern struct exit_counts exits;

/* In inner.c: where the inner guest begins, and the end of its stack. */
void inner_guest(void);
extern uint8_t inner_stack_end[];
extern volatile uint64_t inner_sum, inner_interrupts;

/* Answers a call of the inner guest; returns what it finds in EAX. *inject becomes a vector or 0. */
uint32_t answer_call(uint32_t leaf, uint32_t number, unsigned *inject);

/* In svm.c: runs the inner guest to its HLT. Returns false where the processor has no SVM. */
bool run_with_svm(void);

/* In vmx.c: the same with VMX; the first instructions are stepped by the monitor trap flag. */
bool run_with_vmx(uint64_t steps);

#endif
