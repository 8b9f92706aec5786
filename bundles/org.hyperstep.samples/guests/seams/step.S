/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * A guest that single-steps itself: the tables say after which instructions the trap comes, and with
 * what flags in the pushed image.
 */
	.file	"step.S"
#include "layout.h"
#include "events.h"

	.globl	stepped_pushfq, stepped_pushfw, stepped_r11, stepped_rcx, stepped_flags
	.bss
	.balign	8
stepped_pushfq:	.skip	8
stepped_pushfw:	.skip	8
stepped_r11:	.skip	8
stepped_rcx:	.skip	8
stepped_flags:	.skip	8
	.globl	string_source, string_target
string_source:	.skip	64
string_target:	.skip	64

	/* POPF that sets TF is not trapped itself; POPF that clears it still is. */
sequence step_plain
	trace_on
	nop
step_plain_1:
	movl	$1, %eax
step_plain_2:
	trace_off step_plain
	ret
events step_plain
	step	step_plain_1
	step	step_plain_2
	traced_off step_plain
end_events

sequence step_branches
	trace_on
	jmp	1f
	nop
1:	call	2f
step_branches_1:
	trace_off step_branches
	ret
2:	ret
events step_branches
	step	1b
	step	2b
	step	step_branches_1
	traced_off step_branches
end_events

	/* The guest's own TF is in what it pushes. */
sequence step_pushf
	trace_on
	pushfq
step_pushf_1:
	popq	%rax
step_pushf_2:
	pushfw
step_pushf_3:
	popw	%cx
step_pushf_4:
	trace_off step_pushf
	movq	%rax, stepped_pushfq(%rip)
	movw	%cx, stepped_pushfw(%rip)
	ret
events step_pushf
	step	step_pushf_1
	step	step_pushf_2
	step	step_pushf_3
	step	step_pushf_4
	traced_off step_pushf
end_events

sequence step_popfw
	pushfw
	orw	$RFLAGS_TF, (%rsp)
	popfw
	nop
step_popfw_1:
	pushfw
step_popfw_2:
	popfw
step_popfw_3:
	trace_off step_popfw
	ret
events step_popfw
	step	step_popfw_1
	step	step_popfw_2
	step	step_popfw_3
	traced_off step_popfw
end_events

sequence step_iret_sets_tf
	iret_frame 1f, RFLAGS_TF
	iretq
1:	nop
step_iret_sets_tf_1:
	trace_off step_iret_sets_tf
	ret
events step_iret_sets_tf
	step	step_iret_sets_tf_1
	traced_off step_iret_sets_tf
end_events

sequence step_iret_clears_tf
	iret_frame step_iret_clears_tf_1
	trace_on
	iretq
step_iret_clears_tf_1:
	nop
	ret
events step_iret_clears_tf
	step	step_iret_clears_tf_1, 0
end_events

	/* INT n clears TF on its way; its handler's IRET sets it again for the instruction after. */
sequence step_int_n
	trace_on
	int	$VECTOR_CALL
step_int_n_1:
	nop
step_int_n_2:
	trace_off step_int_n
	ret
events step_int_n
	event	VECTOR_CALL, step_int_n_1, RFLAGS_TF
	step	step_int_n_2
	traced_off step_int_n
end_events

sequence step_int3
	trace_on
	int3
step_int3_1:
	nop
step_int3_2:
	trace_off step_int3
	ret
events step_int3
	event	3, step_int3_1, RFLAGS_TF
	step	step_int3_2
	traced_off step_int3
end_events

	/* One debug exception, not one for the instruction and one for the trace. */
sequence step_icebp
	trace_on
	.byte	0xf1
step_icebp_1:
	nop
step_icebp_2:
	trace_off step_icebp
	ret
events step_icebp
	event	1, step_icebp_1, RFLAGS_TF
	step	step_icebp_2
	traced_off step_icebp
end_events

	/* TF is looked at after SYSCALL has masked the flags: no trap. R11 holds the guest's TF. */
sequence step_syscall_masked
	trace_on
	syscall
	.globl	step_syscall_masked_1
step_syscall_masked_1:
	ud2
	.globl	step_syscall_masked_target
step_syscall_masked_target:
	pushfq
	popq	stepped_flags(%rip)
	movq	%r11, stepped_r11(%rip)
	movq	%rcx, stepped_rcx(%rip)
	ret
events step_syscall_masked
end_events

sequence step_syscall_unmasked
	trace_on
	syscall
	ud2
	.globl	step_syscall_unmasked_target
step_syscall_unmasked_target:
	nop
step_syscall_unmasked_1:
	trace_off step_syscall_unmasked
	ret
events step_syscall_unmasked
	step	step_syscall_unmasked_target
	step	step_syscall_unmasked_1
	traced_off step_syscall_unmasked
end_events

	/* No interrupt is pending: STI delays no trap. */
sequence step_sti
	trace_on
	sti
step_sti_1:
	nop
step_sti_2:
	cli
step_sti_3:
	trace_off step_sti
	ret
events step_sti
	step	step_sti_1, RFLAGS_TF | RFLAGS_IF
	step	step_sti_2, RFLAGS_TF | RFLAGS_IF
	step	step_sti_3
	traced_off step_sti
end_events

	/* The trap's delivery and IRET end the shadow: the interrupt comes right after them. */
sequence step_sti_pending
	trace_on
	sti
step_sti_pending_1:
	nop
step_sti_pending_2:
	cli
step_sti_pending_3:
	trace_off step_sti_pending
	ret
