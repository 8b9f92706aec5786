/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * A minimal guest hypervisor: it runs a guest of its own, answers its CPUID, injects an interrupt
 * for every other call, and takes the local APIC's timer as exits of its guest. Options: rounds=N,
 * period=N (timer counts between two ticks, 0 for no timer), mtf=N (under VMX: steps the first N
 * instructions of its guest by the monitor trap flag).
 */
#include "nested.h"

#include "apic.h"
#include "console.h"
#include "descriptors.h"
#include "guest.h"
#include "../ticker/timer.h"

enum { DEFAULT_ROUNDS = 100, DEFAULT_PERIOD = 5000 };

struct exit_counts exits;
static uint64_t rounds;

uint64_t inner_round(uint64_t seed);

/* Where the IDT's gate of VECTOR_INNER points. */
static __attribute__((interrupt)) void inner_entry(void *frame)
{
	(void)frame;
	inner_interrupts++;
}

uint32_t answer_call(uint32_t leaf, uint32_t number, unsigned *inject)
{
	*inject = 0;
	if (leaf != CALL_ROUND) {
		exits.unexpected++;
		return 0;
	}
	exits.calls++;
	if (number % 2) {
		*inject = VECTOR_INNER;
		exits.injected++;
	}
	return exits.calls < rounds;
}

static void print_count(const char *name, uint64_t count)
{
	print(name);
	print_decimal(count);
}

static bool sum_is_right(void)
{
	uint64_t sum = 0;
	for (uint64_t round = 0; round < rounds; round++)
		sum = inner_round(sum);
	return sum == inner_sum;
}

static bool report(void)
{
	print_count("calls=", exits.calls);
	print_count(" injected=", exits.injected);
	print_count(" taken=", inner_interrupts);
	print_count(" steps=", exits.steps);
	print_count(" unexpected=", exits.unexpected);
	print("\n");
	return exits.calls == rounds && inner_interrupts == exits.injected && exits.unexpected == 0
		&& sum_is_right();
}

int main(void)
{
	uint32_t period = (uint32_t)numeric_option("period", DEFAULT_PERIOD);
	rounds = numeric_option("rounds", DEFAULT_ROUNDS);
	set_gate(VECTOR_INNER, (void (*)(void))inner_entry, 0);
	if (!open_apic(false))
		return EXIT_NO_APIC;
	if (period)
		start_timer(period);
	uint64_t steps = numeric_option("mtf", 0);
	bool ran = run_with_svm() || run_with_vmx(steps);
	if (period)
		stop_timer();
	if (!ran) {
		print("nested: the processor offers no virtualization\n");
		return EXIT_FAIL;
	}
	bool passed = report();
	if (period)
		passed = passed && exits.interrupts > 0 && timer_ticks >= exits.interrupts;
	print(passed ? "nested: ok\n" : "nested: FAIL\n");
	return passed ? EXIT_PASS : EXIT_FAIL;
}
