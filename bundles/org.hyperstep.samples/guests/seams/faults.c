/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Faults: where they point to, with what error code, and what they leave unchanged. */
#include "descriptors.h"
#include "registers.h"
#include "seams.h"

enum {
	DE = 0, UD = 6, NM = 7, NP = 11, SS = 12, GP = 13, PF = 14,
	PF_PRESENT = 1, PF_WRITE = 2, PF_RESERVED = 8, PF_FETCH = 16,
	IDT_ERROR = 2,
	LARGE_PAGE = 0x200000,
	GATE_TYPE = 5, GATE_PRESENT = 0x80
};

#define UNMAPPED	0x100000000UL
#define NON_CANONICAL	0x800000000000UL
#define EFER_NXE	0x800
#define PAGE_NO_EXECUTE	(1ULL << 63)
/* A 2 MB page that no guest uses otherwise. */
#define SPARE_PAGE	0x1000000UL

uint64_t faulting_rip;
extern uint64_t boot_pds[];

/* Executes one instruction, which faults and so changes no register; inputs may follow. */
#define FAULT(instruction, ...) \
	asm volatile("movq $1f, recovery_rip\n\tmovq $2f, faulting_rip\n2:\t" instruction "\n1:" \
		: : __VA_ARGS__ : "memory", "cc")

static void expect_fault_here(const char *what, unsigned vector, uint64_t error_code)
{
	expect("rip", events[0].rip, faulting_rip);
	expect("RF in the image", events[0].flags & RFLAGS_RF, RFLAGS_RF);
	expect_fault(what, vector, error_code);
}

static void expect_page_fault(const char *what, uint64_t error_code, uint64_t linear)
{
	expect("CR2", events[0].cr2, linear);
	expect_fault_here(what, PF, error_code);
}

static void run_divide(void)
{
	FAULT("divl %%ecx", "a"(1), "d"(0), "c"(0));
	expect_fault_here("by zero", DE, 0);
	FAULT("divl %%ecx", "a"(0), "d"(1), "c"(1));
	expect_fault_here("quotient too large", DE, 0);
	FAULT("idivl %%ecx", "a"(0x80000000), "d"(-1), "c"(-1));
	expect_fault_here("most negative by -1", DE, 0);
}

static void run_undefined(void)
{
	FAULT("ud2");
	expect_fault_here("UD2", UD, 0);
	FAULT(".byte 0xce");
	expect_fault_here("INTO in 64-bit mode", UD, 0);
	FAULT(".byte 0x17");
	expect_fault_here("POP SS in 64-bit mode", UD, 0);
	FAULT(".byte 0xf0, 0x89, 0xc0");
	expect_fault_here("LOCK MOV", UD, 0);
	FAULT(".byte 0x8e, 0xc8");
	expect_fault_here("MOV to CS", UD, 0);
	FAULT(".byte 0x0f, 0xff, 0xc0");
	expect_fault_here("UD0", UD, 0);
}

static void run_too_long(void)
{
	FAULT(".fill 15, 1, 0x66\n\tnop");
	expect_fault_here("16 bytes", GP, 0);
	asm volatile(".fill 14, 1, 0x66\n\tnop");
	expect("15 bytes", event_count, 0);
}

static void run_non_canonical(void)
{
	FAULT("movl (%%rcx), %%eax", "c"(NON_CANONICAL));
	expect_fault_here("through DS", GP, 0);
	/* Through RBP as base, the default segment is SS; C's frame pointer has to come back. */
	asm volatile("movq $1f, recovery_rip\n\tpushq %%rbp\n\tmovq %%rcx, %%rbp\n\tmovl (%%rbp), %%eax\n1:\tpopq %%rbp"
		: : "c"(NON_CANONICAL) : "rax", "memory");
	expect_fault("through RBP", SS, 0);
}

static void run_selectors(void)
{
	FAULT("movl %%ecx, %%ds", "c"(0xfff8));
	expect_fault_here("beyond the GDT", GP, 0xfff8);
	FAULT("movl %%ecx, %%es", "c"(SELECTOR_NOT_PRESENT));
	expect_fault_here("not present", NP, SELECTOR_NOT_PRESENT);
	FAULT("movl %%ecx, %%ss", "c"(SELECTOR_NOT_PRESENT));
	expect_fault_here("stack not present", SS, SELECTOR_NOT_PRESENT);
	FAULT("movl %%ecx, %%ss", "c"(SELECTOR_USER_DATA | 3));
	expect_fault_here("stack of another level", GP, SELECTOR_USER_DATA);
	FAULT("movl %%ecx, %%ds", "c"(SELECTOR_TSS));
	expect_fault_here("a TSS as data", GP, SELECTOR_TSS);
	FAULT("ltr %%cx", "c"(SELECTOR_TSS));
	expect_fault_here("a busy TSS", GP, SELECTOR_TSS);
	FAULT("lldt %%cx", "c"(SELECTOR_DATA));
	expect_fault_here("data as LDT", GP, SELECTOR_DATA);
}

