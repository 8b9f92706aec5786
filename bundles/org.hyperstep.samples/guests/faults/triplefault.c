/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Loads an IDT without gates and faults: #UD, then #DF, then shutdown. */
#include "console.h"
#include "guest.h"

struct __attribute__((packed)) empty_table {
	uint16_t limit;
	uint64_t base;
};

int main(void)
{
	struct empty_table idt = { 0, 0 };
	print("triplefault: about to fault without an IDT\n");
	asm volatile("lidt %0" : : "m"(idt));
	asm volatile(".globl faulting_instruction\nfaulting_instruction:\n\tud2");
	return EXIT_FAIL;
}
