/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "apic.h"
#include "descriptors.h"
#include "seams.h"

SEQUENCE(sti_shadow);
SEQUENCE(sti_sti);
SEQUENCE(sti_cli);
SEQUENCE(sti_ret);
SEQUENCE(popf_sets_if);
SEQUENCE(iret_sets_if);
SEQUENCE(cr8_lowered);
SEQUENCE(sti_hlt);
SEQUENCE(hlt_until_timer);
SEQUENCE(popf_rep);

/* Defines run_NAME: the sequence with an interrupt pending. */
#define WITH_PENDING(name) \
	static void run_##name(void) \
	{ \
		send_self(VECTOR_SELF); \
		name(); \
	}

WITH_PENDING(sti_shadow)
WITH_PENDING(sti_sti)
WITH_PENDING(sti_ret)
WITH_PENDING(popf_sets_if)
WITH_PENDING(iret_sets_if)
WITH_PENDING(cr8_lowered)
WITH_PENDING(sti_hlt)
WITH_PENDING(popf_rep)

static void run_sti_cli(void)
{
	send_self(VECTOR_SELF);
	sti_cli();
	expect("still requested", is_requested(VECTOR_SELF), 1);
}

static void run_hlt_until_timer(void)
{
	write_apic(APIC_TIMER_DIVIDE, APIC_DIVIDE_BY_1);
	write_apic(APIC_LVT_TIMER, VECTOR_TIMER);
	write_apic(APIC_TIMER_INITIAL_COUNT, 1000000);
	hlt_until_timer();
	expect("current count after one shot", read_apic(APIC_TIMER_CURRENT_COUNT), 0);
	write_apic(APIC_LVT_TIMER, APIC_LVT_MASKED | VECTOR_TIMER);
}

/* Of two requests the higher vector comes first, and the lower one right after its end of interrupt. */
static void run_priority(void)
{
	send_self(VECTOR_TIMER);
	send_self(VECTOR_SELF);
	asm volatile("sti\n\tnop\n\tnop\n\tcli" : : : "memory");
	expect("events", event_count, 2);
	expect("first", events[0].vector, VECTOR_SELF);
	expect("second", events[1].vector, VECTOR_TIMER);
	expect("same place", events[0].rip, events[1].rip);
}

enum { ICR_NMI = 4 << 8, X2APIC_ICR = 0x830 };

static void send_nmi(void)
{
	uint32_t id = read_apic(APIC_ID);
	if (apic_is_x2apic()) {
		write_msr(X2APIC_ICR, (uint64_t)id << 32 | ICR_NMI);
	} else {
		write_apic(APIC_ICR_HIGH, id);
		write_apic(APIC_ICR_LOW, ICR_NMI);
	}
}

static volatile unsigned nmi_depth, nmi_deepest, nmi_total;

/* Sends the next NMI from inside the first: it must wait for the IRET. */
static void count_nmi(struct interrupt_frame *frame)
{
	(void)frame;
	nmi_depth++;
	if (nmi_depth > nmi_deepest)
		nmi_deepest = nmi_depth;
	if (nmi_total++ == 0)
		send_nmi();
	for (volatile int delay = 0; delay < 100; delay++)
		;
	nmi_depth--;
}

static void run_nmi(void)
{
	nmi_depth = nmi_deepest = nmi_total = 0;
	set_handler(VECTOR_NMI, count_nmi);
	send_nmi();
	while (nmi_total < 2)
		;
	set_handler(VECTOR_NMI, NULL);
	expect("delivered with interrupts off", nmi_total, 2);
	expect("nesting", nmi_deepest, 1);
}

#define ROW(name)	{ #name, run_##name, name##_events }

const struct seam interrupt_seams[] = {
	ROW(sti_shadow),
	ROW(sti_sti),
	ROW(sti_cli),
	ROW(sti_ret),
	ROW(popf_sets_if),
	ROW(iret_sets_if),
	ROW(cr8_lowered),
	ROW(sti_hlt),
	ROW(hlt_until_timer),
	ROW(popf_rep),
	{ "interrupt_priority", run_priority, NULL },
	{ "nmi_blocked_until_iret", run_nmi, NULL },
	{ 0 }
};
