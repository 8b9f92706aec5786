/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The workloads: each call is one round and returns a checksum of what it computed. */
#ifndef BENCH_H
#define BENCH_H

#include "cpu.h"

struct workload {
	const char *name;
	uint64_t (*run)(void);
};

/* compute.c */
uint64_t sieve(void);
uint64_t hash(void);
uint64_t sort(void);
uint64_t walk_list(void);
uint64_t recursive_calls(void);

/* machine.c */
uint64_t copy_memory(void);
uint64_t modify_code(void);
uint64_t read_ports(void);
uint64_t software_interrupts(void);
uint64_t self_interrupts(void);
uint64_t timer_interrupts(void);

/* entries.S */
extern volatile uint64_t interrupts_counted;
void counting_entry(void);		/* counts and returns: for software interrupts */
void acknowledging_entry(void);	/* writes EOI too: for those of the local APIC */
extern uint8_t patched_function[];	/* returns the number in its own first instruction */

#endif
