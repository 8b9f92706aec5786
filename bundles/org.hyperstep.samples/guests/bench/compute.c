/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Workloads of plain computing. */
#include "bench.h"

enum {
	SIEVE_SIZE = 1 << 20,
	SIEVES = 4,
	HASH_SIZE = 1 << 16,
	HASH_PASSES = 128,
	SORT_COUNT = 1 << 17,
	SORTS = 2,
	LIST_NODES = 1 << 16,
	LIST_WALKS = 48,
	FIBONACCI = 27
};

struct node {
	struct node *next;
	uint64_t value;
};

static uint8_t composite[SIEVE_SIZE];
static uint8_t bytes[HASH_SIZE];
static uint32_t crc_table[256];
static uint32_t numbers[SORT_COUNT];
static struct node nodes[LIST_NODES];

static uint32_t next_random(uint32_t state)
{
	return state * 1664525 + 1013904223;
}

static uint64_t count_primes(void)
{
	uint64_t primes = 0;
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

uint64_t sieve(void)
{
	uint64_t primes = 0;
	for (unsigned i = 0; i < SIEVES; i++)
		primes += count_primes();
	return primes;
}

static void make_crc_table(void)
{
	for (uint32_t index = 0; index < 256; index++) {
		uint32_t remainder = index;
		for (int bit = 0; bit < 8; bit++)
			remainder = remainder & 1 ? remainder >> 1 ^ 0xedb88320 : remainder >> 1;
		crc_table[index] = remainder;
	}
}

uint64_t hash(void)
{
	uint32_t state = 1;
	uint32_t crc = 0xffffffff;
	make_crc_table();
	for (unsigned i = 0; i < HASH_SIZE; i++) {
		state = next_random(state);
		bytes[i] = (uint8_t)(state >> 24);
	}
	for (unsigned pass = 0; pass < HASH_PASSES; pass++)
		for (unsigned i = 0; i < HASH_SIZE; i++)
			crc = crc_table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
	return crc;
}

static void quicksort(uint32_t *from, uint32_t *to)
{
	while (from < to) {
		uint32_t pivot = from[(to - from) / 2];
		uint32_t *low = from, *high = to;
		while (low <= high) {
			while (*low < pivot)
				low++;
			while (*high > pivot)
				high--;
			if (low <= high) {
				uint32_t value = *low;
				*low++ = *high;
				*high-- = value;
			}
		}
		quicksort(from, high);
		from = low;
	}
}

uint64_t sort(void)
{
	uint64_t sum = 0;
	uint32_t state = 1;
	for (unsigned pass = 0; pass < SORTS; pass++) {
		for (unsigned i = 0; i < SORT_COUNT; i++)
			numbers[i] = state = next_random(state);
		quicksort(numbers, numbers + SORT_COUNT - 1);
	}
	for (unsigned i = 0; i < SORT_COUNT; i++)
		sum = sum * 31 + numbers[i];
	return sum;
}

/* One cycle through all nodes in an order that jumps about: the odd step visits each once. */
static void link_nodes(void)
{
	unsigned at = 0;
	for (unsigned i = 0; i < LIST_NODES; i++) {
		unsigned next = (at + 40503) % LIST_NODES;
		nodes[at].next = &nodes[next];
		nodes[at].value = i;
		at = next;
	}
}

uint64_t walk_list(void)
{
	uint64_t sum = 0;
	link_nodes();
	for (unsigned walk = 0; walk < LIST_WALKS; walk++) {
		const struct node *node = nodes;
		do {
			sum += node->value ^ walk;
			node = node->next;
		} while (node != nodes);
	}
	return sum;
}

/* Not to be unrolled into itself: the calls are what is measured. */
__attribute__((noinline, optimize("no-inline", "no-optimize-sibling-calls")))
static uint64_t fibonacci(unsigned n)
{
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

uint64_t recursive_calls(void)
{
	return fibonacci(FIBONACCI);
}
