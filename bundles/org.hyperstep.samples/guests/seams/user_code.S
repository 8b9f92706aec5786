/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Code for privilege level 3. Each piece ends with INT VECTOR_LEAVE_USER, also after a fault. */
	.file	"user_code.S"
#include "layout.h"
#include "events.h"

	/* One instruction that faults at privilege level 3. */
	.macro	user_fault name, instruction:vararg
	.text
	.globl	\name, \name\()_at
	.type	\name, @function
\name:
	movq	$user_end, recovery_rip
\name\()_at:
	\instruction
	jmp	user_end
	.size	\name, . - \name
	.endm

	user_fault user_cli, cli
	user_fault user_hlt, hlt
	user_fault user_in, inb $0x80, %al
	user_fault user_rdmsr, rdmsr
	user_fault user_mov_cr, movq %cr0, %rax
	user_fault user_lgdt, lgdt 0x100000
	user_fault user_supervisor_read, movl 0xfee00020, %eax
	user_fault user_supervisor_write, movl %eax, 0xfee00080
	user_fault user_int_privileged, int $VECTOR_SELF

	.globl	user_end
user_end:
	int	$VECTOR_LEAVE_USER

	/* POPF at level 3 leaves IF and IOPL as they are. */
	.globl	user_popf
	.type	user_popf, @function
user_popf:
	pushfq
	orl	$(RFLAGS_IF | RFLAGS_CF | 0x3000), (%rsp)
	popfq
	pushfq
	popq	user_flags(%rip)
	int	$VECTOR_LEAVE_USER
	.size	user_popf, . - user_popf

	.globl	user_int
	.type	user_int, @function
user_int:
	int	$VECTOR_CALL
	.globl	user_int_1
user_int_1:
	int	$VECTOR_LEAVE_USER
	.size	user_int, . - user_int

	/* SYSCALL, and back with SYSRET. */
	.globl	user_syscall
	.type	user_syscall, @function
user_syscall:
	movq	$0x1111, %rax
	stc
	syscall
	.globl	user_syscall_1
user_syscall_1:
	movq	%rax, user_result(%rip)
	movw	%cs, user_cs(%rip)
	movw	%ss, user_ss(%rip)
	int	$VECTOR_LEAVE_USER
	.size	user_syscall, . - user_syscall

	.globl	syscall_target
	.type	syscall_target, @function
syscall_target:
	movq	%rcx, syscall_rcx(%rip)
	movq	%r11, syscall_r11(%rip)
	movw	%cs, syscall_cs(%rip)
	movw	%ss, syscall_ss(%rip)
	addq	$0x2222, %rax
	pushfq
	popq	syscall_flags(%rip)
	sysretq
	.size	syscall_target, . - syscall_target

	.bss
	.balign	8
	.irp	name, user_flags, user_result, user_cs, user_ss, syscall_rcx, syscall_r11, syscall_cs, syscall_ss, syscall_flags
	.globl	\name
\name:	.skip	8
	.endr

	.section .note.GNU-stack, "", @progbits
