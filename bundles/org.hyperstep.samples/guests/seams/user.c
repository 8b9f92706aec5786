/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Privilege level 3: what it may not do, and the ways between it and level 0. */
#include "seams.h"

enum { GP = 13, PF = 14, PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4, IDT_ERROR = 2 };

extern volatile uint64_t user_flags, user_result, user_cs, user_ss, syscall_rcx, syscall_r11, syscall_cs, syscall_ss,
	syscall_flags;
extern char user_int_1[], user_syscall_1[];
void user_popf(void);
void user_int(void);
void user_syscall(void);
void syscall_target(void);

/* Runs a piece of user code that must fault at its label NAME_at. */
#define USER_FAULT(name, vector, error_code) \
	do { \
		void name(void); \
		extern char name##_at[]; \
		enter_user(name, RFLAGS_ALWAYS_ONE); \
		expect("rip", events[0].rip, (uint64_t)name##_at); \
		expect("CS", events[0].cs, SELECTOR_USER_CODE64 | 3); \
		expect_fault(#name, vector, error_code); \
	} while (0)

static void run_privileged_instructions(void)
{
	USER_FAULT(user_cli, GP, 0);
	USER_FAULT(user_hlt, GP, 0);
	USER_FAULT(user_in, GP, 0);
	USER_FAULT(user_rdmsr, GP, 0);
	USER_FAULT(user_mov_cr, GP, 0);
	USER_FAULT(user_lgdt, GP, 0);
}

static void run_supervisor_pages(void)
{
	USER_FAULT(user_supervisor_read, PF, PF_PRESENT | PF_USER);
	expect("CR2", events[0].cr2, 0xfee00020);
	USER_FAULT(user_supervisor_write, PF, PF_PRESENT | PF_USER | PF_WRITE);
	expect("CR2", events[0].cr2, 0xfee00080);
}

static void run_privileged_gate(void)
{
	USER_FAULT(user_int_privileged, GP, VECTOR_SELF * 8 + IDT_ERROR);
}

static void run_user_popf(void)
{
	enter_user(user_popf, RFLAGS_ALWAYS_ONE);
	expect("CF, IF, IOPL", user_flags & (RFLAGS_CF | RFLAGS_IF | 0x3000), RFLAGS_CF);
}

static void run_user_int(void)
{
	enter_user(user_int, RFLAGS_ALWAYS_ONE);
	expect("rip", events[0].rip, (uint64_t)user_int_1);
	expect("CS", events[0].cs, SELECTOR_USER_CODE64 | 3);
	expect_fault("INT n", VECTOR_CALL, 0);
}

static void run_syscall_and_sysret(void)
{
	open_syscall(syscall_target, RFLAGS_CF | RFLAGS_IF);
	enter_user(user_syscall, RFLAGS_ALWAYS_ONE);
	expect("RAX both ways", user_result, 0x3333);
	expect("RCX", syscall_rcx, (uint64_t)user_syscall_1);
	expect("R11", syscall_r11 & (RFLAGS_CF | RFLAGS_ALWAYS_ONE | RFLAGS_IF | RFLAGS_TF), RFLAGS_CF | RFLAGS_ALWAYS_ONE);
	expect("R11's RF", syscall_r11 & RFLAGS_RF, 0);
	expect("CF masked", syscall_flags & RFLAGS_CF, 0);
	expect("CS in the kernel", (uint32_t)syscall_cs, SELECTOR_CODE64);
	expect("SS in the kernel", (uint32_t)syscall_ss, SELECTOR_DATA);
	expect("CS back", (uint32_t)user_cs, SELECTOR_USER_CODE64 | 3);
	expect("SS back", (uint32_t)user_ss, SELECTOR_USER_DATA | 3);
	expect("events", event_count, 0);
}

const struct seam user_seams[] = {
	{ "user_privileged_instructions", run_privileged_instructions, NULL },
	{ "user_supervisor_pages", run_supervisor_pages, NULL },
	{ "user_privileged_gate", run_privileged_gate, NULL },
	{ "user_popf", run_user_popf, NULL },
	{ "user_int", run_user_int, NULL },
	{ "syscall_and_sysret", run_syscall_and_sysret, NULL },
	{ 0 }
};
