/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The inner guest: it shares memory, page tables and IDT with its hypervisor. */
#include "nested.h"

volatile uint64_t inner_sum, inner_interrupts;

static uint8_t inner_stack[8192] __attribute__((aligned(16)));
asm(".globl inner_stack_end\n.set inner_stack_end, inner_stack + 8192");

static __attribute__((used)) uint8_t *const inner_stack_is_used = inner_stack;

/* One round: a good place to step through, two levels up. */
__attribute__((noinline)) uint64_t inner_round(uint64_t seed)
{
	uint64_t sum = seed;
	for (unsigned i = 0; i < 50; i++)
		sum = sum * 6364136223846793005u + 1442695040888963407u;
	return sum;
}

void inner_guest(void)
{
	uint32_t number = 0;
	do {
		inner_sum = inner_round(inner_sum);
	} while (cpuid(CALL_ROUND, number++).eax != 0);
	while (true)
		halt();
}
