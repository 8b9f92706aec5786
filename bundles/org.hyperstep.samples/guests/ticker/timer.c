/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "timer.h"

#include "apic.h"
#include "descriptors.h"

enum { CALIBRATION_COUNTS = 20000, RATIO_ONE = 1 << 16, RATIO_SNAP = RATIO_ONE / 64 };

volatile uint64_t timer_ticks;

static uint32_t timer_period;
static uint64_t tsc_per_count;		/* in units of 1 / RATIO_ONE */
static uint64_t started_at, stopped_at;
static uint64_t waiting_ticks;

/* Called by timer_entry with interrupts off. */
void timer_handler(void)
{
	timer_ticks++;
	write_apic(APIC_EOI, 0);
}

/* How many time-stamp counts pass in one count of the timer. */
static uint64_t measure_tsc_per_count(void)
{
	uint32_t first, last;
	uint64_t begin, end, ratio, nearest;
	write_apic(APIC_LVT_TIMER, APIC_LVT_MASKED | VECTOR_TIMER);
	write_apic(APIC_TIMER_INITIAL_COUNT, 0xffffffff);
	first = read_apic(APIC_TIMER_CURRENT_COUNT);
	begin = read_tsc();
	do {
		last = read_apic(APIC_TIMER_CURRENT_COUNT);
		end = read_tsc();
	} while (first - last < CALIBRATION_COUNTS);
	ratio = (end - begin) * RATIO_ONE / (first - last);
	/* Where one clock is made from the other the ratio is whole, and reading it costs the rest. */
	nearest = (ratio + RATIO_ONE / 2) / RATIO_ONE * RATIO_ONE;
	if (nearest && ratio + RATIO_SNAP > nearest && ratio < nearest + RATIO_SNAP)
		return nearest;
	return ratio;
}

void start_timer(uint32_t period)
{
	set_gate(VECTOR_TIMER, timer_entry, 0);
	write_apic(APIC_TIMER_DIVIDE, APIC_DIVIDE_BY_1);
	tsc_per_count = measure_tsc_per_count();
	timer_period = period;
	write_apic(APIC_LVT_TIMER, APIC_LVT_PERIODIC | VECTOR_TIMER);
	write_apic(APIC_TIMER_INITIAL_COUNT, period);
	/* After the start, so that the elapsed time is never overestimated. */
	started_at = read_tsc();
}

void stop_timer(void)
{
	stopped_at = read_tsc();
	write_apic(APIC_LVT_TIMER, APIC_LVT_MASKED | VECTOR_TIMER);
	write_apic(APIC_TIMER_INITIAL_COUNT, 0);
	waiting_ticks = is_requested(VECTOR_TIMER);
}

uint64_t missed_ticks(void)
{
	uint64_t counts = (stopped_at - started_at) * RATIO_ONE / tsc_per_count;
	uint64_t expected = counts / timer_period;
	uint64_t seen = timer_ticks + waiting_ticks;
	return expected > seen ? expected - seen : 0;
}
