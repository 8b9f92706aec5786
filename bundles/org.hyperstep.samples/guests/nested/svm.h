/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Offsets in the VMCB and what goes there: names are the manual's. */
#ifndef SVM_H
#define SVM_H

#define PAGE_SIZE	4096

#define MSR_PAT		0x00000277
#define MSR_VM_HSAVE_PA	0xc0010117
#define EFER_SVME	0x00001000

#define VMCB_INTERCEPTS_3	0x00c	/* and the vector behind it */
#define VMCB_ASID		0x058
#define VMCB_VIRTUAL_INTERRUPT	0x060
#define VMCB_EXIT_CODE		0x070
#define VMCB_NESTED_PAGING	0x090
#define VMCB_EVENT		0x0a8
#define VMCB_NESTED_CR3		0x0b0
#define VMCB_ES			0x400
#define VMCB_CS			0x410
#define VMCB_SS			0x420
#define VMCB_DS			0x430
#define VMCB_GDTR		0x460
#define VMCB_IDTR		0x480
#define VMCB_EFER		0x4d0
#define VMCB_CR4		0x548
#define VMCB_CR3		0x550
#define VMCB_CR0		0x558
#define VMCB_DR7		0x560
#define VMCB_DR6		0x568
#define VMCB_RFLAGS		0x570
#define VMCB_RIP		0x578
#define VMCB_RSP		0x5d8
#define VMCB_RAX		0x5f8
#define VMCB_PAT		0x668

#define INTERCEPT_INTR		0
#define INTERCEPT_CPUID		18
#define INTERCEPT_HLT		24
#define INTERCEPT_SHUTDOWN	31
#define INTERCEPT_VMRUN		32

#define EXIT_INTR	0x60
#define EXIT_CPUID	0x72
#define EXIT_HLT	0x78

#define V_INTR_MASKING	(1ull << 24)
#define EVENT_VALID	(1ull << 31)

/* What VMRUN leaves to software: offsets stand in svm_entry.S. */
struct inner_registers {
	uint64_t rbx, rcx, rdx, rsi, rdi, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
};

/* In svm_entry.S: CLGI, VMRUN, STGI; the registers are the inner guest's in between. */
void enter_with_svm(void *control_block, struct inner_registers *registers);

#endif
