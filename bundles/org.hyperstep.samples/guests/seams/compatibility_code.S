/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * 32-bit code, called from 64-bit code through a far pointer: compatibility mode, where one-byte INC,
 * POP SS, INTO and BOUND exist, and interrupts still go through the 64-bit IDT.
 */
	.file	"compatibility_code.S"
#include "layout.h"
#include "events.h"

	/* A 64-bit sequence whose 32-bit part, at NAME32, ends with a far return. */
	.macro	compatible name
	.section .rodata
	.balign	8
\name\()_pointer:
	.long	\name\()32
	.word	SELECTOR_CODE32
sequence \name
	pushq	%rbx
	lcall	*\name\()_pointer
	popq	%rbx
	ret
	.code32
\name\()32:
	.endm

	/* Far return to 64-bit code: the selector in the return address decides. */
	.macro	return64
	lret
	.code64
	.endm

compatible compatibility_mode
	movl	$0x7fffffff, %eax
	incl	%eax			/* 0x40, a REX prefix in 64-bit mode */
	pushfl
	popl	%edx
	pushl	%eax
	popl	%ecx
	pushw	$0x1234
	popw	%bx
	movl	%ecx, compatibility_result
	movl	%edx, compatibility_result + 4
	movw	%bx, compatibility_result + 8
	movl	%esp, compatibility_result + 12
	movw	%cs, compatibility_result + 16
	return64
events compatibility_mode
end_events

	/* A fault pushes the 32-bit code's CS, and its handler's IRET goes back there. */
compatible compatibility_fault
	movl	$compatibility_fault_2, recovery_rip
	movl	$0, recovery_rip + 4
compatibility_fault_1:
	ud2
compatibility_fault_2:
	nop
	return64
events compatibility_fault
	event	6, compatibility_fault_1
end_events

compatible compatibility_into
	movb	$0x7f, %al
	addb	$1, %al
	into
compatibility_into_1:
	xorl	%eax, %eax
	into
	return64
events compatibility_into
	event	4, compatibility_into_1
end_events

compatible compatibility_bound
	movl	$compatibility_bound_2, recovery_rip
	movl	$0, recovery_rip + 4
	movl	$3, %eax
	bound	%eax, compatibility_bounds
	movl	$5, %eax
compatibility_bound_1:
	bound	%eax, compatibility_bounds
compatibility_bound_2:
	nop
	return64
events compatibility_bound
	event	5, compatibility_bound_1
end_events

	.macro	trace_on32
	pushfl
	orl	$RFLAGS_TF, (%esp)
	popfl
	.endm

	.macro	trace_off32 name
	pushfl
\name\()_off1:
	andl	$~RFLAGS_TF, (%esp)
\name\()_off2:
	popfl
\name\()_off3:
	.endm

	/* The same traps as in 64-bit code; POPF in its 16-bit form sets TF too. */
compatible compatibility_step
	pushfw
	orw	$RFLAGS_TF, (%esp)
	popfw
	nop
compatibility_step_1:
	trace_off32 compatibility_step
	return64
events compatibility_step
	step	compatibility_step_1
	traced_off compatibility_step
end_events

	/* POP SS delays the trap as MOV SS does. */
compatible compatibility_pop_ss
	pushl	$SELECTOR_DATA
	trace_on32
	popl	%ss
	nop
compatibility_pop_ss_1:
	nop
compatibility_pop_ss_2:
	trace_off32 compatibility_pop_ss
	return64
events compatibility_pop_ss
	step	compatibility_pop_ss_1
	step	compatibility_pop_ss_2
	traced_off compatibility_pop_ss
end_events

	/* The far call into 32-bit code and the far return from it are single steps like others. */
	.section .rodata
	.balign	8
far_step_pointer:
	.long	compatibility_far_step_1
	.word	SELECTOR_CODE32
sequence compatibility_far_step
	trace_on
	lcall	*far_step_pointer
compatibility_far_step_3:
	trace_off compatibility_far_step
	ret
	.code32
compatibility_far_step_1:
	nop
compatibility_far_step_2:
	return64
events compatibility_far_step
	step	compatibility_far_step_1
	step	compatibility_far_step_2
	step	compatibility_far_step_3
	traced_off compatibility_far_step
end_events

	.data
	.balign	8
	.globl	compatibility_result
compatibility_result:	.skip	24
compatibility_bounds:	.long	1, 4

	.section .note.GNU-stack, "", @progbits
