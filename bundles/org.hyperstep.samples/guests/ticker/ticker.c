/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * A loop that computes something checkable while a fast timer interrupts it all the time: the
 * guest to step through. Options: period=N (timer counts between two ticks), rounds=N, x2apic,
 * forever.
 */
#include "apic.h"
#include "console.h"
#include "descriptors.h"
#include "guest.h"
#include "timer.h"

enum {
	DEFAULT_PERIOD = 300,
	DEFAULT_ROUNDS = 8,
	BUFFER_SIZE = 4096,
	SIEVE_SIZE = 10000,
	EXPECTED_PRIMES = 1229		/* the primes below 10,000 */
};

#define EXPECTED_CRC	0x5b24a61a	/* CRC-32 of the buffer of fill_buffer with seed 1 */

struct results {
	uint32_t crc;
	uint32_t primes;
	uint32_t rounds;
	uint32_t mistakes;
};

static uint8_t buffer[BUFFER_SIZE];
static uint8_t composite[SIEVE_SIZE];
static uint32_t crc_table[256];
struct results results;

static void make_crc_table(void)
{
	for (uint32_t index = 0; index < 256; index++) {
		uint32_t remainder = index;
		for (int bit = 0; bit < 8; bit++)
			remainder = remainder & 1 ? remainder >> 1 ^ 0xedb88320 : remainder >> 1;
		crc_table[index] = remainder;
	}
}

static void fill_buffer(uint32_t seed)
{
	uint32_t state = seed;
	for (unsigned i = 0; i < BUFFER_SIZE; i++) {
		state = state * 1664525 + 1013904223;
		buffer[i] = (uint8_t)(state >> 24);
	}
}

static uint32_t crc32(const uint8_t *bytes, unsigned count)
{
	uint32_t crc = 0xffffffff;
	for (unsigned i = 0; i < count; i++)
		crc = crc_table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
	return ~crc;
}

static uint32_t count_primes(void)
{
	uint32_t primes = 0;
	for (unsigned i = 0; i < SIEVE_SIZE; i++)
		composite[i] = 0;
	for (unsigned candidate = 2; candidate < SIEVE_SIZE; candidate++) {
		if (composite[candidate])
			continue;
		primes++;
		for (unsigned multiple = 2 * candidate; multiple < SIEVE_SIZE; multiple += candidate)
			composite[multiple] = 1;
	}
	return primes;
}

/* One round: what the loop in main repeats, and a good place to step through. */
__attribute__((noinline)) void compute(struct results *into)
{
	fill_buffer(1);
	into->crc = crc32(buffer, BUFFER_SIZE);
	into->primes = count_primes();
	into->rounds++;
	if (into->crc != EXPECTED_CRC)
		into->mistakes++;
	if (into->primes != EXPECTED_PRIMES)
		into->mistakes++;
}

static void print_results(void)
{
	print("crc32=");
	print_hex(results.crc);
	print(" primes=");
	print_decimal(results.primes);
	print(" rounds=");
	print_decimal(results.rounds);
	print(" mistakes=");
	print_decimal(results.mistakes);
	print("\n");
}

static void print_ticks(void)
{
	print("ticks=");
	print_decimal(timer_ticks);
	print(" missed=");
	print_decimal(missed_ticks());
	print("\n");
}

int main(void)
{
	uint64_t rounds = numeric_option("rounds", DEFAULT_ROUNDS);
	bool forever = has_option("forever");

	print("Hyperstep ticker: hello from the guest\n");
	if (!open_apic(has_option("x2apic")))
		return EXIT_NO_APIC;
	print(apic_is_x2apic() ? "local APIC: x2APIC\n" : "local APIC: xAPIC\n");

	make_crc_table();
	start_timer((uint32_t)numeric_option("period", DEFAULT_PERIOD));
	interrupts_on();
	while (forever || results.rounds < rounds)
		compute(&results);
	interrupts_off();
	stop_timer();

	print_results();
	print_ticks();
	bool passed = results.mistakes == 0 && timer_ticks > 0;
	print(passed ? "ticker: ok\n" : "ticker: FAIL\n");
	return passed ? EXIT_PASS : EXIT_FAIL;
}
