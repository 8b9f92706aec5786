/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * The processor's corner cases, one line each. Nothing here depends on how fast time goes by, and
 * what the vendors do differently is left out,
 * but for mov_ss_break. Options: only=N (the N-th alone), except=N, x2apic.
 */
#include "seams.h"

#include "apic.h"
#include "console.h"
#include "guest.h"
#include "registers.h"

static const struct seam *const groups[] = {
	interrupt_seams, step_seams, breakpoint_seams, fault_seams, flag_seams, string_seams, system_seams, user_seams,
	compatibility_seams
};

extern uint64_t boot_pds[];

static const char *current_seam;
static uint64_t checksum;
static bool failed;

/* FNV-1a, by 64-bit values. */
static void observe(uint64_t value)
{
	checksum = (checksum ^ value) * 0x100000001b3;
}

static void report_mismatch(const char *what, uint64_t actual, uint64_t wanted)
{
	print(current_seam);
	print(": FAIL ");
	print(what);
	print(" is ");
	print_hex(actual);
	print(" and not ");
	print_hex(wanted);
	print("\n");
	failed = true;
}

void expect(const char *what, uint64_t actual, uint64_t wanted)
{
	observe(actual);
	if (actual != wanted)
		report_mismatch(what, actual, wanted);
}

void expect_fault(const char *what, unsigned vector, uint64_t error_code)
{
	expect(what, event_count, 1);
	if (event_count > 0) {
		expect(what, events[0].vector, vector);
		expect(what, events[0].error_code, error_code);
	}
	event_count = 0;
}

static void compare_events(const struct expected_event *wanted)
{
	unsigned i = 0, rows = 0;
	while (wanted[rows].vector != END_OF_EVENTS)
		rows++;
	for (; i < rows && i < event_count; i++) {
		expect("vector", events[i].vector, (uint64_t)wanted[i].vector);
		expect("rip", events[i].rip, wanted[i].rip);
		expect("flags", events[i].flags & IMAGE_FLAGS, wanted[i].flags);
		if (wanted[i].dr6 != DR6_UNCHECKED)
			expect("dr6", events[i].dr6 & DR6_STATUS, (uint64_t)wanted[i].dr6);
	}
	expect("events", event_count, rows);
}

static void take_pending_interrupts(void)
{
	asm volatile("sti\n\tnop\n\tnop\n\tcli" : : : "memory");
}

static void clear_state(void)
{
	interrupts_off();
	write_dr7(DR7_CLEAR);
	write_dr6(DR6_CLEAR);
	write_cr8(0);
	take_pending_interrupts();
	clear_events();
}

static bool run_seam(const struct seam *seam)
{
	current_seam = seam->name;
	checksum = 0xcbf29ce484222325;
	failed = false;
	clear_state();
	run_guarded(seam->run);
	interrupts_off();
	write_dr7(DR7_CLEAR);
	if (seam->events)
		compare_events(seam->events);
	if (!failed) {
		print(seam->name);
		print(": ok ");
		print_hex(checksum);
		print("\n");
	}
	return !failed;
}

/* The first 2 MB, where we are, become accessible to user code. */
static void open_image_to_user(void)
{
	boot_pds[0] |= PAGE_USER;
	write_cr3(read_cr3());
}

int main(void)
{
	unsigned passed = 0, total = 0, number = 0;
	uint64_t only = numeric_option("only", 0), except = numeric_option("except", 0);
	print("Hyperstep seams\n");
	if (!open_apic(has_option("x2apic")))
		return EXIT_NO_APIC;
	open_image_to_user();
	open_events();
	for (unsigned g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		for (const struct seam *seam = groups[g]; seam->name; seam++) {
			number++;
			if ((only && only != number) || except == number)
				continue;
			total++;
			passed += run_seam(seam);
		}
	}
	print("seams: ");
	print_decimal(passed);
	print(" passed, ");
	print_decimal(total - passed);
	print(" failed\n");
	return passed == total ? EXIT_PASS : EXIT_FAIL;
}