events step_sti_pending
	step	step_sti_pending_1, RFLAGS_TF | RFLAGS_IF
	event	VECTOR_SELF, step_sti_pending_1, RFLAGS_TF | RFLAGS_IF
	step	step_sti_pending_2, RFLAGS_TF | RFLAGS_IF
	step	step_sti_pending_3
	traced_off step_sti_pending
end_events

	/* MOV SS does delay the trap. */
sequence step_mov_ss
	movl	$SELECTOR_DATA, %eax
	trace_on
	movl	%eax, %ss
	nop
step_mov_ss_1:
	nop
step_mov_ss_2:
	trace_off step_mov_ss
	ret
events step_mov_ss
	step	step_mov_ss_1
	step	step_mov_ss_2
	traced_off step_mov_ss
end_events

	/* The flags pushed in the shadow are those of a traced guest. */
sequence step_mov_ss_pushf
	movl	$SELECTOR_DATA, %eax
	trace_on
	movl	%eax, %ss
	pushfq
step_mov_ss_pushf_1:
	popq	%rax
step_mov_ss_pushf_2:
	trace_off step_mov_ss_pushf
	movq	%rax, stepped_pushfq(%rip)
	ret
events step_mov_ss_pushf
	step	step_mov_ss_pushf_1
	step	step_mov_ss_pushf_2
	traced_off step_mov_ss_pushf
end_events

	/* After each iteration. */
sequence step_rep_movsb
	leaq	string_source(%rip), %rsi
	leaq	string_target(%rip), %rdi
	movl	$3, %ecx
	trace_on
step_rep_movsb_1:
	rep movsb
step_rep_movsb_2:
	trace_off step_rep_movsb
	ret
events step_rep_movsb
	step	step_rep_movsb_1
	step	step_rep_movsb_1
	step	step_rep_movsb_2
	traced_off step_rep_movsb
end_events

sequence step_rep_zero
	xorl	%ecx, %ecx
	leaq	string_target(%rip), %rdi
	trace_on
	rep stosb
step_rep_zero_1:
	trace_off step_rep_zero
	ret
events step_rep_zero
	step	step_rep_zero_1
	traced_off step_rep_zero
end_events

	/* Ends early: the second byte is found. */
sequence step_repne_scasb
	leaq	string_target(%rip), %rdi
	movb	$0, (%rdi)
	movb	$7, 1(%rdi)
	movl	$5, %ecx
	movl	$7, %eax
	trace_on
step_repne_scasb_1:
	repne scasb
step_repne_scasb_2:
	trace_off step_repne_scasb
	ret
events step_repne_scasb
	step	step_repne_scasb_1
	step	step_repne_scasb_2
	traced_off step_repne_scasb
end_events

	/* Instructions that a hypervisor may have to carry out itself. */
sequence step_intercepted
	pushq	%rbx
	xorl	%eax, %eax
	trace_on
	cpuid
step_intercepted_1:
	movl	$0x1b, %ecx
step_intercepted_2:
	rdmsr
step_intercepted_3:
	movl	0xfee00030, %eax
step_intercepted_4:
	movw	$0x3ff, %dx
step_intercepted_5:
	outb	%al, %dx
step_intercepted_6:
	inb	%dx, %al
step_intercepted_7:
	movq	%cr0, %rax
step_intercepted_8:
	movq	%rax, %cr0
step_intercepted_9:
	trace_off step_intercepted
	popq	%rbx
	ret
events step_intercepted
	step	step_intercepted_1
	step	step_intercepted_2
	step	step_intercepted_3
	step	step_intercepted_4
	step	step_intercepted_5
	step	step_intercepted_6
	step	step_intercepted_7
	step	step_intercepted_8
	step	step_intercepted_9
	traced_off step_intercepted
end_events

	/* A fault is no completed instruction: the trap comes after the first one that is. */
sequence step_fault
	movq	$step_fault_2, recovery_rip
	trace_on
step_fault_1:
	ud2
step_fault_2:
	nop
step_fault_3:
	trace_off step_fault
	ret
events step_fault
	event	6, step_fault_1, RFLAGS_TF
	step	step_fault_3
	traced_off step_fault
end_events

	/* A load that faults once, is mended by nobody, and is passed over. */
sequence step_page_fault
	movq	$step_page_fault_2, recovery_rip
	movabsq	$0x100000000, %rdx
	trace_on
step_page_fault_1:
	movl	(%rdx), %eax
step_page_fault_2:
	nop
step_page_fault_3:
	trace_off step_page_fault
	ret
events step_page_fault
	event	14, step_page_fault_1, RFLAGS_TF
	step	step_page_fault_3
	traced_off step_page_fault
end_events

	/* TF is looked at after SYSRET has loaded the flags: a trap before the first user instruction. */
sequence step_sysret
	movq	$step_sysret_user, %rcx
	movl	$(RFLAGS_TF | 2), %r11d
	sysretq
	.globl	step_sysret_user
step_sysret_user:
	nop
step_sysret_1:
	int	$VECTOR_LEAVE_USER
events step_sysret
	step	step_sysret_user
	step	step_sysret_1
end_events

	/* Traced user code: the processor changes stacks for each trap. */
sequence step_user
	nop
step_user_1:
	pushfq
step_user_2:
	popq	%rax
step_user_3:
	int	$VECTOR_LEAVE_USER
events step_user
	step	step_user_1
	step	step_user_2
	step	step_user_3
end_events

	.section .note.GNU-stack, "", @progbits
