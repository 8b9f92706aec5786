/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The log of what the processor delivered while a seam ran, and the rows that say what it should. */
#ifndef EVENTS_H
#define EVENTS_H

#define VECTOR_CALL		0x42	/* INT n from any privilege level: logged */
#define VECTOR_LEAVE_USER	0x43	/* INT n from user code: ends enter_user */
#define VECTOR_ABSENT		0x99	/* has no gate */
#define VECTOR_NMI		2

#define DR6_B0	0x0001
#define DR6_B1	0x0002
#define DR6_B2	0x0004
#define DR6_B3	0x0008
#define DR6_BD	0x2000
#define DR6_BS	0x4000
#define DR6_STATUS	(DR6_B0 | DR6_B1 | DR6_B2 | DR6_B3 | DR6_BD | DR6_BS)
/* Reserved bits that read as ones, without those that newer processors gave a meaning (11 and 16). */
#define DR6_RESERVED	0xfffe07f0
#define DR6_CLEAR	0xffff0ff0
#define DR6_UNCHECKED	-1

/* The bits of the pushed RFLAGS that every row states. */
#define IMAGE_FLAGS	(RFLAGS_TF | RFLAGS_IF)
#define END_OF_EVENTS	-1

#ifdef __ASSEMBLER__

/* A function to be run, and after it the table NAME_events of what it should bring about. */
	.macro	sequence name
	.text
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.macro	events name
	.size	\name, . - \name
	.section .rodata
	.balign	8
	.globl	\name\()_events
\name\()_events:
	.endm

	.macro	event vector, rip, flags=0, dr6=DR6_UNCHECKED
	.quad	\vector, \rip, \flags, \dr6
	.endm

	.macro	end_events
	.quad	END_OF_EVENTS, 0, 0, 0
	.text
	.endm

	/* A single-step trap. */
	.macro	step rip, flags=RFLAGS_TF
	event	1, \rip, \flags, DR6_BS
	.endm

	.macro	trace_on
	pushfq
	orl	$RFLAGS_TF, (%rsp)
	popfq
	.endm

	/* Itself traced, so it adds the events of traced_off. */
	.macro	trace_off name
	pushfq
\name\()_off1:
	andl	$~RFLAGS_TF, (%rsp)
\name\()_off2:
	popfq
\name\()_off3:
	.endm

	.macro	traced_off name
	step	\name\()_off1
	step	\name\()_off2
	step	\name\()_off3, 0
	.endm

	/* IRET to a label of this code segment, with bits set in and cleared from the flags. */
	.macro	iret_frame to, set=0, clear=0
	movq	%rsp, %rax
	pushq	$SELECTOR_DATA
	pushq	%rax
	pushfq
	orl	$\set, (%rsp)
	andl	$~(\clear), (%rsp)
	pushq	$SELECTOR_CODE64
	pushq	$\to
	.endm

#else

#include "cpu.h"

struct event {
	uint64_t vector, error_code, rip, cs, flags, rcx, rdi;
	uint64_t cr2;		/* of a page fault */
	uint64_t dr6, dr7;	/* of a debug exception */
};

/* A row that the macros above write. */
struct expected_event {
	int64_t vector;
	uint64_t rip, flags;
	int64_t dr6;
};

enum { MOST_EVENTS = 64 };

extern struct event events[MOST_EVENTS];
extern volatile unsigned event_count;

/* Where to go on after a fault; 0 goes back to where it happened. Reset by each fault. */
extern uint64_t recovery_rip;

/* What the logging handler of debug exceptions does besides; reset for each seam. */
struct debug_policy {
	bool resume_with_rf;	/* steps over an execution breakpoint */
	bool keep_dr6;		/* leaves DR6 as the processor wrote it */
};
extern struct debug_policy debug_policy;

/* In entries.S: where a seam ends that faulted without a way back. */
void abandoned(void);

/* Routes every vector in use to the log. */
void open_events(void);
void clear_events(void);

#endif
#endif
