/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The local APIC, as xAPIC (memory) or as x2APIC (MSRs). */
#ifndef APIC_H
#define APIC_H

#include "cpu.h"

/* Register offsets of the xAPIC page; the x2APIC's MSR is 0x800 + offset / 16. */
enum apic_register {
	APIC_ID = 0x020,
	APIC_VERSION = 0x030,
	APIC_TPR = 0x080,
	APIC_PPR = 0x0a0,
	APIC_EOI = 0x0b0,
	APIC_SPURIOUS = 0x0f0,
	APIC_ISR = 0x100,
	APIC_IRR = 0x200,
	APIC_ICR_LOW = 0x300,
	APIC_ICR_HIGH = 0x310,
	APIC_LVT_TIMER = 0x320,
	APIC_TIMER_INITIAL_COUNT = 0x380,
	APIC_TIMER_CURRENT_COUNT = 0x390,
	APIC_TIMER_DIVIDE = 0x3e0
};

enum { APIC_LVT_MASKED = 1 << 16, APIC_LVT_PERIODIC = 1 << 17, APIC_DIVIDE_BY_1 = 0x0b };

/* Switches the APIC on; x2APIC only if asked for and CPUID has it. Returns false without an APIC. */
bool open_apic(bool want_x2apic);
bool apic_is_x2apic(void);

uint32_t read_apic(enum apic_register reg);
void write_apic(enum apic_register reg, uint32_t value);

/* True when the interrupt request register holds this vector. */
bool is_requested(unsigned vector);

/* Sends this processor the interrupt, and waits until the request register shows it. */
void send_self(unsigned vector);

#endif
