/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
#include "apic.h"

enum {
	CPUID_1_EDX_APIC = 1 << 9,
	CPUID_1_ECX_X2APIC = 1 << 21,
	APIC_BASE_X2APIC = 1 << 10,
	APIC_BASE_ENABLE = 1 << 11,
	APIC_SOFTWARE_ENABLE = 1 << 8,
	ICR_SELF = 1 << 18,
	X2APIC_MSRS = 0x800,
	X2APIC_SELF_IPI = 0x83f,
	PIC_MASTER_MASK = 0x21,
	PIC_SLAVE_MASK = 0xa1
};

#define XAPIC_PAGE	0xfee00000UL

static bool x2apic;

/* The 8259 pair, which firmware may have left running, shares its vectors with exceptions. */
static void silence_8259(void)
{
	out8(PIC_MASTER_MASK, 0xff);
	out8(PIC_SLAVE_MASK, 0xff);
}

bool open_apic(bool want_x2apic)
{
	struct cpuid_result features = cpuid(1, 0);
	uint64_t base;
	if (!(features.edx & CPUID_1_EDX_APIC))
		return false;
	silence_8259();
	base = read_msr(MSR_APIC_BASE) | APIC_BASE_ENABLE;
	write_msr(MSR_APIC_BASE, base);
	x2apic = want_x2apic && (features.ecx & CPUID_1_ECX_X2APIC);
	if (x2apic)
		write_msr(MSR_APIC_BASE, base | APIC_BASE_X2APIC);
	write_apic(APIC_SPURIOUS, APIC_SOFTWARE_ENABLE | VECTOR_SPURIOUS);
	return true;
}

bool apic_is_x2apic(void)
{
	return x2apic;
}

uint32_t read_apic(enum apic_register reg)
{
	if (x2apic)
		return (uint32_t)read_msr(X2APIC_MSRS + reg / 16);
	return *(volatile uint32_t *)(XAPIC_PAGE + reg);
}

void write_apic(enum apic_register reg, uint32_t value)
{
	if (x2apic)
		write_msr(X2APIC_MSRS + reg / 16, value);
	else
		*(volatile uint32_t *)(XAPIC_PAGE + reg) = value;
}

bool is_requested(unsigned vector)
{
	return read_apic(APIC_IRR + vector / 32 * 16) >> vector % 32 & 1;
}

void send_self(unsigned vector)
{
	if (x2apic)
		write_msr(X2APIC_SELF_IPI, vector);
	else
		write_apic(APIC_ICR_LOW, ICR_SELF | vector);
	while (!is_requested(vector))
		;
}
