/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "guest.h"

#include "console.h"
#include "descriptors.h"

static const char *command_line = "";

/* The multiboot information's and PVH's start information's members that we read. */
enum {
	MULTIBOOT_FLAGS = 0,
	MULTIBOOT_COMMAND_LINE = 16,
	MULTIBOOT_HAS_COMMAND_LINE = 1 << 2,
	PVH_COMMAND_LINE = 24
};

static uint64_t boot_command_line(uint32_t protocol, uint32_t information)
{
	const char *at = (const char *)(uint64_t)information;
	if (protocol == BOOT_PVH)
		return *(const uint64_t *)(at + PVH_COMMAND_LINE);
	if (*(const uint32_t *)(at + MULTIBOOT_FLAGS) & MULTIBOOT_HAS_COMMAND_LINE)
		return *(const uint32_t *)(at + MULTIBOOT_COMMAND_LINE);
	return 0;
}

/* Called by start64 in boot.S. */
void start_guest(uint32_t protocol, uint32_t information)
{
	uint64_t line = boot_command_line(protocol, information);
	if (line)
		command_line = (const char *)line;
	load_descriptors();
	open_console();
	exit_guest((enum exit_code)main());
}

void exit_guest(enum exit_code code)
{
	interrupts_off();
	out32(DEBUG_EXIT_PORT, code);
	for (;;)
		halt();
}

/* The command line's word that starts with this name, past the name; null if there is none. */
static const char *find_option(const char *name)
{
	const char *word = command_line;
	while (*word) {
		const char *w = word;
		const char *n = name;
		while (*n && *w == *n) {
			w++;
			n++;
		}
		if (!*n)
			return w;
		while (*word && *word != ' ')
			word++;
		while (*word == ' ')
			word++;
	}
	return NULL;
}

bool has_option(const char *word)
{
	const char *rest = find_option(word);
	return rest && (*rest == 0 || *rest == ' ');
}

uint64_t numeric_option(const char *name, uint64_t otherwise)
{
	const char *digit = find_option(name);
	uint64_t value = 0;
	if (!digit || *digit++ != '=')
		return otherwise;
	for (; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (uint64_t)(*digit - '0');
	return value;
}
