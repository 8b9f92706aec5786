/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The periodic timer of the local APIC, its interrupt handler, and the count of its ticks. */
#ifndef TIMER_H
#define TIMER_H

#include "cpu.h"

/* Ticks that the handler has seen. */
extern volatile uint64_t timer_ticks;

/* In timer_entry.S: where the IDT's gate of the timer points. */
void timer_entry(void);

/* Starts the timer with this period, in counts of the APIC timer's clock. */
void start_timer(uint32_t period);

/* Stops it; to be called with interrupts off. A tick that waits in the APIC then counts as seen. */
void stop_timer(void);

/*
 * Ticks that should have come between start and stop but did not, by the time-stamp counter. It
 * is exact where the APIC timer's clock and the time-stamp counter are in a fixed ratio of small
 * integers, as they are in the embedded machine, and rough elsewhere.
 */
uint64_t missed_ticks(void);

#endif