static void run_gates(void)
{
	FAULT("int %0", "i"(VECTOR_ABSENT));
	expect_fault_here("INT through an empty gate", GP, VECTOR_ABSENT * 8 + IDT_ERROR);
	set_gate(VECTOR_ABSENT, abandoned, 0);
	gate_of(VECTOR_ABSENT)[GATE_TYPE] &= ~GATE_PRESENT;
	FAULT("int %0", "i"(VECTOR_ABSENT));
	expect_fault_here("INT through a gate that is not present", NP, VECTOR_ABSENT * 8 + IDT_ERROR);
	gate_of(VECTOR_ABSENT)[GATE_TYPE] = 0;
}

static void run_control_registers(void)
{
	uint64_t cr0 = read_cr0();
	FAULT("movq %%rcx, %%cr0", "c"((cr0 | CR0_NW) & ~(uint64_t)CR0_CD));
	expect_fault_here("NW without CD", GP, 0);
	FAULT("movq %%rcx, %%cr4", "c"(read_cr4() | 1ULL << 31));
	expect_fault_here("reserved bit of CR4", GP, 0);
	FAULT("movq %%rcx, %%cr8", "c"(0x10));
	expect_fault_here("reserved bit of CR8", GP, 0);
	FAULT("movq %%rcx, %%dr7", "c"(1ULL << 32));
	expect_fault_here("upper half of DR7", GP, 0);
	expect("CR0", read_cr0(), cr0);
}

static void run_msrs(void)
{
	FAULT("rdmsr", "c"(0x4000dead));
	expect_fault_here("RDMSR of none", GP, 0);
	FAULT("wrmsr", "c"(MSR_EFER), "a"(0xffffffff), "d"(0xffffffff));
	expect_fault_here("reserved bits of EFER", GP, 0);
	FAULT("wrmsr", "c"(MSR_FS_BASE), "a"(0), "d"(0x8000));
	expect_fault_here("non-canonical FS.base", GP, 0);
}

static void run_page_faults(void)
{
	FAULT("movl (%%rcx), %%eax", "c"(UNMAPPED + 0x123));
	expect_page_fault("read of nothing", 0, UNMAPPED + 0x123);
	FAULT("movl %%eax, (%%rcx)", "c"(UNMAPPED + 8));
	expect_page_fault("write to nothing", PF_WRITE, UNMAPPED + 8);
	FAULT("addl $1, (%%rcx)", "c"(UNMAPPED + 8));
	expect_page_fault("read and write of nothing", PF_WRITE, UNMAPPED + 8);
	FAULT("movq (%%rcx), %%rax", "c"(UNMAPPED - 4));
	expect_page_fault("across the end", 0, UNMAPPED);
}

static volatile uint64_t *spare_entry(void)
{
	return &boot_pds[SPARE_PAGE / LARGE_PAGE];
}

static void set_spare_entry(uint64_t entry)
{
	*spare_entry() = entry;
	asm volatile("invlpg (%0)" : : "r"(SPARE_PAGE) : "memory");
}

static void run_protection(void)
{
	uint64_t original = *spare_entry() & ~0x60ULL;		/* without the accessed and dirty bits */
	set_spare_entry(original & ~(uint64_t)PF_WRITE);
	FAULT("movb %%al, (%%rcx)", "c"(SPARE_PAGE));
	expect_page_fault("write to a read-only page", PF_PRESENT | PF_WRITE, SPARE_PAGE);
	write_cr0(read_cr0() & ~(uint64_t)CR0_WP);
	*(volatile uint8_t *)SPARE_PAGE = 1;
	expect("without CR0.WP", event_count, 0);
	write_cr0(read_cr0() | CR0_WP);
	FAULT("movb %%al, (%%rcx)", "c"(SPARE_PAGE));
	expect_page_fault("with it again", PF_PRESENT | PF_WRITE, SPARE_PAGE);
	set_spare_entry(original | 1 << 13);
	FAULT("movb (%%rcx), %%al", "c"(SPARE_PAGE));
	expect_page_fault("reserved bit", PF_PRESENT | PF_RESERVED, SPARE_PAGE);
	set_spare_entry(original);
}

