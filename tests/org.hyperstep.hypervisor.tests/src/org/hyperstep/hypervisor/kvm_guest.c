/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/*
 * The smallest user of KVM: runs a guest in real mode that prints a line through the serial port, counts CPUID exits and
 * halts; prints what it wrote, and its registers at the end. Linked statically, for an initial RAM file system.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

enum { MEMORY = 0x10000, ENTRY = 0x1000, STACK = 0x8000 };

static const unsigned char code[] = {
	0xba, 0xf8, 0x03,             /* mov  dx, 0x3f8 */
	0xbe, 0x1b, 0x10,             /* mov  si, text */
	0xac,                         /* next: lodsb */
	0x84, 0xc0,                   /* test al, al */
	0x74, 0x03,                   /* jz   count */
	0xee,                         /* out  dx, al */
	0xeb, 0xf8,                   /* jmp  next */
	0xbf, 0xe8, 0x03,             /* count: mov di, 1000 */
	0x31, 0xc0,                   /* again: xor ax, ax */
	0x0f, 0xa2,                   /* cpuid */
	0x45,                         /* inc  bp */
	0x4f,                         /* dec  di */
	0x75, 0xf8,                   /* jnz  again */
	0xf4,                         /* hlt */
	0x90,                         /* nop */
	'L', '2', ' ', 'p', 'r', 'i', 'n', 't', 's', '\n', 0 /* text */
};

static void need(int result, const char *what) {
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

int main(void) {
	int kvm = open("/dev/kvm", O_RDWR);
	need(kvm, "/dev/kvm");
	int guest = ioctl(kvm, KVM_CREATE_VM, 0);
	need(guest, "KVM_CREATE_VM");
	unsigned char *memory = mmap(0, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memcpy(memory + ENTRY, code, sizeof code);
	struct kvm_userspace_memory_region region = {
		.memory_size = MEMORY, .userspace_addr = (unsigned long) memory };
	need(ioctl(guest, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
	int cpu = ioctl(guest, KVM_CREATE_VCPU, 0);
	need(cpu, "KVM_CREATE_VCPU");
	struct kvm_run *run = mmap(0, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
	struct kvm_sregs system;
	need(ioctl(cpu, KVM_GET_SREGS, &system), "KVM_GET_SREGS");
	system.cs.base = 0;
	system.cs.selector = 0;
	need(ioctl(cpu, KVM_SET_SREGS, &system), "KVM_SET_SREGS");
	struct kvm_regs registers = { .rip = ENTRY, .rsp = STACK, .rflags = 2 };
	need(ioctl(cpu, KVM_SET_REGS, &registers), "KVM_SET_REGS");
	do {
		need(ioctl(cpu, KVM_RUN, 0), "KVM_RUN");
		if (run->exit_reason == KVM_EXIT_IO) {
			putchar(*((char *) run + run->io.data_offset));
		}
	} while (run->exit_reason == KVM_EXIT_IO);
	need(ioctl(cpu, KVM_GET_REGS, &registers), "KVM_GET_REGS");
	printf("exit reason %d, rip %llx, cpuid %lld times\n", run->exit_reason, registers.rip, registers.rbp);
	return run->exit_reason != KVM_EXIT_HLT;
}
