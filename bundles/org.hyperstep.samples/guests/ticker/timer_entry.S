/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"timer_entry.S"
/* The timer's interrupt gate leads here: saves what C may change, and calls timer_handler. */
	.text
	.cfi_sections .debug_frame
	.globl	timer_entry
	.type	timer_entry, @function
timer_entry:
	.cfi_startproc simple
	.cfi_signal_frame
	.cfi_def_cfa	%rsp, 40		/* RIP, CS, RFLAGS, RSP, SS */
	.cfi_offset	%rip, -40
	.cfi_offset	%rsp, -16
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset	%rbp, -48
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	cld
	andq	$-16, %rsp
	call	timer_handler
	leaq	-72(%rbp), %rsp
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	popq	%rbp
	.cfi_def_cfa	%rsp, 40
	iretq
	.cfi_endproc
	.size	timer_entry, . - timer_entry

	.section .note.GNU-stack, "", @progbits
