/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Output over COM1, a 16550, by polling. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "cpu.h"

#define COM1	0x3f8

void open_console(void);
void print(const char *text);
void print_decimal(uint64_t value);
/* Prints 0x and as many digits as needed. */
void print_hex(uint64_t value);

#endif
