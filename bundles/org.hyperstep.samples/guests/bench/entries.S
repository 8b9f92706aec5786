/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"entries.S"
#include "layout.h"

	.text
	.globl	counting_entry
	.type	counting_entry, @function
	.balign	16
counting_entry:
	incq	interrupts_counted
	iretq
	.size	counting_entry, . - counting_entry

	.globl	acknowledging_entry
	.type	acknowledging_entry, @function
	.balign	16
acknowledging_entry:
	incq	interrupts_counted
	pushq	%rax
	movl	$0xfee000b0, %eax
	movl	$0, (%rax)
	popq	%rax
	iretq
	.size	acknowledging_entry, . - acknowledging_entry

	/* In writable memory, as the code that a run-time compiler makes, in lines of its own. */
	.section .data
	.balign	4096
	.globl	patched_function
	.type	patched_function, @function
patched_function:
	movl	$0, %eax
	ret
	.size	patched_function, . - patched_function
	.balign	64
	.globl	interrupts_counted
interrupts_counted:
	.quad	0

	.section .note.GNU-stack, "", @progbits
