/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
	.file	"boot.S"
/*
 * From a boot loader to main(): multiboot 1 or PVH hand over in 32-bit protected mode without
 * paging; this file builds the identity map, turns on long mode and calls main.
 */
#include "layout.h"

	.section .multiboot, "a"
	.balign 4
multiboot_header:
	.long	MULTIBOOT_HEADER_MAGIC
	.long	MULTIBOOT_HEADER_FLAGS
	.long	-(MULTIBOOT_HEADER_MAGIC + MULTIBOOT_HEADER_FLAGS)
	/* The address fields (flag 16): a loader that knows only 32-bit ELF loads us by them. */
	.long	multiboot_header
	.long	image_start
	.long	image_data_end
	.long	image_end
	.long	multiboot_entry

	.section .note.Xen, "a", @note
	.balign 4
	.long	4, 4, XEN_ELFNOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.long	pvh_entry

	.text
	.code32
	.globl	multiboot_entry
	.type	multiboot_entry, @function
multiboot_entry:
	cli
	movl	$BOOT_MULTIBOOT, %ebp
	jmp	enter_long_mode
	.size	multiboot_entry, . - multiboot_entry

	.globl	pvh_entry
	.type	pvh_entry, @function
pvh_entry:
	cli
	movl	$BOOT_PVH, %ebp
	.size	pvh_entry, . - pvh_entry

	/* EBP = boot protocol, EBX = physical address of the protocol's information. */
	.globl	enter_long_mode
	.type	enter_long_mode, @function
enter_long_mode:
	cld
	movl	$boot_stack_top, %esp

	/* One PML4 entry, four page directories of 2 MB pages: the first 4 GB, one to one. */
	movl	$(boot_pdpt + PAGE_PRESENT_WRITE_USER), boot_pml4
	movl	$boot_pdpt, %edi
	movl	$(boot_pds + PAGE_PRESENT_WRITE_USER), %eax
	movl	$4, %ecx
1:	movl	%eax, (%edi)
	addl	$4096, %eax
	addl	$8, %edi
	loop	1b

	movl	$boot_pds, %edi
	movl	$(PAGE_PRESENT_WRITE + PAGE_LARGE), %eax
	movl	$2048, %ecx
2:	movl	%eax, (%edi)
	addl	$0x200000, %eax
	addl	$8, %edi
	loop	2b
	/* The local APIC's registers are devices: not to be cached. */
	orl	$PAGE_UNCACHED, boot_pds + 8 * (0xfee00000 / 0x200000)

	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	%cr0, %eax
	orl	$(CR0_PG | CR0_WP), %eax
	movl	%eax, %cr0

	lgdt	gdt_pointer
	ljmp	$SELECTOR_CODE64, $start64
	.size	enter_long_mode, . - enter_long_mode

	.code64
	.globl	start64
	.type	start64, @function
start64:
	movl	$SELECTOR_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%ebp, %edi
	movl	%ebx, %esi
	xorl	%ebp, %ebp		/* ends every walk along frame pointers */
	call	start_guest
	ud2				/* start_guest does not return */
	.size	start64, . - start64

	.bss
	.balign	4096
	.globl	boot_pml4, boot_pdpt, boot_pds
boot_pml4:	.skip	4096
boot_pdpt:	.skip	4096
boot_pds:	.skip	4 * 4096
	.skip	32768
	.globl	boot_stack_top
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
