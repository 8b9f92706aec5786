/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* What a seam is, and how it says what it saw. */
#ifndef SEAMS_H
#define SEAMS_H

#include "cpu.h"
#include "events.h"

/*
 * A corner case. It runs with interrupts off, no breakpoint set and nothing pending. The events
 * that it brings about are compared with the table, if it has one.
 */
struct seam {
	const char *name;
	void (*run)(void);
	const struct expected_event *events;
};

/* Declares what the macros sequence and events define. */
#define SEQUENCE(name)	void name(void); extern const struct expected_event name##_events[]

/* States a fact that must hold; all values seen go into the seam's checksum. */
void expect(const char *what, uint64_t actual, uint64_t wanted);

/* That exactly one event was logged since the seam began, or since the last such call. */
void expect_fault(const char *what, unsigned vector, uint64_t error_code);

/* Points SYSCALL at a target, with these flags to be cleared. */
void open_syscall(void *target, uint64_t mask);

/* In entries.S. */
void run_guarded(void (*code)(void));
void leave_kernel(void (*code)(void));
void enter_user(void (*code)(void), uint64_t flags);

extern const struct seam interrupt_seams[], step_seams[], breakpoint_seams[], fault_seams[], flag_seams[],
	string_seams[], system_seams[], user_seams[], compatibility_seams[];

#endif
