/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Jumps to itself for ever with interrupts off. */
#include "console.h"
#include "guest.h"

int main(void)
{
	print("deadloop: about to loop for ever\n");
	interrupts_off();
	asm volatile(".globl dead_loop\ndead_loop:\n\tjmp dead_loop");
	return EXIT_FAIL;
}
