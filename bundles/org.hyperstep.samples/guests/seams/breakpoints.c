/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "registers.h"
#include "seams.h"

SEQUENCE(break_on_execution);
SEQUENCE(break_resumed);
SEQUENCE(break_after_popf);
SEQUENCE(break_on_rep);
SEQUENCE(watch_write);
SEQUENCE(watch_write_not_read);
SEQUENCE(watch_access);
SEQUENCE(watch_stepped);
SEQUENCE(watch_port);
SEQUENCE(general_detect);
SEQUENCE(mov_ss_watched);
SEQUENCE(mov_ss_watched_int);
SEQUENCE(mov_ss_watched_icebp);
void mov_ss_break(void);
SEQUENCE(sti_break);
SEQUENCE(watch_stack);

extern char break_on_execution_at[], break_resumed_at[], break_after_popf_at[], break_on_rep_at[], mov_ss_break_at[],
	sti_break_at[], string_target[];
extern volatile uint64_t watched, watched_selector;
void step_plain(void);

/* The end of the vendor's name that CPUID gives. */
#define AUTHENTIC_AMD_ECX	0x444d4163

static volatile uint8_t *watched_byte(unsigned index)
{
	return (volatile uint8_t *)&watched + index;
}

static void run_break_on_execution(void)
{
	debug_policy.resume_with_rf = true;
	set_breakpoint(0, break_on_execution_at, ON_EXECUTION, LENGTH_1);
	break_on_execution();
}

static void run_break_resumed(void)
{
	debug_policy.resume_with_rf = true;
	set_breakpoint(3, break_resumed_at, ON_EXECUTION, LENGTH_1);
	break_resumed();
}

static void run_break_after_popf(void)
{
	debug_policy.resume_with_rf = true;
	set_breakpoint(0, break_after_popf_at, ON_EXECUTION, LENGTH_1);
	break_after_popf();
}

static void run_break_on_rep(void)
{
	debug_policy.resume_with_rf = true;
	set_breakpoint(0, break_on_rep_at, ON_EXECUTION, LENGTH_1);
	break_on_rep();
}

static void run_watch_write(void)
{
	set_breakpoint(1, watched_byte(4), ON_WRITE, LENGTH_4);
	watch_write();
}

static void run_watch_write_not_read(void)
{
	set_breakpoint(1, watched_byte(4), ON_WRITE, LENGTH_4);
	watch_write_not_read();
}

static void run_watch_access(void)
{
	set_breakpoint(2, watched_byte(2), ON_ACCESS, LENGTH_2);
	watch_access();
}

static void run_watch_stepped(void)
{
	set_breakpoint(0, &watched, ON_WRITE, LENGTH_1);
	watch_stepped();
}

static void run_watch_port(void)
{
	write_cr4(read_cr4() | CR4_DE);
	set_breakpoint(3, (void *)0x3ff, ON_PORT, LENGTH_1);
	watch_port();
	write_cr4(read_cr4() & ~(uint64_t)CR4_DE);
}

static void run_general_detect(void)
{
	write_dr7(DR7_CLEAR | DR7_GD);
	general_detect();
	expect("GD in the handler", events[0].dr7 & DR7_GD, 0);
	expect("GD after it", read_dr7() & DR7_GD, 0);
}

static void run_mov_ss_watched(void)
{
	set_breakpoint(0, &watched_selector, ON_ACCESS, LENGTH_2);
	mov_ss_watched();
}

static void run_mov_ss_watched_int(void)
{
	set_breakpoint(0, &watched_selector, ON_ACCESS, LENGTH_2);
	mov_ss_watched_int();
}

static void run_mov_ss_watched_icebp(void)
{
	set_breakpoint(0, &watched_selector, ON_ACCESS, LENGTH_2);
	mov_ss_watched_icebp();
}

static void run_mov_ss_break(void)
{
	debug_policy.resume_with_rf = true;
	set_breakpoint(0, mov_ss_break_at, ON_EXECUTION, LENGTH_1);
	mov_ss_break();
	if (cpuid(0, 0).ecx == AUTHENTIC_AMD_ECX) {
		expect("rip", events[0].rip, (uint64_t)mov_ss_break_at);
		expect_fault("breakpoint", 1, 0);
	} else {
		expect("events", event_count, 0);
	}
}

static void run_sti_break(void)
{
	debug_policy.resume_with_rf = true;
	set_breakpoint(0, sti_break_at, ON_EXECUTION, LENGTH_1);
	sti_break();
}

