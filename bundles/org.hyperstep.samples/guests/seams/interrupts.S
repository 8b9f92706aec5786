/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Where exactly a pending interrupt is taken. The caller has left VECTOR_SELF pending. */
	.file	"interrupts.S"
#include "layout.h"
#include "events.h"

sequence sti_shadow
	sti
	nop
sti_shadow_1:
	nop
	cli
	ret
events sti_shadow
	event	VECTOR_SELF, sti_shadow_1, RFLAGS_IF
end_events

	/* The first STI holds the interrupt off for one instruction; the second one does not extend it. */
sequence sti_sti
	sti
	sti
sti_sti_1:
	nop
	nop
	cli
	ret
events sti_sti
	event	VECTOR_SELF, sti_sti_1, RFLAGS_IF
end_events

sequence sti_cli
	sti
	cli
	nop
	nop
	ret
events sti_cli
end_events

sequence sti_ret
	call	1f
sti_ret_1:
	cli
	ret
1:	sti
	ret
events sti_ret
	event	VECTOR_SELF, sti_ret_1, RFLAGS_IF
end_events

sequence popf_sets_if
	pushfq
	orl	$RFLAGS_IF, (%rsp)
	popfq
popf_sets_if_1:
	nop
	cli
	ret
events popf_sets_if
	event	VECTOR_SELF, popf_sets_if_1, RFLAGS_IF
end_events

sequence iret_sets_if
	iret_frame iret_sets_if_1, RFLAGS_IF
	iretq
iret_sets_if_1:
	nop
	cli
	ret
events iret_sets_if
	event	VECTOR_SELF, iret_sets_if_1, RFLAGS_IF
end_events

	/* The task priority class 11 holds vector 0xaa back until CR8 is lowered. */
sequence cr8_lowered
	movl	$0xb, %eax
	movq	%rax, %cr8
	sti
	nop
	nop
	xorl	%eax, %eax
	movq	%rax, %cr8
cr8_lowered_1:
	nop
	cli
	ret
events cr8_lowered
	event	VECTOR_SELF, cr8_lowered_1, RFLAGS_IF
end_events

	/* The interrupt waits for the HLT, which it then ends. */
sequence sti_hlt
	sti
	hlt
sti_hlt_1:
	cli
	ret
events sti_hlt
	event	VECTOR_SELF, sti_hlt_1, RFLAGS_IF
end_events

sequence hlt_until_timer
	sti
	hlt
hlt_until_timer_1:
	cli
	ret
events hlt_until_timer
	event	VECTOR_TIMER, hlt_until_timer_1, RFLAGS_IF
end_events

	/* Before the first iteration of a repeated string instruction. */
sequence popf_rep
	movl	$3, %ecx
	leaq	string_target(%rip), %rdi
	pushfq
	orl	$RFLAGS_IF, (%rsp)
	popfq
popf_rep_1:
	rep stosb
	cli
	ret
events popf_rep
	event	VECTOR_SELF, popf_rep_1, RFLAGS_IF
end_events

	.section .note.GNU-stack, "", @progbits
