/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The inner guest under Intel's VMX. */
#include "console.h"
#include "descriptors.h"
#include "guest.h"
#include "nested.h"
#include "vmx.h"

static uint32_t vmxon_region[PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));
static uint32_t vmcs_region[PAGE_SIZE / 4] __attribute__((aligned(PAGE_SIZE)));
/* EPT: 512 GB, one to one, by pages of 1 GB. */
static uint64_t ept_root[512] __attribute__((aligned(PAGE_SIZE)));
static uint64_t ept_pointers[512] __attribute__((aligned(PAGE_SIZE)));
/* The hypervisor's own TSS has no selector in the GDT that VM exits need: TR is described in the VMCS alone. */
static uint8_t task_state[104] __attribute__((aligned(8)));
static uint64_t stepped_rip;
static uint64_t steps_wanted;

static bool take_pointer_vmxon(uint64_t region)
{
	bool failed;
	asm volatile("vmxon %1" : "=@ccbe"(failed) : "m"(region) : "memory");
	return !failed;
}

static bool take_pointers(void)
{
	uint64_t region = (uint64_t)vmcs_region;
	bool clear_failed, load_failed;
	asm volatile("vmclear %1" : "=@ccbe"(clear_failed) : "m"(region) : "memory");
	asm volatile("vmptrld %1" : "=@ccbe"(load_failed) : "m"(region) : "memory");
	return !clear_failed && !load_failed;
}

static void write_field(uint64_t encoding, uint64_t value)
{
	asm volatile("vmwrite %1, %0" : : "r"(encoding), "r"(value) : "cc");
}

static uint64_t read_field(uint64_t encoding)
{
	uint64_t value;
	asm volatile("vmread %1, %0" : "=r"(value) : "r"(encoding) : "cc");
	return value;
}

/* Controls that are wanted, and those that the capability MSR says must be 1. */
static void write_controls(uint64_t encoding, uint32_t capability, uint32_t wanted)
{
	uint64_t allowed = read_msr(capability);
	write_field(encoding, (wanted | (uint32_t)allowed) & allowed >> 32);
}

struct __attribute__((packed)) table_register {
	uint16_t limit;
	uint64_t base;
};

#define READ_CONTROL(name) ({ uint64_t value; asm volatile("mov %%" #name ", %0" : "=r"(value)); value; })

static void fill_tables(void)
{
	struct table_register gdtr, idtr;
	asm volatile("sgdt %0\n\tsidt %1" : "=m"(gdtr), "=m"(idtr));
	write_field(GUEST_GDTR_BASE, gdtr.base);
	write_field(GUEST_GDTR_LIMIT, gdtr.limit);
	write_field(GUEST_IDTR_BASE, idtr.base);
	write_field(GUEST_IDTR_LIMIT, idtr.limit);
	write_field(HOST_GDTR_BASE, gdtr.base);
	write_field(HOST_IDTR_BASE, idtr.base);
}

static void fill_segments(void)
{
	for (unsigned i = 0; i < 8; i++) {
		write_field(GUEST_ES_SELECTOR + 2 * i, i == 1 ? SELECTOR_CODE64 : i < 6 ? SELECTOR_DATA : 0);
		write_field(GUEST_ES_LIMIT + 2 * i, i < 6 ? 0xffffffff : sizeof task_state - 1);
		write_field(GUEST_ES_RIGHTS + 2 * i, i == 1 ? 0xa09b : i < 6 ? 0xc093 : i == 6 ? 0x10000 : 0x8b);
		if (i < 6)
			write_field(HOST_ES_SELECTOR + 2 * i, i == 1 ? SELECTOR_CODE64 : SELECTOR_DATA);
	}
	write_field(GUEST_TR_SELECTOR, SELECTOR_DATA);
	write_field(HOST_TR_SELECTOR, SELECTOR_DATA);
	write_field(HOST_TR_BASE, (uint64_t)task_state);
}

static void fill_state(void)
{
	fill_tables();
	fill_segments();
	write_field(GUEST_CR0, READ_CONTROL(cr0));
	write_field(GUEST_CR3, READ_CONTROL(cr3));
	write_field(GUEST_CR4, READ_CONTROL(cr4));
	write_field(HOST_CR0, READ_CONTROL(cr0));
	write_field(HOST_CR3, READ_CONTROL(cr3));
	write_field(HOST_CR4, READ_CONTROL(cr4));
	write_field(GUEST_EFER, read_msr(MSR_EFER));
	write_field(HOST_EFER, read_msr(MSR_EFER));
	write_field(GUEST_DR7, 0x400);
	write_field(VMCS_LINK_POINTER, ~0ull);
	write_field(GUEST_RFLAGS, RFLAGS_ALWAYS_ONE | RFLAGS_IF);
	write_field(GUEST_RIP, (uint64_t)inner_guest);
	write_field(GUEST_RSP, (uint64_t)inner_stack_end - 8);
}

