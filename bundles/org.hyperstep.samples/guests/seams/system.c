/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* CPUID, MSRs, the time-stamp counter, the local APIC's registers, control registers. */
#include "apic.h"
#include "registers.h"
#include "seams.h"

static void run_cpuid(void)
{
	struct cpuid_result basic = cpuid(0, 0), again = cpuid(0, 0), features = cpuid(1, 0), extended = cpuid(0x80000000, 0);
	uint64_t rax = ~0ULL, rbx = ~0ULL, rcx = 0, rdx = ~0ULL;
	expect("highest leaf", basic.eax >= 1, 1);
	expect("the same twice", basic.eax == again.eax && basic.ebx == again.ebx && basic.ecx == again.ecx
		&& basic.edx == again.edx, 1);
	expect("MSR, PAE, APIC", features.edx & (1 << 5 | 1 << 6 | 1 << 9), 1 << 5 | 1 << 6 | 1 << 9);
	expect("highest extended leaf", extended.eax >= 0x80000001, 1);
	expect("long mode", cpuid(0x80000001, 0).edx >> 29 & 1, 1);
	asm volatile("cpuid" : "+a"(rax), "+b"(rbx), "+c"(rcx), "+d"(rdx));
	expect("upper halves", (rax | rbx | rcx | rdx) >> 32, 0);
}

static void run_msr_segment_bases(void)
{
	uint64_t fs_value, gs_value;
	static uint64_t at_fs = 0x1234, at_gs = 0x5678;
	write_msr(MSR_FS_BASE, (uint64_t)&at_fs);
	write_msr(MSR_GS_BASE, 0x1111000);
	write_msr(MSR_KERNEL_GS_BASE, (uint64_t)&at_gs);
	asm volatile("swapgs");
	asm volatile("movq %%fs:0, %0\n\tmovq %%gs:0, %1" : "=&r"(fs_value), "=&r"(gs_value));
	expect("FS", fs_value, at_fs);
	expect("GS after SWAPGS", gs_value, at_gs);
	expect("KERNEL_GS_BASE", read_msr(MSR_KERNEL_GS_BASE), 0x1111000);
	expect("GS_BASE", read_msr(MSR_GS_BASE), (uint64_t)&at_gs);
	write_msr(MSR_FS_BASE, 0);
	write_msr(MSR_GS_BASE, 0);
}

static void run_msr_halves(void)
{
	uint64_t rax = ~0ULL, rdx = ~0ULL;
	write_msr(MSR_LSTAR, 0xffff8000deadbeef);
	asm volatile("rdmsr" : "+a"(rax), "+d"(rdx) : "c"(MSR_LSTAR));
	expect("RAX", rax, 0xdeadbeef);
	expect("RDX", rdx, 0xffff8000);
	expect("EFER", read_msr(MSR_EFER) & 0x500, 0x500);
}

static void run_time_stamp(void)
{
	uint64_t first = read_tsc(), second = read_tsc();
	expect("runs forwards", second >= first, 1);
}

static void run_apic_registers(void)
{
	uint32_t version = read_apic(APIC_VERSION);
	expect("version", (version & 0xff) >= 0x10 && (version & 0xff) <= 0x1f, 1);
	expect("highest LVT entry", (version >> 16 & 0xff) >= 3, 1);
	write_apic(APIC_LVT_TIMER, APIC_LVT_MASKED | APIC_LVT_PERIODIC | 0x51);
	expect("LVT timer", read_apic(APIC_LVT_TIMER), APIC_LVT_MASKED | APIC_LVT_PERIODIC | 0x51);
	write_apic(APIC_TIMER_DIVIDE, 0x3);
	expect("divide configuration", read_apic(APIC_TIMER_DIVIDE), 0x3);
	write_apic(APIC_LVT_TIMER, APIC_LVT_MASKED | VECTOR_TIMER);
}

/* CR8 is the upper half of the task priority register. */
static void run_task_priority(void)
{
	write_cr8(5);
	expect("TPR", read_apic(APIC_TPR), 0x50);
	write_apic(APIC_TPR, 0x90);
	expect("CR8", read_cr8(), 9);
	expect("PPR", read_apic(APIC_PPR), 0x90);
	write_cr8(0);
}

/* IRR when requested, ISR while served, neither after the end of interrupt. */
static void run_request_and_service(void)
{
	send_self(VECTOR_SELF);
	expect("requested", is_requested(VECTOR_SELF), 1);
	expect("not in service", read_apic(APIC_ISR + VECTOR_SELF / 32 * 16) >> VECTOR_SELF % 32 & 1, 0);
	asm volatile("sti\n\tnop\n\tnop\n\tcli" : : : "memory");
	expect("taken", event_count, 1);
	expect("no longer requested", is_requested(VECTOR_SELF), 0);
	expect("service ended", read_apic(APIC_ISR + VECTOR_SELF / 32 * 16), 0);
}

static void run_apic_by_memory_operands(void)
{
	uint32_t before, after;
	if (apic_is_x2apic())
		return;
	asm volatile("movl $0x60, (%2)\n\tmovl (%2), %0\n\tandl $0, (%2)\n\tmovl (%2), %1"
		: "=&r"(before), "=&r"(after) : "r"(0xfee00080UL) : "cc", "memory");
	expect("TPR by MOV", before, 0x60);
	expect("TPR cleared by AND", after, 0);
}

static void run_control_registers(void)
{
	uint64_t cr3 = read_cr3();
	expect("CR0: PG, WP, PE", read_cr0() & 0x80010001, 0x80010001);
	expect("CR4: PAE", read_cr4() & CR4_PAE, CR4_PAE);
	write_cr2(0xffff800012345678);
	expect("CR2", read_cr2(), 0xffff800012345678);
	write_cr3(cr3);
	expect("CR3", read_cr3(), cr3);
}

static void run_descriptor_tables(void)
{
	struct __attribute__((packed)) { uint16_t limit; uint64_t base; } table;
	uint16_t task;
	asm volatile("sgdt %0" : "=m"(table));
	expect("GDT limit", table.limit, GDT_ENTRIES * 8 - 1);
	asm volatile("sidt %0" : "=m"(table));
	expect("IDT limit", table.limit, 256 * 16 - 1);
	asm volatile("str %0" : "=r"(task));
	expect("task register", task, SELECTOR_TSS);
}

const struct seam system_seams[] = {
	{ "cpuid", run_cpuid, NULL },
	{ "msr_segment_bases", run_msr_segment_bases, NULL },
	{ "msr_halves", run_msr_halves, NULL },
	{ "time_stamp_counter", run_time_stamp, NULL },
	{ "apic_registers", run_apic_registers, NULL },
	{ "apic_task_priority", run_task_priority, NULL },
	{ "apic_request_and_service", run_request_and_service, NULL },
	{ "apic_by_memory_operands", run_apic_by_memory_operands, NULL },
	{ "control_registers", run_control_registers, NULL },
	{ "descriptor_tables", run_descriptor_tables, NULL },
	{ 0 }
};
