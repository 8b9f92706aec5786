/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "console.h"

enum {
	TRANSMIT = 0,
	INTERRUPT_ENABLE = 1,
	FIFO_CONTROL = 2,
	LINE_CONTROL = 3,
	MODEM_CONTROL = 4,
	LINE_STATUS = 5,
	TRANSMITTER_EMPTY = 0x20
};

void open_console(void)
{
	out8(COM1 + INTERRUPT_ENABLE, 0);
	out8(COM1 + LINE_CONTROL, 0x80);	/* the divisor's latch: 1 = 115200 baud */
	out8(COM1 + TRANSMIT, 1);
	out8(COM1 + INTERRUPT_ENABLE, 0);
	out8(COM1 + LINE_CONTROL, 0x03);	/* 8 data bits, no parity, 1 stop bit */
	out8(COM1 + FIFO_CONTROL, 0x07);
	out8(COM1 + MODEM_CONTROL, 0x03);
}

static void print_character(char c)
{
	while (!(in8(COM1 + LINE_STATUS) & TRANSMITTER_EMPTY))
		;
	out8(COM1 + TRANSMIT, (uint8_t)c);
}

void print(const char *text)
{
	for (; *text; text++)
		print_character(*text);
}

static void print_number(uint64_t value, unsigned base)
{
	char digits[21];
	char *first = digits + sizeof digits - 1;
	*first = 0;
	do {
		*--first = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	print(first);
}

void print_decimal(uint64_t value)
{
	print_number(value, 10);
}

void print_hex(uint64_t value)
{
	print("0x");
	print_number(value, 16);
}
