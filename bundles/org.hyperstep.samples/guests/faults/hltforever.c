/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Halts with interrupts off: nothing but an NMI, an SMI or a reset can wake the processor. */
#include "console.h"
#include "guest.h"

int main(void)
{
	print("hltforever: about to halt for ever\n");
	interrupts_off();
	asm volatile("hlt\n.globl after_halt\nafter_halt:");
	print("hltforever: woken\n");
	return EXIT_FAIL;
}
