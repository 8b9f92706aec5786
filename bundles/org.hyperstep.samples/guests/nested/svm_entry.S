/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"svm_entry.S"
/* void enter_with_svm(void *control_block, struct inner_registers *registers) */
	.text
	.cfi_sections .debug_frame
	.globl	enter_with_svm
	.type	enter_with_svm, @function
enter_with_svm:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset	%rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rsi
	movq	%rdi, %rax
	movq	0(%rsi), %rbx
	movq	8(%rsi), %rcx
	movq	16(%rsi), %rdx
	movq	32(%rsi), %rdi
	movq	48(%rsi), %r8
	movq	56(%rsi), %r9
	movq	64(%rsi), %r10
	movq	72(%rsi), %r11
	movq	80(%rsi), %r12
	movq	88(%rsi), %r13
	movq	96(%rsi), %r14
	movq	104(%rsi), %r15
	movq	40(%rsi), %rbp
	.cfi_def_cfa	%rsp, 64
	movq	24(%rsi), %rsi
	clgi
	.globl	vmrun_instruction
vmrun_instruction:
	vmrun	%rax
	/* RSP and RAX are the host's again. */
	movq	%rsi, %rax
	movq	(%rsp), %rsi
	movq	%rbx, 0(%rsi)
	movq	%rcx, 8(%rsi)
	movq	%rdx, 16(%rsi)
	movq	%rax, 24(%rsi)
	movq	%rdi, 32(%rsi)
	movq	%rbp, 40(%rsi)
	movq	%r8, 48(%rsi)
	movq	%r9, 56(%rsi)
	movq	%r10, 64(%rsi)
	movq	%r11, 72(%rsi)
	movq	%r12, 80(%rsi)
	movq	%r13, 88(%rsi)
	movq	%r14, 96(%rsi)
	movq	%r15, 104(%rsi)
	stgi
	popq	%rsi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	.cfi_def_cfa	%rsp, 8
	ret
	.cfi_endproc
	.size	enter_with_svm, . - enter_with_svm

	.section .note.GNU-stack, "", @progbits