static void fill_controls(void)
{
	uint32_t trap = steps_wanted ? MONITOR_TRAP_FLAG : 0;
	write_controls(PIN_BASED_CONTROLS, MSR_VMX_TRUE_PINBASED, EXTERNAL_INTERRUPT_EXITING);
	write_controls(PRIMARY_CONTROLS, MSR_VMX_TRUE_PROCBASED, HLT_EXITING | ACTIVATE_SECONDARY_CONTROLS | trap);
	write_controls(SECONDARY_CONTROLS, MSR_VMX_PROCBASED_2, ENABLE_EPT);
	write_controls(EXIT_CONTROLS, MSR_VMX_TRUE_EXIT, HOST_ADDRESS_SPACE_SIZE | SAVE_EFER | LOAD_HOST_EFER);
	write_controls(ENTRY_CONTROLS, MSR_VMX_TRUE_ENTRY, IA_32E_MODE_GUEST | LOAD_GUEST_EFER);
	ept_root[0] = (uint64_t)ept_pointers | EPT_TABLE;
	for (uint64_t i = 0; i < 512; i++)
		ept_pointers[i] = i << 30 | EPT_LARGE | EPT_LEAF;
	write_field(EPT_POINTER, (uint64_t)ept_root | EPT_WALK_OF_FOUR);
}

static void answer_cpuid(struct vmx_registers *registers)
{
	unsigned inject;
	registers->rax = answer_call((uint32_t)registers->rax, (uint32_t)registers->rcx, &inject);
	registers->rbx = registers->rcx = registers->rdx = 0;
	write_field(GUEST_RIP, read_field(GUEST_RIP) + read_field(EXIT_LENGTH));
	if (inject)
		write_field(ENTRY_INTERRUPTION, INJECTION_VALID | inject);
}

/* A step of the inner guest by the hypervisor's own monitor trap flag. */
static void count_step(void)
{
	uint64_t rip = read_field(GUEST_RIP);
	if (rip == stepped_rip)
		exits.unexpected++;
	stepped_rip = rip;
	if (++exits.steps == steps_wanted)
		write_field(PRIMARY_CONTROLS, read_field(PRIMARY_CONTROLS) & ~(uint64_t)MONITOR_TRAP_FLAG);
}

/* Handles the exit; false when the inner guest is done. */
static bool handle_exit(struct vmx_registers *registers)
{
	switch (read_field(EXIT_REASON)) {
	case REASON_INTERRUPT:
		exits.interrupts++;
		/* It was not acknowledged: it is taken here, by the host's own flag. */
		interrupts_on();
		asm volatile("nop");
		interrupts_off();
		return true;
	case REASON_CPUID:
		answer_cpuid(registers);
		return true;
	case REASON_MONITOR_TRAP:
		count_step();
		return true;
	case REASON_HLT:
		return false;
	default:
		exits.unexpected++;
		print("exit ");
		print_hex(read_field(EXIT_REASON));
		print("\n");
		return false;
	}
}

static bool start_vmx_operation(void)
{
	uint64_t cr0 = READ_CONTROL(cr0) | CR0_NE, cr4 = READ_CONTROL(cr4) | CR4_VMXE;
	asm volatile("mov %0, %%cr0\n\tmov %1, %%cr4" : : "r"(cr0), "r"(cr4));
	vmxon_region[0] = vmcs_region[0] = (uint32_t)read_msr(MSR_VMX_BASIC);
	return take_pointer_vmxon((uint64_t)vmxon_region) && take_pointers();
}

bool run_with_vmx(uint64_t steps)
{
	if (!(cpuid(1, 0).ecx >> 5 & 1))
		return false;
	print("Hyperstep nested: VMX\n");
	steps_wanted = steps;
	if (!start_vmx_operation())
		return false;
	fill_state();
	fill_controls();
	struct vmx_registers registers = { 0 };
	bool launched = false, goes_on;
	interrupts_off();
	do {
		if (!enter_with_vmx(&registers, launched)) {
			print("VM entry fails: ");
			print_decimal(read_field(INSTRUCTION_ERROR));
			print("\n");
			exits.unexpected++;
			break;
		}
		launched = true;
		goes_on = handle_exit(&registers);
	} while (goes_on);
	asm volatile("vmxoff" : : : "cc");
	return true;
}