static void run_no_execute(void)
{
	uint64_t original = *spare_entry() & ~0x60ULL;
	write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NXE);
	*(volatile uint8_t *)SPARE_PAGE = 0xc3;
	set_spare_entry(original | PAGE_NO_EXECUTE);
	asm volatile("movq $1f, recovery_rip\n\tmovq %%rcx, faulting_rip\n\tpushq %%rbp\n\tmovq %%rsp, %%rbp\n\tcall *%%rcx\n"
		"1:\tmovq %%rbp, %%rsp\n\tpopq %%rbp" : : "c"(SPARE_PAGE) : "rax", "rdx", "memory");
	expect_page_fault("fetch", PF_PRESENT | PF_FETCH, SPARE_PAGE);
	set_spare_entry(original);
	write_msr(MSR_EFER, read_msr(MSR_EFER) & ~(uint64_t)EFER_NXE);
}

static void run_accessed_and_dirty(void)
{
	uint64_t original = *spare_entry() & ~0x60ULL;
	set_spare_entry(original);
	(void)*(volatile uint8_t *)SPARE_PAGE;
	expect("after a read", *spare_entry() & 0x60, 0x20);
	*(volatile uint8_t *)SPARE_PAGE = 1;
	expect("after a write", *spare_entry() & 0x60, 0x60);
}

/* INVLPG makes a new translation be seen. */
static void run_invlpg(void)
{
	uint64_t original = *spare_entry();
	*(volatile uint64_t *)SPARE_PAGE = 0x1111;
	*(volatile uint64_t *)(SPARE_PAGE + LARGE_PAGE) = 0x2222;
	expect("before", *(volatile uint64_t *)SPARE_PAGE, 0x1111);
	set_spare_entry(original + LARGE_PAGE);
	expect("after", *(volatile uint64_t *)SPARE_PAGE, 0x2222);
	set_spare_entry(original);
	expect("back", *(volatile uint64_t *)SPARE_PAGE, 0x1111);
}

/* A fault in the middle of a string instruction leaves the registers at the element it is about. */
static void run_fault_in_rep(void)
{
	FAULT("rep stosb", "a"(0), "c"(16), "D"(UNMAPPED - 4));
	expect("RCX", events[0].rcx, 12);
	expect("RDI", events[0].rdi, UNMAPPED);
	expect_page_fault("store", PF_WRITE, UNMAPPED);
}

static void run_device_not_available(void)
{
	uint64_t cr0 = read_cr0();
	write_cr0(cr0 | 8);
	FAULT("fnop");
	expect_fault_here("CR0.TS", NM, 0);
	asm volatile("clts");
	expect("CLTS", read_cr0(), cr0 & ~8ULL);
	write_cr0(cr0);
}

/* An exception while a contributory one is delivered: #NP of #GP's gate gives #DF, on its own stack. */
static void run_double_fault(void)
{
	gate_of(GP)[GATE_TYPE] &= ~GATE_PRESENT;
	FAULT("movl (%%rcx), %%eax", "c"(NON_CANONICAL));
	gate_of(GP)[GATE_TYPE] |= GATE_PRESENT;
	expect_fault("#DF", 8, 0);
}

const struct seam fault_seams[] = {
	{ "fault_divide", run_divide, NULL },
	{ "fault_undefined", run_undefined, NULL },
	{ "fault_too_long", run_too_long, NULL },
	{ "fault_non_canonical", run_non_canonical, NULL },
	{ "fault_selectors", run_selectors, NULL },
	{ "fault_gates", run_gates, NULL },
	{ "fault_control_registers", run_control_registers, NULL },
	{ "fault_msrs", run_msrs, NULL },
	{ "page_faults", run_page_faults, NULL },
	{ "page_protection", run_protection, NULL },
	{ "page_no_execute", run_no_execute, NULL },
	{ "page_accessed_and_dirty", run_accessed_and_dirty, NULL },
	{ "page_invlpg", run_invlpg, NULL },
	{ "fault_in_rep", run_fault_in_rep, NULL },
	{ "device_not_available", run_device_not_available, NULL },
	{ "double_fault", run_double_fault, NULL },
	{ 0 }
};
