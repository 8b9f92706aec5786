/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The other processors: found by their answer to a start-up IPI. */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include "cpu.h"

enum { MOST_PROCESSORS = 32, VECTOR_RELAY = 0x90 };

/* Starts all processors but this one; each calls processor_main with its number, which is its APIC ID. */
void start_processors(void);

/* How many there are, this one among them; known once they are started. */
unsigned processors(void);

unsigned this_processor(void);

void send_interrupt(unsigned processor, unsigned vector);

/* Written by the guest; never returns. */
void processor_main(unsigned self);

/* In entries.S. */
void relay_entry(void);

static inline void relax(void)
{
	asm volatile("pause" : : : "memory");
}

#endif
