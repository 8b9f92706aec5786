/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* The two functions that gcc may call without being asked. */
#include "cpu.h"

void *memset(void *target, int value, size_t count)
{
	void *to = target;
	asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
	return target;
}

void *memcpy(void *target, const void *source, size_t count)
{
	void *to = target;
	asm volatile("rep movsb" : "+D"(to), "+S"(source), "+c"(count) : : "memory");
	return target;
}
