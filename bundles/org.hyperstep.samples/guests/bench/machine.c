/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Workloads that lean on what a machine does rather than on its arithmetic. */
#include "apic.h"
#include "bench.h"
#include "descriptors.h"
#include "guest.h"

enum {
	COPY_SIZE = 1 << 20,
	COPIES = 2,
	PATCHES = 10000,
	PORT_READS = 500000,
	COM1_SCRATCH = 0x3ff,
	SOFTWARE_INTERRUPTS = 200000,
	SELF_INTERRUPTS = 60000,
	TIMER_INTERRUPTS = 4000,
	VECTOR_SOFTWARE = 0x41,
	PATCHED_IMMEDIATE = 1		/* offset of the number in patched_function's MOV */
};

static uint8_t from[COPY_SIZE], to[COPY_SIZE];

uint64_t copy_memory(void)
{
	for (unsigned i = 0; i < COPIES; i++) {
		void *destination = to;
		const void *source = from;
		uint64_t count = COPY_SIZE;
		from[i] = (uint8_t)i;
		asm volatile("rep movsb" : "+D"(destination), "+S"(source), "+c"(count) : : "memory");
	}
	return to[COPIES - 1];
}

/* A store into an instruction, and a jump, before each execution of it. */
uint64_t modify_code(void)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < PATCHES; i++) {
		*(volatile uint32_t *)(patched_function + PATCHED_IMMEDIATE) = i;
		sum += ((uint32_t (*)(void))patched_function)();
	}
	return sum;
}

uint64_t read_ports(void)
{
	uint64_t sum = 0;
	out8(COM1_SCRATCH, 0x5a);
	for (unsigned i = 0; i < PORT_READS; i++)
		sum += in8(COM1_SCRATCH);
	return sum;
}

uint64_t software_interrupts(void)
{
	interrupts_counted = 0;
	set_gate(VECTOR_SOFTWARE, counting_entry, 0);
	for (unsigned i = 0; i < SOFTWARE_INTERRUPTS; i++)
		asm volatile("int %0" : : "i"(VECTOR_SOFTWARE) : "memory");
	return interrupts_counted;
}

static bool open_interrupts(void)
{
	interrupts_counted = 0;
	set_gate(VECTOR_SELF, acknowledging_entry, 0);
	return open_apic(false);
}

static void await(uint64_t count)
{
	while (interrupts_counted != count)
		asm volatile("pause");
}

uint64_t self_interrupts(void)
{
	if (!open_interrupts())
		exit_guest(EXIT_NO_APIC);
	interrupts_on();
	for (unsigned i = 1; i <= SELF_INTERRUPTS; i++) {
		write_apic(APIC_ICR_LOW, 1 << 18 | VECTOR_SELF);
		await(i);
	}
	interrupts_off();
	return interrupts_counted;
}

/* A timer of one count, armed anew after each interrupt. */
uint64_t timer_interrupts(void)
{
	if (!open_interrupts())
		exit_guest(EXIT_NO_APIC);
	write_apic(APIC_TIMER_DIVIDE, APIC_DIVIDE_BY_1);
	write_apic(APIC_LVT_TIMER, VECTOR_SELF);
	interrupts_on();
	for (unsigned i = 1; i <= TIMER_INTERRUPTS; i++) {
		write_apic(APIC_TIMER_INITIAL_COUNT, 1);
		await(i);
	}
	interrupts_off();
	write_apic(APIC_LVT_TIMER, APIC_LVT_MASKED);
	return interrupts_counted;
}
