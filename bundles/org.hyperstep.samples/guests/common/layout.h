/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Numbers that assembly and C share: names are the manuals' names. */
#ifndef LAYOUT_H
#define LAYOUT_H

#define MULTIBOOT_HEADER_MAGIC		0x1badb002
/* bit 16: the address fields of the header are valid */
#define MULTIBOOT_HEADER_FLAGS		0x00010000
#define XEN_ELFNOTE_PHYS32_ENTRY	18

#define BOOT_MULTIBOOT	1
#define BOOT_PVH	2

#define PAGE_PRESENT_WRITE	0x003
#define PAGE_PRESENT_WRITE_USER	0x007
#define PAGE_USER		0x004
#define PAGE_UNCACHED		0x018	/* PCD and PWT */
#define PAGE_LARGE		0x080

#define CR0_WP		0x00010000
#define CR0_NW		0x20000000
#define CR0_CD		0x40000000
#define CR0_PG		0x80000000
#define CR4_DE		0x00000008
#define CR4_PAE		0x00000020

#define MSR_APIC_BASE	0x0000001b
#define MSR_EFER	0xc0000080
#define MSR_STAR	0xc0000081
#define MSR_LSTAR	0xc0000082
#define MSR_FMASK	0xc0000084
#define MSR_FS_BASE	0xc0000100
#define MSR_GS_BASE	0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102
#define EFER_SCE	0x00000001
#define EFER_LME	0x00000100

/*
 * The order is SYSCALL's and SYSRET's: kernel code, kernel data; user code 32, user data, user
 * code 64.
 */
#define SELECTOR_CODE32		0x08
#define SELECTOR_CODE64		0x10
#define SELECTOR_DATA		0x18
#define SELECTOR_USER_CODE32	0x20
#define SELECTOR_USER_DATA	0x28
#define SELECTOR_USER_CODE64	0x30
#define SELECTOR_TSS		0x38
#define SELECTOR_NOT_PRESENT	0x48
#define GDT_ENTRIES		10

#define RFLAGS_CF	0x00000001
#define RFLAGS_ALWAYS_ONE	0x00000002
#define RFLAGS_TF	0x00000100
#define RFLAGS_IF	0x00000200
#define RFLAGS_DF	0x00000400
#define RFLAGS_RF	0x00010000
#define RFLAGS_AC	0x00040000

#define VECTOR_TIMER	0x40
#define VECTOR_SELF	0xaa
#define VECTOR_SPURIOUS	0xff

#endif
