/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* PUSHF and POPF in their widths, and the flags that they may and may not change. */
#include "seams.h"

#define RFLAGS_IOPL	0x00003000
#define RFLAGS_NT	0x00004000
#define RFLAGS_VM	0x00020000
#define RFLAGS_ID	0x00200000
#define ARITHMETIC	0x000008d5

/* Loads RFLAGS and stores it again. */
static uint64_t through_popfq(uint64_t flags)
{
	uint64_t result;
	asm volatile("pushq %1\n\tpopfq\n\tpushfq\n\tpopq %0\n\tpushq $2\n\tpopfq" : "=r"(result) : "r"(flags) : "cc", "memory");
	return result;
}

static void run_popfq(void)
{
	expect("all arithmetic flags", through_popfq(ARITHMETIC | 2), ARITHMETIC | 2);
	expect("none", through_popfq(0), 2);
	expect("reserved bits", through_popfq(0xffffffffffc0802a & ~(uint64_t)IMAGE_FLAGS), 2);
	expect("RF and VM", through_popfq(RFLAGS_RF | RFLAGS_VM), 2);
	expect("IOPL, NT, DF, AC, ID", through_popfq(RFLAGS_IOPL | RFLAGS_NT | RFLAGS_DF | RFLAGS_AC | RFLAGS_ID),
		RFLAGS_IOPL | RFLAGS_NT | RFLAGS_DF | RFLAGS_AC | RFLAGS_ID | 2);
}

static void run_popfw(void)
{
	uint64_t result, before, after;
	asm volatile("pushq %3\n\tpopfq\n\tmovq %%rsp, %1\n\tpushw $0x8d5\n\tpopfw\n\tmovq %%rsp, %2\n\t"
		"pushfq\n\tpopq %0\n\tpushq $2\n\tpopfq"
		: "=&r"(result), "=&r"(before), "=&r"(after) : "r"((uint64_t)(RFLAGS_AC | RFLAGS_ID)) : "cc", "memory");
	expect("upper half kept", result, RFLAGS_AC | RFLAGS_ID | ARITHMETIC | 2);
	expect("stack pointer", before, after);
}

static void run_pushfw(void)
{
	uint64_t depth;
	uint16_t image;
	asm volatile("pushq $0x0c5\n\tpopfq\n\tmovq %%rsp, %0\n\tpushfw\n\tsubq %%rsp, %0\n\tpopw %1\n\tpushq $2\n\tpopfq"
		: "=&r"(depth), "=&r"(image) : : "cc", "memory");
	expect("bytes pushed", depth, 2);
	expect("image", image & 0xd5, 0xc5 & 0xd5);
}

static void run_single_flags(void)
{
	uint64_t set, cleared, inverted;
	asm volatile("stc\n\tstd\n\tpushfq\n\tpopq %0\n\tclc\n\tcld\n\tpushfq\n\tpopq %1\n\tcmc\n\tpushfq\n\tpopq %2"
		: "=&r"(set), "=&r"(cleared), "=&r"(inverted) : : "cc", "memory");
	expect("STC, STD", set & (RFLAGS_CF | RFLAGS_DF), RFLAGS_CF | RFLAGS_DF);
	expect("CLC, CLD", cleared & (RFLAGS_CF | RFLAGS_DF), 0);
	expect("CMC", inverted & RFLAGS_CF, RFLAGS_CF);
}

static void run_lahf_sahf(void)
{
	uint64_t loaded, flags;
	asm volatile("movl $0xff00, %%eax\n\tsahf\n\tpushfq\n\tpopq %1\n\tmovl $0, %%eax\n\tlahf\n\tmovq %%rax, %0"
		: "=&r"(loaded), "=&r"(flags) : : "rax", "cc", "memory");
	expect("SAHF", flags & 0xff, 0xd7);
	expect("LAHF", loaded, 0xd700);
}

/* Carries through all widths, with the auxiliary carry. */
static void run_arithmetic(void)
{
	uint64_t flags;
	asm volatile("movb $0x0f, %%al\n\taddb $1, %%al\n\tpushfq\n\tpopq %0" : "=r"(flags) : : "rax", "cc", "memory");
	expect("ADD 8: 0f + 1", flags & ARITHMETIC, 0x10);
	asm volatile("movw $0x7fff, %%ax\n\taddw $1, %%ax\n\tpushfq\n\tpopq %0" : "=r"(flags) : : "rax", "cc", "memory");
	expect("ADD 16: 7fff + 1", flags & ARITHMETIC, 0x894);
	asm volatile("movl $0, %%eax\n\tsubl $1, %%eax\n\tpushfq\n\tpopq %0" : "=r"(flags) : : "rax", "cc", "memory");
	expect("SUB 32: 0 - 1", flags & ARITHMETIC, 0x095);
	asm volatile("movq $-1, %%rax\n\tstc\n\tadcq $0, %%rax\n\tpushfq\n\tpopq %0" : "=r"(flags) : : "rax", "cc", "memory");
	expect("ADC 64: -1 + 0 + CF", flags & ARITHMETIC, 0x055);
	asm volatile("movl $0x80000000, %%eax\n\tnegl %%eax\n\tpushfq\n\tpopq %0" : "=r"(flags) : : "rax", "cc", "memory");
	expect("NEG 32: 80000000", flags & ARITHMETIC, 0x885);
	asm volatile("movl $0xff, %%eax\n\tstc\n\tincb %%al\n\tpushfq\n\tpopq %0" : "=r"(flags) : : "rax", "cc", "memory");
	expect("INC 8: ff keeps CF", flags & ARITHMETIC, 0x055);
}

const struct seam flag_seams[] = {
	{ "popfq", run_popfq, NULL },
	{ "popfw", run_popfw, NULL },
	{ "pushfw", run_pushfw, NULL },
	{ "single_flags", run_single_flags, NULL },
	{ "lahf_sahf", run_lahf_sahf, NULL },
	{ "arithmetic_flags", run_arithmetic, NULL },
	{ 0 }
};
