/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "processors.h"

#include "apic.h"
#include "layout.h"

enum {
	ICR_INIT_ALL_OTHERS = 0xc4500,
	ICR_STARTUP_ALL_OTHERS = 0xc4600,
	STARTUP_PAGE = 8,
	/* In counts of the time-stamp counter: the manual's 10 ms after INIT, and as long for the last answer. */
	PATIENCE = 10000000,
	STACK_SIZE = 8192
};

struct table_register {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

/* Used by processor_start in entries.S. */
char processor_stacks[MOST_PROCESSORS][STACK_SIZE] __attribute__((aligned(16)));
struct table_register processor_idt;
static volatile uint32_t processors_started = 1;
static volatile bool all_started;

extern const char processor_start[], processor_start_end[];

static void wait(uint64_t counts)
{
	uint64_t begin = read_tsc();
	while (read_tsc() - begin < counts)
		relax();
}

void start_processors(void)
{
	char *page = (char *)(STARTUP_PAGE * 4096UL);
	asm("" : "+r"(page));
	for (long i = 0; i < processor_start_end - processor_start; i++)
		page[i] = processor_start[i];
	asm volatile("sidt %0" : "=m"(processor_idt));
	write_apic(APIC_ICR_LOW, ICR_INIT_ALL_OTHERS);
	wait(PATIENCE);
	write_apic(APIC_ICR_LOW, ICR_STARTUP_ALL_OTHERS | STARTUP_PAGE);
	wait(PATIENCE);
	all_started = true;
}

unsigned processors(void)
{
	return processors_started;
}

unsigned this_processor(void)
{
	return read_apic(APIC_ID) >> 24;
}

void send_interrupt(unsigned processor, unsigned vector)
{
	write_apic(APIC_ICR_HIGH, processor << 24);
	write_apic(APIC_ICR_LOW, vector);
}

/* Called by processor_start, on the processor's own stack. */
void enter_processor(void)
{
	open_apic(false);
	__atomic_add_fetch(&processors_started, 1, __ATOMIC_SEQ_CST);
	while (!all_started)
		relax();
	processor_main(this_processor());
}
