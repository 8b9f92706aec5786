/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* String instructions: repetition, direction, overlap, ports. */
#include "console.h"
#include "seams.h"

#define SCRATCH_REGISTER	(COM1 + 7)

static uint8_t text[32];

static void fill_text(void)
{
	for (unsigned i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)i;
}

/* Moving up by one within itself repeats the first byte. */
static void run_movsb_overlapping(void)
{
	uint8_t *to = text + 1, *from = text;
	uint64_t count = 8;
	fill_text();
	text[0] = 0x55;
	asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
	for (unsigned i = 0; i < 9; i++)
		expect("byte", text[i], 0x55);
	expect("next byte", text[9], 9);
	expect("RDI", (uint64_t)(to - text), 9);
	expect("RSI", (uint64_t)(from - text), 8);
	expect("RCX", count, 0);
}

static void run_movsw_backwards(void)
{
	uint8_t *to = text + 20, *from = text + 10;
	uint64_t count = 4;
	fill_text();
	asm volatile("std\n\trep movsw\n\tcld" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
	expect("RDI", (uint64_t)(to - text), 12);
	expect("RSI", (uint64_t)(from - text), 2);
	expect("first", text[14] << 8 | text[15], 0x0405);
	expect("last", text[20] << 8 | text[21], 0x0a0b);
}

static void run_stosq(void)
{
	uint8_t *to = text;
	uint64_t count = 3;
	fill_text();
	asm volatile("rep stosq" : "+D"(to), "+c"(count) : "a"(0x0102030405060708) : "memory");
	expect("first", text[0], 8);
	expect("last", text[23], 1);
	expect("beyond", text[24], 24);
	expect("RDI", (uint64_t)(to - text), 24);
}

static void run_scasb(void)
{
	uint8_t *at = text;
	uint64_t count = 32;
	uint8_t found;
	fill_text();
	asm volatile("repne scasb\n\tsete %2" : "+D"(at), "+c"(count), "=q"(found) : "a"(9) : "cc", "memory");
	expect("RDI", (uint64_t)(at - text), 10);
	expect("RCX", count, 22);
	expect("found", found, 1);
}

static void run_cmpsb(void)
{
	uint8_t *a = text, *b = text + 16;
	uint64_t count = 16;
	uint8_t below;
	fill_text();
	for (unsigned i = 0; i < 16; i++)
		text[16 + i] = text[i];
	text[16 + 5] = 0xff;
	asm volatile("repe cmpsb\n\tsetb %3" : "+S"(a), "+D"(b), "+c"(count), "=q"(below) : : "cc", "memory");
	expect("RCX", count, 10);
	expect("below", below, 1);
}

/* With a count of zero nothing happens, the flags stay, and no address is looked at. */
static void run_zero_count(void)
{
	uint64_t at = 0x100000000, count = 0;
	uint8_t equal;
	asm volatile("xorl %%eax, %%eax\n\trepne scasb\n\tsete %2" : "+D"(at), "+c"(count), "=q"(equal) : : "rax", "cc", "memory");
	expect("RDI", at, 0x100000000);
	expect("ZF", equal, 1);
	expect("events", event_count, 0);
}

/* With 32-bit addresses the count and the pointers are 32 bits wide, and their upper halves are cleared. */
static void run_address_size(void)
{
	uint64_t to = (uint64_t)text | 0xdead00000000, count = 0xbeef00000002;
	fill_text();
	asm volatile(".byte 0x67\n\trep stosb" : "+D"(to), "+c"(count) : "a"(0x77) : "memory");
	expect("second", text[1], 0x77);
	expect("third", text[2], 2);
	expect("RDI", to - (uint64_t)text, 2);
	expect("RCX", count, 0);
}

/* The serial port's scratch register remembers the last byte sent to it. */
static void run_ports(void)
{
	uint8_t *from = text + 1, *to = text + 8;
	uint64_t count = 3;
	fill_text();
	out8(SCRATCH_REGISTER, 0xa5);
	expect("scratch", in8(SCRATCH_REGISTER), 0xa5);
	asm volatile("rep outsb" : "+S"(from), "+c"(count) : "d"(SCRATCH_REGISTER) : "memory");
	expect("last of OUTS", in8(SCRATCH_REGISTER), 3);
	expect("RSI", (uint64_t)(from - text), 4);
	count = 2;
	asm volatile("rep insb" : "+D"(to), "+c"(count) : "d"(SCRATCH_REGISTER) : "memory");
	expect("INS", text[8] << 8 | text[9], 0x0303);
	expect("RDI", (uint64_t)(to - text), 10);
}

const struct seam string_seams[] = {
	{ "movsb_overlapping", run_movsb_overlapping, NULL },
	{ "movsw_backwards", run_movsw_backwards, NULL },
	{ "stosq", run_stosq, NULL },
	{ "scasb", run_scasb, NULL },
	{ "cmpsb", run_cmpsb, NULL },
	{ "string_zero_count", run_zero_count, NULL },
	{ "string_address_size", run_address_size, NULL },
	{ "string_ports", run_ports, NULL },
	{ 0 }
};
