/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Debug registers: the C side sets them on the labels and variables here. */
	.file	"breakpoints.S"
#include "layout.h"
#include "events.h"

	.data
	.balign	8
	.globl	watched, watched_selector
watched:		.quad	0
watched_selector:	.quad	SELECTOR_DATA

sequence break_on_execution
	nop
	.globl	break_on_execution_at
break_on_execution_at:
	nop
	nop
	ret
events break_on_execution
	event	1, break_on_execution_at, 0, DR6_B0
end_events

	/* IRET that sets RF passes over the breakpoint, once. */
sequence break_resumed
	movl	$2, %ecx
	iret_frame break_resumed_at, RFLAGS_RF
	iretq
	.globl	break_resumed_at
break_resumed_at:
	nop
	loop	break_resumed_at
	ret
events break_resumed
	event	1, break_resumed_at, 0, DR6_B3
end_events

	/* POPF never sets RF. */
sequence break_after_popf
	pushfq
	orl	$RFLAGS_RF, (%rsp)
	popfq
	.globl	break_after_popf_at
break_after_popf_at:
	nop
	ret
events break_after_popf
	event	1, break_after_popf_at, 0, DR6_B0
end_events

	/* Once per iteration would be wrong: a fault comes before the instruction, RF holds for all of it. */
sequence break_on_rep
	movl	$3, %ecx
	leaq	string_target(%rip), %rdi
	.globl	break_on_rep_at
break_on_rep_at:
	rep stosb
	ret
events break_on_rep
	event	1, break_on_rep_at, 0, DR6_B0
end_events

	/* The store is wider than the watched upper half. */
sequence watch_write
	movq	$1, watched(%rip)
watch_write_1:
	nop
	ret
events watch_write
	event	1, watch_write_1, 0, DR6_B1
end_events

sequence watch_write_not_read
	movq	watched(%rip), %rax
	movl	%eax, watched(%rip)
	nop
	ret
events watch_write_not_read
end_events

sequence watch_access
	movb	watched+2(%rip), %al
watch_access_1:
	addw	$1, watched+1(%rip)
watch_access_2:
	nop
	ret
events watch_access
	event	1, watch_access_1, 0, DR6_B2
	event	1, watch_access_2, 0, DR6_B2
end_events

	/* One exception for both reasons. */
sequence watch_stepped
	trace_on
	movl	$2, watched(%rip)
watch_stepped_1:
	trace_off watch_stepped
	ret
events watch_stepped
	event	1, watch_stepped_1, RFLAGS_TF, DR6_BS | DR6_B0
	traced_off watch_stepped
end_events

sequence watch_port
	movw	$0x3ff, %dx
	outb	%al, %dx
watch_port_1:
	nop
	inb	%dx, %al
watch_port_2:
	nop
	ret
events watch_port
	event	1, watch_port_1, 0, DR6_B3
	event	1, watch_port_2, 0, DR6_B3
end_events

	/* MOV of a debug register faults; what delivers the fault clears DR7.GD. */
sequence general_detect
	.globl	general_detect_at
general_detect_at:
	movq	%dr0, %rax
	nop
	ret
events general_detect
	event	1, general_detect_at, 0, DR6_BD
end_events

	/* The trap that MOV SS itself caused waits for the next instruction. */
sequence mov_ss_watched
	movw	watched_selector(%rip), %ss
	nop
mov_ss_watched_1:
	nop
	ret
events mov_ss_watched
	event	1, mov_ss_watched_1, 0, DR6_B0
end_events

	/* INT n comes first; the trap follows before its handler's first instruction. */
sequence mov_ss_watched_int
	movw	watched_selector(%rip), %ss
	int	$VECTOR_CALL
mov_ss_watched_int_1:
	nop
	ret
events mov_ss_watched_int
	event	1, call_entry, 0, DR6_B0
	event	VECTOR_CALL, mov_ss_watched_int_1
end_events

	/* ICEBP's own debug exception takes the waiting one along. */
sequence mov_ss_watched_icebp
	movw	watched_selector(%rip), %ss
	.byte	0xf1
mov_ss_watched_icebp_1:
	nop
	ret
events mov_ss_watched_icebp
	event	1, mov_ss_watched_icebp_1
end_events

	/* An execution breakpoint in the shadow of MOV SS is not seen, but on AMD's processors it is. */
sequence mov_ss_break
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ss
	.globl	mov_ss_break_at
mov_ss_break_at:
	nop
	nop
	ret
	.size	mov_ss_break, . - mov_ss_break

sequence sti_break
	sti
	.globl	sti_break_at
sti_break_at:
	nop
	cli
	ret
events sti_break
	event	1, sti_break_at, RFLAGS_IF, DR6_B0
end_events

	/* The watch on the stack sees what a push and a call write. */
sequence watch_stack
	pushq	%rax
watch_stack_1:
	popq	%rax
	call	watch_stack_2
	ret
watch_stack_2:
	ret
events watch_stack
	event	1, watch_stack_1, 0, DR6_B0
	event	1, watch_stack_2, 0, DR6_B0
end_events

	/* A string instruction, between the labels NAME_at and NAME_end, that meets a watched place. */
	.macro	watched_string name, count, instruction:vararg
	.globl	\name, \name\()_at, \name\()_end
	.type	\name, @function
\name:
	leaq	string_source(%rip), %rsi
	leaq	string_target(%rip), %rdi
	movl	$\count, %ecx
	movl	$0x77, %eax
\name\()_at:
	\instruction
\name\()_end:
	nop
	ret
	.size	\name, . - \name
	.endm

	watched_string watched_rep_movsb, 8, rep movsb
	watched_string watched_rep_stosq, 4, rep stosq
	watched_string watched_repne_scasb, 8, repne scasb

	.section .note.GNU-stack, "", @progbits
