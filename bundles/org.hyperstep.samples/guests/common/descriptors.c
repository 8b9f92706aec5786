/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "descriptors.h"

#include "console.h"
#include "guest.h"

struct table_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t stack_table;
	uint8_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

struct task_state {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map_base;
} __attribute__((packed));

enum { GATE_INTERRUPT64 = 0x8e, DOUBLE_FAULT = 8, EXCEPTIONS = 32 };

/* In vectors.S: the entries of the exceptions 0 to 31, 16 bytes apart. */
extern char exception_entries[];

uint64_t gdt[GDT_ENTRIES] = {
	[SELECTOR_CODE32 / 8] = 0x00cf9b000000ffff,
	[SELECTOR_CODE64 / 8] = 0x00af9b000000ffff,
	[SELECTOR_DATA / 8] = 0x00cf93000000ffff,
	[SELECTOR_USER_CODE32 / 8] = 0x00cffb000000ffff,
	[SELECTOR_USER_DATA / 8] = 0x00cff3000000ffff,
	[SELECTOR_USER_CODE64 / 8] = 0x00affb000000ffff,
	[SELECTOR_NOT_PRESENT / 8] = 0x00cf13000000ffff,
};

const struct table_pointer gdt_pointer = { sizeof gdt - 1, (uint64_t)gdt };

static struct gate idt[256];
static struct task_state tss;
static uint8_t privilege_stack[8192] __attribute__((aligned(16)));
static uint8_t double_fault_stack[4096] __attribute__((aligned(16)));
static interrupt_handler handlers[256];

static void set_gate_offset(unsigned vector, uint64_t offset, unsigned privilege)
{
	idt[vector] = (struct gate) {
		.offset_low = (uint16_t)offset,
		.selector = SELECTOR_CODE64,
		.stack_table = vector == DOUBLE_FAULT ? 1 : 0,
		.type = (uint8_t)(GATE_INTERRUPT64 | privilege << 5),
		.offset_middle = (uint16_t)(offset >> 16),
		.offset_high = (uint32_t)(offset >> 32),
	};
}

void set_gate(unsigned vector, void (*entry)(void), unsigned privilege)
{
	set_gate_offset(vector, (uint64_t)entry, privilege);
}

uint8_t *gate_of(unsigned vector)
{
	return (uint8_t *)&idt[vector];
}

void set_handler(unsigned vector, interrupt_handler handler)
{
	handlers[vector] = handler;
}

static void report_exception(const struct interrupt_frame *frame)
{
	uint64_t cr2;
	asm volatile("movq %%cr2, %0" : "=r"(cr2));
	print("unexpected exception ");
	print_decimal(frame->vector);
	print(" error ");
	print_hex(frame->error_code);
	print(" rip ");
	print_hex(frame->rip);
	print(" cr2 ");
	print_hex(cr2);
	print("\n");
	exit_guest(EXIT_UNEXPECTED_EXCEPTION);
}

/* Called by exception_common in vectors.S. */
void dispatch_exception(struct interrupt_frame *frame)
{
	interrupt_handler handler = handlers[frame->vector];
	if (handler)
		handler(frame);
	else
		report_exception(frame);
}

static void load_task_register(void)
{
	uint64_t base = (uint64_t)&tss;
	tss.rsp[0] = (uint64_t)(privilege_stack + sizeof privilege_stack);
	tss.ist[0] = (uint64_t)(double_fault_stack + sizeof double_fault_stack);
	tss.io_map_base = sizeof tss;
	gdt[SELECTOR_TSS / 8] = (sizeof tss - 1) | (base & 0xffffff) << 16 | 0x89ULL << 40 | (base >> 24 & 0xff) << 56;
	gdt[SELECTOR_TSS / 8 + 1] = base >> 32;
	asm volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

void load_descriptors(void)
{
	struct table_pointer idt_pointer = { sizeof idt - 1, (uint64_t)idt };
	for (unsigned vector = 0; vector < EXCEPTIONS; vector++)
		set_gate_offset(vector, (uint64_t)exception_entries + 16 * vector, 0);
	load_task_register();
	asm volatile("lidt %0" : : "m"(idt_pointer));
}
