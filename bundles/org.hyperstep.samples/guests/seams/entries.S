/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Interrupt entries beyond the exceptions, and the way into user mode and back. */
	.file	"entries.S"
#include "layout.h"
#include "events.h"

	.macro	entry name, vector
	.globl	\name
	.type	\name, @function
\name:
	pushq	$0
	pushq	$\vector
	jmp	exception_common
	.size	\name, . - \name
	.endm

	.text
	entry	call_entry, VECTOR_CALL
	entry	self_entry, VECTOR_SELF
	entry	timer_entry, VECTOR_TIMER

	/* A spurious interrupt wants no EOI. */
	.globl	spurious_entry
	.type	spurious_entry, @function
spurious_entry:
	iretq
	.size	spurious_entry, . - spurious_entry

	.macro	save_kernel_stack
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro	restore_kernel_stack
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	.endm

	/*
	 * void run_guarded(void (*code)(void)): calls code; a fault that it has no way back from
	 * ends it early, at abandoned.
	 */
	.globl	run_guarded, abandoned
	.type	run_guarded, @function
run_guarded:
	save_kernel_stack
	movq	%rsp, guarded_rsp(%rip)
	subq	$8, %rsp
	call	*%rdi
abandoned:
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ss
	movq	guarded_rsp(%rip), %rsp
	restore_kernel_stack
	ret
	.size	run_guarded, . - run_guarded

	/*
	 * void leave_kernel(void (*code)(void)): runs code that itself finds its way to privilege
	 * level 3, until it executes INT VECTOR_LEAVE_USER.
	 */
	.globl	leave_kernel
	.type	leave_kernel, @function
leave_kernel:
	save_kernel_stack
	movq	%rsp, kernel_rsp(%rip)
	jmp	*%rdi
	.size	leave_kernel, . - leave_kernel

	/*
	 * void enter_user(void (*code)(void), uint64_t flags): runs code at privilege level 3 with
	 * these RFLAGS, until it executes INT VECTOR_LEAVE_USER.
	 */
	.globl	enter_user
	.type	enter_user, @function
enter_user:
	save_kernel_stack
	movq	%rsp, kernel_rsp(%rip)
	pushq	$(SELECTOR_USER_DATA | 3)
	pushq	$user_stack_top
	pushq	%rsi
	pushq	$(SELECTOR_USER_CODE64 | 3)
	pushq	%rdi
	iretq
	.size	enter_user, . - enter_user

	/*
	 * The frame of the INT is left behind with the stack it lies on. The IRET to level 3 has emptied
	 * DS and ES, whose segments are the kernel's.
	 */
	.globl	leave_user_entry
	.type	leave_user_entry, @function
leave_user_entry:
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movq	kernel_rsp(%rip), %rsp
	restore_kernel_stack
	ret
	.size	leave_user_entry, . - leave_user_entry

	.bss
	.balign	16
	.globl	user_stack_top
kernel_rsp:
	.skip	8
guarded_rsp:
	.skip	8
	.skip	4096
user_stack_top:

	.section .note.GNU-stack, "", @progbits
