/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Control and debug registers. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "cpu.h"

#define DEFINE_REGISTER(name) \
	static inline uint64_t read_##name(void) \
	{ \
		uint64_t value; \
		asm volatile("movq %%" #name ", %0" : "=r"(value) : : "memory"); \
		return value; \
	} \
	static inline void write_##name(uint64_t value) \
	{ \
		asm volatile("movq %0, %%" #name : : "r"(value) : "memory"); \
	}

DEFINE_REGISTER(cr0)
DEFINE_REGISTER(cr2)
DEFINE_REGISTER(cr3)
DEFINE_REGISTER(cr4)
DEFINE_REGISTER(cr8)
DEFINE_REGISTER(dr0)
DEFINE_REGISTER(dr1)
DEFINE_REGISTER(dr2)
DEFINE_REGISTER(dr3)
DEFINE_REGISTER(dr6)
DEFINE_REGISTER(dr7)

/* How DR7's R/W and LEN fields code what a breakpoint is for. */
enum breakpoint_kind { ON_EXECUTION = 0, ON_WRITE = 1, ON_PORT = 2, ON_ACCESS = 3 };
enum breakpoint_length { LENGTH_1 = 0, LENGTH_2 = 1, LENGTH_4 = 3, LENGTH_8 = 2 };

#define DR7_CLEAR	0x400
#define DR7_GD		0x2000

static inline void set_breakpoint(unsigned index, const volatile void *linear, enum breakpoint_kind kind,
	enum breakpoint_length length)
{
	uint64_t at = (uint64_t)linear;
	switch (index) {
	case 0: write_dr0(at); break;
	case 1: write_dr1(at); break;
	case 2: write_dr2(at); break;
	default: write_dr3(at); break;
	}
	write_dr7(read_dr7() | 1u << 2 * index | (uint64_t)(kind | length << 2) << (16 + 4 * index));
}

#endif
