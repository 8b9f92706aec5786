/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * Processors in a ring. Each sends its neighbour an interrupt, waits until the neighbour has counted it, and sends the
 * next one: none may be lost, none doubled, whatever a debugger does to one processor while the others run.
 *
 * Command line: rounds=N ends after N interrupts from each processor; without, it goes on for ever.
 */
#include "apic.h"
#include "console.h"
#include "descriptors.h"
#include "guest.h"
#include "processors.h"

/* A processor's counters have a cache line of their own. */
struct seat {
	volatile uint64_t sent;
	volatile uint64_t received;
	uint64_t unused[6];
};

struct seat seats[MOST_PROCESSORS] __attribute__((aligned(64)));

static uint64_t rounds;

/* Called by relay_entry with interrupts off. */
void relay_handler(void)
{
	seats[this_processor()].received++;
	write_apic(APIC_EOI, 0);
}

static void take_part(unsigned self)
{
	unsigned neighbour = (self + 1) % processors();
	interrupts_on();
	while (!rounds || seats[self].sent != rounds) {
		while (seats[neighbour].received != seats[self].sent)
			relax();
		seats[self].sent++;
		send_interrupt(neighbour, VECTOR_RELAY);
	}
}

/* Where the other processors arrive. */
void processor_main(unsigned self)
{
	take_part(self);
	for (;;)
		halt();
}

static bool is_complete(void)
{
	for (unsigned i = 0; i < processors(); i++)
		if (seats[i].received != rounds)
			return false;
	return true;
}

int main(void)
{
	rounds = numeric_option("rounds", 0);
	if (!open_apic(false)) {
		print("relay: no local APIC\n");
		return EXIT_NO_APIC;
	}
	set_gate(VECTOR_RELAY, relay_entry, 0);
	start_processors();
	print("relay: processors=");
	print_decimal(processors());
	print("\n");
	take_part(0);
	while (!is_complete())
		relax();
	print("relay: rounds=");
	print_decimal(rounds);
	print(" ok\n");
	return EXIT_PASS;
}
