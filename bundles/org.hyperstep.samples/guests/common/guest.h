/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* What every guest is given: a command line, and a way to end. */
#ifndef GUEST_H
#define GUEST_H

#include "cpu.h"

/* Codes written to the debug-exit port; the machine's exit status is 2 * code + 1. */
enum exit_code {
	EXIT_PASS = 0,
	EXIT_FAIL = 1,
	EXIT_UNEXPECTED_EXCEPTION = 3,
	EXIT_NO_APIC = 4
};

#define DEBUG_EXIT_PORT	0xf4

/* Written by each guest; its result goes to the debug-exit port. */
int main(void);

/* Ends the machine through the debug-exit port; halts for ever where there is none. */
void exit_guest(enum exit_code code) __attribute__((noreturn));

/* True when the command line has this word. */
bool has_option(const char *word);

/* The number of name=NUMBER (decimal) on the command line, or the given default. */
uint64_t numeric_option(const char *name, uint64_t otherwise);

#endif
