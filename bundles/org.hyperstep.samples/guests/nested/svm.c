/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The inner guest under AMD's SVM. */
#include "console.h"
#include "descriptors.h"
#include "nested.h"
#include "svm.h"

static uint8_t control_block[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t host_save_area[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
/* Nested paging: 512 GB, one to one, by pages of 1 GB. */
static uint64_t nested_root[512] __attribute__((aligned(PAGE_SIZE)));
static uint64_t nested_pointers[512] __attribute__((aligned(PAGE_SIZE)));

static volatile uint64_t *field(unsigned offset)
{
	return (volatile uint64_t *)(control_block + offset);
}

static void set_segment(unsigned offset, uint16_t selector, uint16_t attributes)
{
	*field(offset) = selector | (uint64_t)attributes << 16 | 0xffffffffull << 32;
	*field(offset + 8) = 0;
}

struct __attribute__((packed)) table_register {
	uint16_t limit;
	uint64_t base;
};

static void copy_descriptor_tables(void)
{
	struct table_register gdtr, idtr;
	asm volatile("sgdt %0\n\tsidt %1" : "=m"(gdtr), "=m"(idtr));
	*field(VMCB_GDTR) = (uint64_t)gdtr.limit << 32;
	*field(VMCB_GDTR + 8) = gdtr.base;
	*field(VMCB_IDTR) = (uint64_t)idtr.limit << 32;
	*field(VMCB_IDTR + 8) = idtr.base;
}

#define READ_CONTROL(name) ({ uint64_t value; asm volatile("mov %%" #name ", %0" : "=r"(value)); value; })

static void fill_state(void)
{
	set_segment(VMCB_ES, SELECTOR_DATA, 0xc93);
	set_segment(VMCB_CS, SELECTOR_CODE64, 0xa9b);
	set_segment(VMCB_SS, SELECTOR_DATA, 0xc93);
	set_segment(VMCB_DS, SELECTOR_DATA, 0xc93);
	copy_descriptor_tables();
	*field(VMCB_EFER) = read_msr(MSR_EFER);
	*field(VMCB_CR0) = READ_CONTROL(cr0);
	*field(VMCB_CR3) = READ_CONTROL(cr3);
	*field(VMCB_CR4) = READ_CONTROL(cr4);
	*field(VMCB_DR6) = 0xffff0ff0;
	*field(VMCB_DR7) = 0x400;
	*field(VMCB_PAT) = read_msr(MSR_PAT);
	*field(VMCB_RFLAGS) = RFLAGS_ALWAYS_ONE | RFLAGS_IF;
	*field(VMCB_RIP) = (uint64_t)inner_guest;
	*field(VMCB_RSP) = (uint64_t)inner_stack_end - 8;
}

static void fill_controls(void)
{
	*field(VMCB_INTERCEPTS_3) = 1ull << INTERCEPT_INTR | 1ull << INTERCEPT_CPUID | 1ull << INTERCEPT_HLT
		| 1ull << INTERCEPT_SHUTDOWN | 1ull << INTERCEPT_VMRUN;
	*field(VMCB_ASID) = 1;
	*field(VMCB_VIRTUAL_INTERRUPT) = V_INTR_MASKING;
	nested_root[0] = (uint64_t)nested_pointers | PAGE_PRESENT_WRITE_USER;
	for (uint64_t i = 0; i < 512; i++)
		nested_pointers[i] = i << 30 | PAGE_LARGE | PAGE_PRESENT_WRITE_USER;
	*field(VMCB_NESTED_PAGING) = 1;
	*field(VMCB_NESTED_CR3) = (uint64_t)nested_root;
}

static void answer_cpuid(struct inner_registers *registers)
{
	unsigned inject;
	uint32_t number = (uint32_t)registers->rcx;
	*field(VMCB_RAX) = answer_call((uint32_t)*field(VMCB_RAX), number, &inject);
	registers->rbx = registers->rcx = registers->rdx = 0;
	*field(VMCB_RIP) += 2;
	if (inject)
		*field(VMCB_EVENT) = EVENT_VALID | inject;
}

/* Handles the exit; false when the inner guest is done. */
static bool handle_exit(struct inner_registers *registers)
{
	switch (*field(VMCB_EXIT_CODE)) {
	case EXIT_INTR:
		exits.interrupts++;
		return true;
	case EXIT_CPUID:
		answer_cpuid(registers);
		return true;
	case EXIT_HLT:
		return false;
	default:
		exits.unexpected++;
		print("exit ");
		print_hex(*field(VMCB_EXIT_CODE));
		print("\n");
		return false;
	}
}

bool run_with_svm(void)
{
	if (!(cpuid(0x80000001, 0).ecx >> 2 & 1))
		return false;
	print("Hyperstep nested: SVM\n");
	write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_SVME);
	write_msr(MSR_VM_HSAVE_PA, (uint64_t)host_save_area);
	fill_state();
	fill_controls();
	struct inner_registers registers = { 0 };
	/* With GIF clear the interrupt that ends VMRUN waits for STGI, and is taken by the host's flag there. */
	interrupts_on();
	bool goes_on;
	do {
		enter_with_svm(control_block, &registers);
		goes_on = handle_exit(&registers);
	} while (goes_on);
	interrupts_off();
	return true;
}
