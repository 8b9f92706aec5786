/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"vmx_entry.S"
#include "vmx.h"
/* bool enter_with_vmx(struct vmx_registers *registers, bool launched) */
	.text
	.cfi_sections .debug_frame
	.globl	enter_with_vmx
	.type	enter_with_vmx, @function
enter_with_vmx:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset	%rbp, -16
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	movl	$HOST_RSP, %eax
	vmwrite	%rsp, %rax
	movl	$HOST_RIP, %eax
	leaq	vmx_exit(%rip), %rdx
	vmwrite	%rdx, %rax
	testb	%sil, %sil
	movq	0(%rdi), %rax
	movq	8(%rdi), %rbx
	movq	16(%rdi), %rcx
	movq	24(%rdi), %rdx
	movq	32(%rdi), %rsi
	movq	48(%rdi), %rbp
	movq	56(%rdi), %r8
	movq	64(%rdi), %r9
	movq	72(%rdi), %r10
	movq	80(%rdi), %r11
	movq	88(%rdi), %r12
	movq	96(%rdi), %r13
	movq	104(%rdi), %r14
	movq	112(%rdi), %r15
	movq	40(%rdi), %rdi
	.globl	vmlaunch_instruction, vmresume_instruction
	jnz	vmresume_instruction
vmlaunch_instruction:
	vmlaunch
	jmp	1f
vmresume_instruction:
	vmresume
	/* VM entry failed: the registers are the inner guest's, and nobody looks at them. */
1:	xorl	%eax, %eax
	popq	%rdi
	jmp	2f
	.globl	vmx_exit
vmx_exit:
	/* RSP and RIP are the host's again. */
	pushq	%rdi
	movq	8(%rsp), %rdi
	movq	%rax, 0(%rdi)
	movq	%rbx, 8(%rdi)
	movq	%rcx, 16(%rdi)
	movq	%rdx, 24(%rdi)
	movq	%rsi, 32(%rdi)
	popq	40(%rdi)
	movq	%rbp, 48(%rdi)
	movq	%r8, 56(%rdi)
	movq	%r9, 64(%rdi)
	movq	%r10, 72(%rdi)
	movq	%r11, 80(%rdi)
	movq	%r12, 88(%rdi)
	movq	%r13, 96(%rdi)
	movq	%r14, 104(%rdi)
	movq	%r15, 112(%rdi)
	movl	$1, %eax
	popq	%rdi
2:	.cfi_adjust_cfa_offset -8
	popq	%r15
	.cfi_adjust_cfa_offset -8
	popq	%r14
	.cfi_adjust_cfa_offset -8
	popq	%r13
	.cfi_adjust_cfa_offset -8
	popq	%r12
	.cfi_adjust_cfa_offset -8
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size	enter_with_vmx, . - enter_with_vmx

	.section .note.GNU-stack, "", @progbits
