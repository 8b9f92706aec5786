/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Executes single instructions on this machine's processor. Reads cases from stdin, writes results to stdout. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { CODE = 0x10000000, ARENA = 0x20000000, ARENA_SIZE = 0x10000, WINDOW = 0x20008000, WINDOW_SIZE = 512 };

struct vector { uint64_t low, high; };
struct request { uint8_t length, code[15]; uint64_t registers[16], flags, seed, mxcsr; struct vector xmm[16], upper[16]; uint64_t patched, patch[2]; uint8_t x87[112]; };
struct result { uint64_t trap, registers[16], flags, memory, mxcsr; struct vector xmm[16], upper[16]; uint64_t stored[2]; uint8_t x87[112]; };

/* At CODE: this area, then the code that loads the state, the instruction, and the code that saves the state. */
struct area { uint64_t registers[16], flags, host_rsp; struct vector xmm[16], upper[16]; uint64_t trap, mxcsr, host_mxcsr; uint8_t x87[112], stack[512]; };
static struct area *const area = (struct area *)CODE;
static uint8_t *const window = (uint8_t *)WINDOW;
static uint8_t *instruction, *epilogue;
static void (*enter)(void);

static uint8_t *emit32(uint8_t *p, const void *target, int trailing)
{
    int32_t d = (int32_t)((intptr_t)target - (intptr_t)(p + 4 + trailing));
    memcpy(p, &d, 4);
    return p + 4;
}

static uint8_t *mov(uint8_t *p, int opcode, int reg, void *target)
{
    *p++ = 0x48 | (reg >> 3 << 2);
    *p++ = (uint8_t)opcode;
    *p++ = (uint8_t)((reg & 7) << 3 | 5);
    return emit32(p, target, 0);
}

static uint8_t *movups(uint8_t *p, int opcode, int reg, void *target)
{
    if (reg >> 3) *p++ = 0x44;
    *p++ = 0x0f; *p++ = (uint8_t)opcode; *p++ = (uint8_t)((reg & 7) << 3 | 5);
    return emit32(p, target, 0);
}

/* vinsertf128 or vextractf128 of the upper half of a YMM register */
static uint8_t *upper(uint8_t *p, int opcode, int reg, void *target)
{
    *p++ = 0xc4; *p++ = (uint8_t)(reg >> 3 ? 0x63 : 0xe3);
    *p++ = (uint8_t)(opcode == 0x18 ? (~reg & 15) << 3 | 5 : 0x7d);
    *p++ = (uint8_t)opcode; *p++ = (uint8_t)((reg & 7) << 3 | 5);
    p = emit32(p, target, 1);
    *p++ = 1;
    return p;
}

static uint8_t *mxcsr(uint8_t *p, int reg, void *target)
{
    *p++ = 0x0f; *p++ = 0xae; *p++ = (uint8_t)(reg << 3 | 5);
    return emit32(p, target, 0);
}

static uint8_t *x87(uint8_t *p, int reg, void *target)
{
    *p++ = 0xdd; *p++ = (uint8_t)(reg << 3 | 5);
    return emit32(p, target, 0);
}

