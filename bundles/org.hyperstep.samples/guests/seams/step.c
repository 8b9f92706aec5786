/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "apic.h"
#include "registers.h"
#include "seams.h"

SEQUENCE(step_plain);
SEQUENCE(step_branches);
SEQUENCE(step_pushf);
SEQUENCE(step_popfw);
SEQUENCE(step_iret_sets_tf);
SEQUENCE(step_iret_clears_tf);
SEQUENCE(step_int_n);
SEQUENCE(step_int3);
SEQUENCE(step_icebp);
SEQUENCE(step_syscall_masked);
SEQUENCE(step_syscall_unmasked);
SEQUENCE(step_sti);
SEQUENCE(step_sti_pending);
SEQUENCE(step_mov_ss);
SEQUENCE(step_mov_ss_pushf);
SEQUENCE(step_rep_movsb);
SEQUENCE(step_rep_zero);
SEQUENCE(step_repne_scasb);
SEQUENCE(step_intercepted);
SEQUENCE(step_fault);
SEQUENCE(step_page_fault);
SEQUENCE(step_sysret);
SEQUENCE(step_user);

extern volatile uint64_t stepped_pushfq, stepped_pushfw, stepped_r11, stepped_rcx, stepped_flags;
extern char step_syscall_masked_1[], step_syscall_masked_target[], step_syscall_unmasked_target[];
extern char string_source[], string_target[];

static void run_step_pushf(void)
{
	step_pushf();
	expect("PUSHFQ's TF", stepped_pushfq & RFLAGS_TF, RFLAGS_TF);
	expect("PUSHFW's TF", stepped_pushfw & RFLAGS_TF, RFLAGS_TF);
}

static void run_step_mov_ss_pushf(void)
{
	step_mov_ss_pushf();
	expect("PUSHFQ's TF", stepped_pushfq & RFLAGS_TF, RFLAGS_TF);
}

void open_syscall(void *target, uint64_t mask)
{
	write_msr(MSR_STAR, (uint64_t)SELECTOR_USER_CODE32 << 48 | (uint64_t)SELECTOR_CODE64 << 32);
	write_msr(MSR_LSTAR, (uint64_t)target);
	write_msr(MSR_FMASK, mask);
	write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_SCE);
}

static void run_step_syscall_masked(void)
{
	open_syscall(step_syscall_masked_target, RFLAGS_TF | RFLAGS_IF);
	step_syscall_masked();
	expect("R11's TF", stepped_r11 & RFLAGS_TF, RFLAGS_TF);
	expect("RCX", stepped_rcx, (uint64_t)step_syscall_masked_1);
	expect("TF in the target", stepped_flags & RFLAGS_TF, 0);
}

static void run_step_syscall_unmasked(void)
{
	open_syscall(step_syscall_unmasked_target, 0);
	step_syscall_unmasked();
}

static void run_step_sti_pending(void)
{
	send_self(VECTOR_SELF);
	step_sti_pending();
}

static void run_step_rep_movsb(void)
{
	for (int i = 0; i < 3; i++)
		string_source[i] = (char)('a' + i);
	step_rep_movsb();
	expect("copied", string_target[0] << 16 | string_target[1] << 8 | string_target[2], 0x616263);
	expect("RCX after one", events[0].rcx, 2);
	expect("RCX after two", events[1].rcx, 1);
	expect("RCX after three", events[2].rcx, 0);
}

static void run_step_page_fault(void)
{
	step_page_fault();
	expect("CR2", events[0].cr2, 0x100000000);
}

static void run_step_sysret(void)
{
	open_syscall(step_syscall_masked_target, 0);
	leave_kernel(step_sysret);
	expect("CS of the trap", events[0].cs, SELECTOR_USER_CODE64 | 3);
}

static void run_step_user(void)
{
	enter_user(step_user, RFLAGS_TF | 2);
}

#define ROW(name)	{ #name, name, name##_events }
#define CHECKED(name)	{ #name, run_##name, name##_events }

const struct seam step_seams[] = {
	ROW(step_plain),
	ROW(step_branches),
	CHECKED(step_pushf),
	ROW(step_popfw),
	ROW(step_iret_sets_tf),
	ROW(step_iret_clears_tf),
	ROW(step_int_n),
	ROW(step_int3),
	ROW(step_icebp),
	CHECKED(step_syscall_masked),
	CHECKED(step_syscall_unmasked),
	ROW(step_sti),
	CHECKED(step_sti_pending),
	ROW(step_mov_ss),
	CHECKED(step_mov_ss_pushf),
	CHECKED(step_rep_movsb),
	ROW(step_rep_zero),
	ROW(step_repne_scasb),
	ROW(step_intercepted),
	ROW(step_fault),
	CHECKED(step_page_fault),
	CHECKED(step_sysret),
	CHECKED(step_user),
	{ 0 }
};