/* Called, the sequence pushes to the place below its return address. */
static void run_watch_stack(void)
{
	uint64_t rsp;
	asm volatile("movq %%rsp, %0\n\t"
		"leaq -16(%%rsp), %%rdx\n\t"
		"movq %%rdx, %%dr0\n\t"
		"movq $0x90401, %%rdx\n\t"		/* L0, write, 8 bytes */
		"movq %%rdx, %%dr7\n\t"
		"call watch_stack"
		: "=&r"(rsp) : : "rax", "rdx", "memory", "cc");
}

/*
 * The trap may come between iterations or, with fast string operation, some iterations late; but it
 * comes once, at the instruction or behind it.
 */
#define WATCH_STRING(name, offset, kind, most_left) \
	static void run_##name(void) \
	{ \
		void name(void); \
		extern char name##_at[], name##_end[]; \
		for (unsigned i = 0; i < 32; i++) \
			string_target[i] = 0; \
		set_breakpoint(0, string_target + offset, kind, LENGTH_1); \
		name(); \
		expect("events", event_count, 1); \
		expect("DR6", events[0].dr6 & DR6_STATUS, DR6_B0); \
		expect("place", events[0].rip == (uint64_t)name##_at || events[0].rip == (uint64_t)name##_end, 1); \
		expect("enough done", events[0].rcx <= most_left, 1); \
	}

WATCH_STRING(watched_rep_movsb, 3, ON_WRITE, 4)
WATCH_STRING(watched_rep_stosq, 12, ON_WRITE, 2)
WATCH_STRING(watched_repne_scasb, 5, ON_ACCESS, 2)

/* The processor never clears BS; what it does with B0 to B3 of earlier exceptions it leaves open. */
static void run_dr6_keeps_bs(void)
{
	unsigned stepped;
	debug_policy.keep_dr6 = true;
	step_plain();
	stepped = event_count;
	set_breakpoint(0, &watched, ON_WRITE, LENGTH_1);
	watched = 1;
	expect("events", event_count, stepped + 1);
	expect("after the steps", events[stepped - 1].dr6 & DR6_STATUS, DR6_BS);
	expect("after the store", events[stepped].dr6 & DR6_STATUS, DR6_BS | DR6_B0);
}

static void run_reserved_bits(void)
{
	write_dr6(0);
	expect("DR6", read_dr6() & DR6_RESERVED, DR6_RESERVED);
	write_dr7(0);
	expect("DR7", read_dr7(), DR7_CLEAR);
	write_dr3(0x123456789abcdef0);
	expect("DR3", read_dr3(), 0x123456789abcdef0);
	write_dr3(0);
}

static void run_debug_register_aliases(void)
{
	uint64_t dr4, dr5;
	asm volatile("movq %%db4, %0\n\tmovq %%db5, %1" : "=r"(dr4), "=r"(dr5));
	expect("DR4 is DR6", dr4, read_dr6());
	expect("DR5 is DR7", dr5, read_dr7());
	write_cr4(read_cr4() | CR4_DE);
	asm volatile("movq $1f, recovery_rip\n\tmovq %%db4, %%rax\n1:" : : : "rax", "memory");
	write_cr4(read_cr4() & ~(uint64_t)CR4_DE);
	expect_fault("DR4 with CR4.DE", 6, 0);
}

#define CHECKED(name)	{ #name, run_##name, name##_events }

const struct seam breakpoint_seams[] = {
	CHECKED(break_on_execution),
	CHECKED(break_resumed),
	CHECKED(break_after_popf),
	CHECKED(break_on_rep),
	CHECKED(watch_write),
	CHECKED(watch_write_not_read),
	CHECKED(watch_access),
	CHECKED(watch_stepped),
	CHECKED(watch_port),
	CHECKED(watch_stack),
	{ "watch_rep_movsb", run_watched_rep_movsb, NULL },
	{ "watch_rep_stosq", run_watched_rep_stosq, NULL },
	{ "watch_repne_scasb", run_watched_repne_scasb, NULL },
	CHECKED(general_detect),
	CHECKED(mov_ss_watched),
	CHECKED(mov_ss_watched_int),
	CHECKED(mov_ss_watched_icebp),
	{ "mov_ss_break", run_mov_ss_break, NULL },
	CHECKED(sti_break),
	{ "dr6_keeps_bs", run_dr6_keeps_bs, NULL },
	{ "debug_register_reserved_bits", run_reserved_bits, NULL },
	{ "debug_register_aliases", run_debug_register_aliases, NULL },
	{ 0 }
};
