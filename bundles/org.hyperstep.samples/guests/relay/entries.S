/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"entries.S"
/* Where a start-up IPI leads, and the gate of the relayed interrupt. */
#include "layout.h"

#define APIC_ID_REGISTER	0xfee00020
#define STACK_SHIFT		13
#define STARTUP_ADDRESS		0x8000

	.section .rodata
	.globl	processor_start, processor_start_end
	.code16
/* Copied to STARTUP_ADDRESS; the processor arrives in real mode with CS = STARTUP_ADDRESS / 16. */
processor_start:
	cli
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	startup_gdt - processor_start
	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	$(CR0_PG | CR0_WP | 0x11), %eax
	movl	%eax, %cr0
	ljmpl	$SELECTOR_CODE64, $processor64
	.balign	8
startup_gdt:
	.word	8 * GDT_ENTRIES - 1
	.long	gdt
processor_start_end:

	.text
	.code64
	.type	processor64, @function
processor64:
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	APIC_ID_REGISTER, %eax
	shrl	$24, %eax
	incl	%eax
	shll	$STACK_SHIFT, %eax
	leaq	processor_stacks(%rax), %rsp
	xorl	%ebp, %ebp		/* ends every walk along frame pointers */
	lidt	processor_idt
	call	enter_processor
	ud2				/* enter_processor does not return */
	.size	processor64, . - processor64

	.cfi_sections .debug_frame
	.globl	relay_entry
	.type	relay_entry, @function
relay_entry:
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
	call	relay_handler
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
	.size	relay_entry, . - relay_entry

	.section .note.GNU-stack, "", @progbits
