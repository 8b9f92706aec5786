/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Encodings of VMCS fields and what goes there: names are the manual's. */
#ifndef VMX_H
#define VMX_H

#define PAGE_SIZE	4096

#define MSR_PAT			0x277
#define MSR_FEATURE_CONTROL	0x03a
#define MSR_VMX_BASIC		0x480
#define MSR_VMX_PROCBASED_2	0x48b
#define MSR_VMX_TRUE_PINBASED	0x48d
#define MSR_VMX_TRUE_PROCBASED	0x48e
#define MSR_VMX_TRUE_EXIT	0x48f
#define MSR_VMX_TRUE_ENTRY	0x490

#define CR4_VMXE	(1ull << 13)
#define CR0_NE		(1ull << 5)

#define GUEST_ES_SELECTOR	0x0800
#define GUEST_TR_SELECTOR	0x080e
#define HOST_ES_SELECTOR	0x0c00
#define HOST_TR_SELECTOR	0x0c0c
#define EPT_POINTER		0x201a
#define VMCS_LINK_POINTER	0x2800
#define GUEST_EFER		0x2806
#define HOST_EFER		0x2c02
#define PIN_BASED_CONTROLS	0x4000
#define PRIMARY_CONTROLS	0x4002
#define EXIT_CONTROLS		0x400c
#define ENTRY_CONTROLS		0x4012
#define ENTRY_INTERRUPTION	0x4016
#define SECONDARY_CONTROLS	0x401e
#define INSTRUCTION_ERROR	0x4400
#define EXIT_REASON		0x4402
#define EXIT_LENGTH		0x440c
#define GUEST_ES_LIMIT		0x4800
#define GUEST_GDTR_LIMIT	0x4810
#define GUEST_IDTR_LIMIT	0x4812
#define GUEST_ES_RIGHTS		0x4814
#define GUEST_CR0		0x6800
#define GUEST_CR3		0x6802
#define GUEST_CR4		0x6804
#define GUEST_GDTR_BASE		0x6816
#define GUEST_IDTR_BASE		0x6818
#define GUEST_DR7		0x681a
#define GUEST_RSP		0x681c
#define GUEST_RIP		0x681e
#define GUEST_RFLAGS		0x6820
#define HOST_CR0		0x6c00
#define HOST_CR3		0x6c02
#define HOST_CR4		0x6c04
#define HOST_TR_BASE		0x6c0a
#define HOST_GDTR_BASE		0x6c0c
#define HOST_IDTR_BASE		0x6c0e
#define HOST_RSP		0x6c14
#define HOST_RIP		0x6c16

#define EXTERNAL_INTERRUPT_EXITING	(1u << 0)
#define HLT_EXITING			(1u << 7)
#define MONITOR_TRAP_FLAG		(1u << 27)
#define ACTIVATE_SECONDARY_CONTROLS	(1u << 31)
#define ENABLE_EPT			(1u << 1)
#define HOST_ADDRESS_SPACE_SIZE		(1u << 9)
#define SAVE_EFER			(1u << 20)
#define LOAD_HOST_EFER			(1u << 21)
#define IA_32E_MODE_GUEST		(1u << 9)
#define LOAD_GUEST_EFER			(1u << 15)

#define REASON_INTERRUPT	1
#define REASON_CPUID		10
#define REASON_HLT		12
#define REASON_MONITOR_TRAP	37

#define INJECTION_VALID		(1u << 31)
#define EPT_TABLE		7
#define EPT_LEAF		(7 | 6 << 3)
#define EPT_LARGE		0x80
#define EPT_WALK_OF_FOUR	(6 | 3 << 3)

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

/* What VM entry leaves to software: offsets stand in vmx_entry.S. */
struct vmx_registers {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
};

/* In vmx_entry.S: VMLAUNCH or VMRESUME, and back at the next VM exit; false when VM entry fails. */
bool enter_with_vmx(struct vmx_registers *registers, bool launched);
#endif

#endif
