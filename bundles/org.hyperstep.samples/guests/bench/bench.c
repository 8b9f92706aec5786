/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * Workloads to compare machines by. The command line names one; it is repeated for ever, or
 * rounds=N times. Each round is the same work and prints "round CHECKSUM", so that whoever
 * reads the serial line can take the time between two lines and see that both did the same.
 */
#include "bench.h"

#include "console.h"
#include "guest.h"

static const struct workload workloads[] = {
	{ "sieve", sieve },
	{ "hash", hash },
	{ "sort", sort },
	{ "list", walk_list },
	{ "calls", recursive_calls },
	{ "movs", copy_memory },
	{ "smc", modify_code },
	{ "ports", read_ports },
	{ "int", software_interrupts },
	{ "ipi", self_interrupts },
	{ "timer", timer_interrupts },
};

int main(void)
{
	uint64_t rounds = numeric_option("rounds", ~0ULL);
	for (unsigned i = 0; i < sizeof workloads / sizeof *workloads; i++) {
		if (!has_option(workloads[i].name))
			continue;
		print("begin ");
		print(workloads[i].name);
		print("\n");
		while (rounds--) {
			uint64_t checksum = workloads[i].run();
			print("round ");
			print_hex(checksum);
			print("\n");
		}
		return EXIT_PASS;
	}
	print("no such workload\n");
	return EXIT_FAIL;
}