static void build(void)
{
    int avx = __builtin_cpu_supports("avx2");
    static const uint8_t saved[] = { 0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57 };
    static const uint8_t restored[] = { 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3 };
    uint8_t *p = (uint8_t *)CODE + 0x1000;
    enter = (void (*)(void))p;
    memcpy(p, saved, sizeof saved); p += sizeof saved;
    p = mov(p, 0x89, 4, &area->host_rsp);
    p = mxcsr(p, 3, &area->host_mxcsr);
    p = mxcsr(p, 2, &area->mxcsr);
    for (int i = 0; i < 16; i++) p = movups(p, 0x10, i, &area->xmm[i]);
    for (int i = 0; i < 16 && avx; i++) p = upper(p, 0x18, i, &area->upper[i]);
    p = x87(p, 4, area->x87);                                   /* frstor */
    *p++ = 0xff; *p++ = 0x35; p = emit32(p, &area->flags, 0);   /* push flags */
    *p++ = 0x9d;                                                /* popf */
    for (int i = 0; i < 16; i++) p = mov(p, 0x8b, i, &area->registers[i]);
    instruction = p;
    epilogue = instruction + 32;
    p = epilogue;
    for (int i = 0; i < 16; i++) p = mov(p, 0x89, i, &area->registers[i]);
    *p++ = 0x48; *p++ = 0x8d; *p++ = 0x25; p = emit32(p, area->stack + sizeof area->stack, 0);
    *p++ = 0x9c;                                                /* pushf */
    *p++ = 0x8f; *p++ = 0x05; p = emit32(p, &area->flags, 0);   /* pop flags */
    *p++ = 0xfc;                                                /* cld */
    for (int i = 0; i < 16; i++) p = movups(p, 0x11, i, &area->xmm[i]);
    for (int i = 0; i < 16 && avx; i++) p = upper(p, 0x19, i, &area->upper[i]);
    if (avx) { *p++ = 0xc5; *p++ = 0xf8; *p++ = 0x77; }         /* vzeroupper */
    p = x87(p, 6, area->x87);                                   /* fnsave, which initializes */
    p = mxcsr(p, 3, &area->mxcsr);
    p = mxcsr(p, 2, &area->host_mxcsr);
    p = mov(p, 0x8b, 4, &area->host_rsp);
    memcpy(p, restored, sizeof restored);
}

static void trapped(int signal, siginfo_t *info, void *context)
{
    (void)signal; (void)info;
    ucontext_t *u = context;
    area->trap = 1 + (uint64_t)u->uc_mcontext.gregs[REG_TRAPNO];
    u->uc_mcontext.gregs[REG_RIP] = (greg_t)(intptr_t)epilogue;
}

static uint64_t next(uint64_t *x)
{
    *x ^= *x << 13; *x ^= *x >> 7; *x ^= *x << 17;
    return *x;
}

int main(void)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    if (mmap((void *)CODE, 0x4000, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) == MAP_FAILED
            || mmap((void *)ARENA, ARENA_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    build();
    stack_t alternate = { .ss_sp = malloc(1 << 16), .ss_size = 1 << 16 };
    sigaltstack(&alternate, 0);
    struct sigaction action = { .sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, 0);
    struct request q;
    struct result r;
    while (fread(&q, sizeof q, 1, stdin) == 1) {
        uint64_t x = q.seed;
        for (int i = 0; i < WINDOW_SIZE; i += 8) { uint64_t v = next(&x); memcpy(window + i, &v, 8); }
        if (q.patched) memcpy(window + q.patched, q.patch, sizeof q.patch);
        memcpy(area->x87, q.x87, sizeof q.x87);
        memcpy(area->registers, q.registers, sizeof q.registers);
        memcpy(area->xmm, q.xmm, sizeof q.xmm);
        memcpy(area->upper, q.upper, sizeof q.upper);
        area->flags = q.flags;
        area->mxcsr = q.mxcsr;
        area->trap = 0;
        memset(instruction, 0x90, 32);
        memcpy(instruction, q.code, q.length);
        __asm__ volatile("cpuid" : : "a"(0) : "rbx", "rcx", "rdx", "memory");
        enter();
        r.trap = area->trap;
        memcpy(r.registers, area->registers, sizeof r.registers);
        memcpy(r.xmm, area->xmm, sizeof r.xmm);
        memcpy(r.upper, area->upper, sizeof r.upper);
        r.flags = area->flags;
        r.mxcsr = area->mxcsr & 0xffff;
        r.memory = 14695981039346656037u;
        for (int i = 0; i < WINDOW_SIZE; i += 8) {
            uint64_t v; memcpy(&v, window + i, 8);
            r.memory = (r.memory ^ v) * 1099511628211u;
            r.memory ^= r.memory >> 29;
        }
        memcpy(r.stored, window + q.patched, sizeof r.stored);
        memcpy(r.x87, area->x87, sizeof r.x87);
        fwrite(&r, sizeof r, 1, stdout);
        fflush(stdout);
    }
    return 0;
}
