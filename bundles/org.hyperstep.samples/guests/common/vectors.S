/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"vectors.S"
/* Entries of the exceptions 0 to 31: each brings the stack to struct interrupt_frame. */
#include "layout.h"

	.text
	.cfi_sections .debug_frame
	.globl	exception_entries
	.balign	16
exception_entries:
	.set	vector, 0
	.rept	32
	.balign	16
	/* #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP, #VC and #SX bring an error code of their own. */
	.if	!((1 << vector) & 0x60227d00)
	pushq	$0
	.endif
	pushq	$vector
	jmp	exception_common
	.set	vector, vector + 1
	.endr

	.globl	exception_common
	.type	exception_common, @function
exception_common:
	pushq	%rax
	pushq	%rbx
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%rbp
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, %rdi
	cld
	/* The caller of an exception may stand anywhere: align for C and keep the frame in RBX. */
	movq	%rsp, %rbx
	andq	$-16, %rsp
	call	dispatch_exception
	movq	%rbx, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rbp
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rbx
	popq	%rax
	addq	$16, %rsp
	iretq
	.size	exception_common, . - exception_common

	.section .note.GNU-stack, "", @progbits
