/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "seams.h"

SEQUENCE(compatibility_mode);
SEQUENCE(compatibility_fault);
SEQUENCE(compatibility_into);
SEQUENCE(compatibility_bound);
SEQUENCE(compatibility_step);
SEQUENCE(compatibility_pop_ss);
SEQUENCE(compatibility_far_step);

/* What the 32-bit code stored: ECX, EFLAGS, BX, ESP, CS. */
extern volatile uint32_t compatibility_result[6];

static void run_compatibility_mode(void)
{
	uint64_t rsp;
	compatibility_mode();
	asm volatile("movq %%rsp, %0" : "=r"(rsp));
	expect("INC's result", compatibility_result[0], 0x80000000);
	expect("INC's OF", compatibility_result[1] & 0x800, 0x800);
	expect("16-bit push", compatibility_result[2] & 0xffff, 0x1234);
	/* Below us: the return address, RBX, and the far return address of two 32-bit words. */
	expect("ESP", rsp - compatibility_result[3], 24);
	expect("CS", compatibility_result[4] & 0xffff, SELECTOR_CODE32);
}

static void run_compatibility_fault(void)
{
	compatibility_fault();
	expect("CS", events[0].cs, SELECTOR_CODE32);
}

#define ROW(name)	{ #name, name, name##_events }
#define CHECKED(name)	{ #name, run_##name, name##_events }

const struct seam compatibility_seams[] = {
	CHECKED(compatibility_mode),
	CHECKED(compatibility_fault),
	ROW(compatibility_into),
	ROW(compatibility_bound),
	ROW(compatibility_step),
	ROW(compatibility_pop_ss),
	ROW(compatibility_far_step),
	{ 0 }
};
