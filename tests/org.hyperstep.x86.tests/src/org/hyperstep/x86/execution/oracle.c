/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/* Executes single instructions on this machine's processor. Reads batches of cases from stdin, writes results to stdout. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { CODE = 0x10000000, CODE_SIZE = 0x10000, ARENA = 0x20000000, ARENA_SIZE = 0x10000, WINDOW = 0x20008000, WINDOW_SIZE = 512, TAIL = ARENA + ARENA_SIZE - 64, TAIL_SIZE = 64 };
enum { FAR_32 = 1, BRANCHES = 2 };   /* flags of a request: compatibility mode; control may go anywhere near */
enum { CS_64 = 0x33, CS_32 = 0x23, DS_32 = 0x2b, BREAKPOINT = 3 };

struct vector { uint64_t low, high; };
struct request {
    uint8_t length, flags, code[22];
    uint64_t registers[16], rflags, seed, mxcsr;
    struct vector xmm[16], upper[16];
    uint64_t patched, patch[2];
    uint8_t x87[112];
};
struct result {
    uint64_t trap, address, rip, registers[16], rflags, memory, mxcsr;
    struct vector xmm[16], upper[16];
    uint64_t stored[2];
    uint8_t x87[112];
};

/* At CODE: this area, then the code that loads the state; the instruction in the middle; the code that saves the state. */
struct area {
    uint64_t registers[16], rflags, host_rsp, trap, address, rip, mxcsr, host_mxcsr;
    struct { uint32_t offset; uint16_t selector; } __attribute__((packed)) entry;
    struct vector xmm[16], upper[16];
    uint8_t x87[112], stack[512];
};
static struct area *const area = (struct area *)CODE;
static uint8_t *const window = (uint8_t *)WINDOW;
static uint8_t *const tail = (uint8_t *)TAIL;   /* the end of what is mapped */
static uint8_t *const instruction = (uint8_t *)CODE + 0x8000;
static uint8_t *epilogue;
static void (*enter_64)(void), (*enter_32)(void);
static int avx;

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

/* vinsertf128 ymm, ymm, m128, 1 (0x18) or vextractf128 m128, ymm, 1 (0x19) */
static uint8_t *upper(uint8_t *p, int opcode, int reg, void *target)
{
    *p++ = 0xc4; *p++ = (uint8_t)((reg >> 3 ? 0x63 : 0xe3));
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

static uint8_t *prologue(uint8_t *p, int far)
{
    static const uint8_t saved[] = { 0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57 };
    memcpy(p, saved, sizeof saved); p += sizeof saved;
    p = mov(p, 0x89, 4, &area->host_rsp);
    p = mxcsr(p, 3, &area->host_mxcsr);
    p = mxcsr(p, 2, &area->mxcsr);
    for (int i = 0; i < 16; i++) p = movups(p, 0x10, i, &area->xmm[i]);
    if (avx) for (int i = 0; i < 16; i++) p = upper(p, 0x18, i, &area->upper[i]);
    p = x87(p, 4, area->x87);                                   /* frstor */
    *p++ = 0xff; *p++ = 0x35; p = emit32(p, &area->rflags, 0);  /* push flags */
    *p++ = 0x9d;                                                /* popf */
    for (int i = 0; i < 16; i++) p = mov(p, 0x8b, i, &area->registers[i]);
    if (far) {
        *p++ = 0xff; *p++ = 0x2d; return emit32(p, &area->entry, 0);    /* jmp far; m16:64 is Intel's alone */
    }
    *p++ = 0xe9; return emit32(p, instruction, 0);              /* jmp */
}

static void build(void)
{
    static const uint8_t restored[] = { 0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3 };
    uint8_t *p = (uint8_t *)CODE + 0x1000;
    enter_64 = (void (*)(void))p;
    p = prologue(p, 0);
    enter_32 = (void (*)(void))p;
    p = prologue(p, 1);
    area->entry.offset = (uint32_t)(uintptr_t)instruction;
    area->entry.selector = CS_32;
    epilogue = p;
    for (int i = 0; i < 16; i++) p = mov(p, 0x89, i, &area->registers[i]);
    *p++ = 0x48; *p++ = 0x8d; *p++ = 0x25; p = emit32(p, area->stack + sizeof area->stack, 0);
    *p++ = 0x9c;                                                /* pushf */
    *p++ = 0x8f; *p++ = 0x05; p = emit32(p, &area->rflags, 0);  /* pop flags */
    *p++ = 0xfc;                                                /* cld */
    for (int i = 0; i < 16; i++) p = movups(p, 0x11, i, &area->xmm[i]);
    if (avx) {
        for (int i = 0; i < 16; i++) p = upper(p, 0x19, i, &area->upper[i]);
        *p++ = 0xc5; *p++ = 0xf8; *p++ = 0x77;                  /* vzeroupper */
    }
    p = x87(p, 6, area->x87);                                   /* fnsave, which initializes */
    p = mxcsr(p, 3, &area->mxcsr);
    p = mxcsr(p, 2, &area->host_mxcsr);
    p = mov(p, 0x8b, 4, &area->host_rsp);
    memcpy(p, restored, sizeof restored);
}

/* The instruction, and behind it the way to the epilogue, or breakpoints all around for one that goes elsewhere. */
static void place(const struct request *q)
{
    memset(instruction - 0x4000, 0xcc, 0x8000);
    memcpy(instruction, q->code, q->length);
    uint8_t *p = instruction + q->length;
    if (q->flags & BRANCHES) return;
    if (q->flags & FAR_32) {
        uint32_t offset = (uint32_t)(uintptr_t)epilogue;
        *p++ = 0xea; memcpy(p, &offset, 4); p[4] = CS_64; p[5] = 0;
    } else {
        *p++ = 0xe9; emit32(p, epilogue, 0);
    }
}

static void trapped(int signal, siginfo_t *info, void *context)
{
    (void)signal; (void)info;
    ucontext_t *u = context;
    greg_t *g = u->uc_mcontext.gregs;
    int own = g[REG_TRAPNO] == BREAKPOINT && *(uint8_t *)(g[REG_RIP] - 1) == 0xcc && (uint8_t *)g[REG_RIP] - 1 != instruction;
    area->trap = own ? 0 : 1 + (uint64_t)g[REG_TRAPNO];
    area->address = (uint64_t)g[REG_CR2];
    area->rip = (uint64_t)g[REG_RIP] - (uint64_t)own;
    g[REG_RIP] = (greg_t)(intptr_t)epilogue;
    g[REG_CSGSFS] = (g[REG_CSGSFS] & ~0xffffLL) | CS_64;
}

static uint64_t next(uint64_t *x)
{
    *x ^= *x << 13; *x ^= *x >> 7; *x ^= *x << 17;
    return *x;
}

static uint64_t hash(const uint8_t *memory, int size, uint64_t start)
{
    uint64_t h = start;
    for (int i = 0; i < size; i += 8) {
        uint64_t v; memcpy(&v, memory + i, 8);
        h = (h ^ v) * 1099511628211u;
        h ^= h >> 29;
    }
    return h;
}

static void execute(const struct request *q, const struct request *before, struct result *r)
{
    uint64_t x = q->seed;
    for (int i = 0; i < WINDOW_SIZE; i += 8) { uint64_t v = next(&x); memcpy(window + i, &v, 8); }
    for (int i = 0; i < TAIL_SIZE; i += 8) { uint64_t v = next(&x); memcpy(tail + i, &v, 8); }
    if (q->patched) memcpy(window + q->patched, q->patch, sizeof q->patch);
    memcpy(area->x87, q->x87, sizeof q->x87);
    memcpy(area->registers, q->registers, sizeof q->registers);
    memcpy(area->xmm, q->xmm, sizeof q->xmm);
    memcpy(area->upper, q->upper, sizeof q->upper);
    area->rflags = q->rflags;
    area->mxcsr = q->mxcsr;
    area->trap = area->address = 0;
    area->rip = (uint64_t)(instruction + q->length);
    if (!before || q->length != before->length || q->flags != before->flags || memcmp(q->code, before->code, q->length)) place(q);
    (q->flags & FAR_32 ? enter_32 : enter_64)();
    r->trap = area->trap;
    r->address = area->trap == 15 ? area->address : 0;
    r->rip = area->rip;
    memcpy(r->registers, area->registers, sizeof r->registers);
    memcpy(r->xmm, area->xmm, sizeof r->xmm);
    memcpy(r->upper, area->upper, sizeof r->upper);
    r->rflags = area->rflags;
    r->mxcsr = area->mxcsr & 0xffff;
    r->memory = hash(tail, TAIL_SIZE, hash(window, WINDOW_SIZE, 14695981039346656037u));
    memcpy(r->stored, window + q->patched, sizeof r->stored);
    memcpy(r->x87, area->x87, sizeof r->x87);
}

int main(void)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    if (mmap((void *)CODE, CODE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) == MAP_FAILED
            || mmap((void *)ARENA, ARENA_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    __asm__ volatile("mov %0, %%ds; mov %0, %%es" : : "r"(DS_32));   /* 64-bit programs have null selectors */
    avx = __builtin_cpu_supports("avx");
    build();
    stack_t alternate = { .ss_sp = malloc(1 << 16), .ss_size = 1 << 16 };
    sigaltstack(&alternate, 0);
    struct sigaction action = { .sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
    int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, 0);
    uint32_t count;
    struct request *q = 0;
    struct result *r = 0;
    while (fread(&count, sizeof count, 1, stdin) == 1) {
        q = realloc(q, count * sizeof *q);
        r = realloc(r, count * sizeof *r);
        if (!q || !r || fread(q, sizeof *q, count, stdin) != count) return 1;
        for (uint32_t i = 0; i < count; i++) execute(q + i, i ? q + i - 1 : 0, r + i);
        if (fwrite(r, sizeof *r, count, stdout) != count || fflush(stdout)) return 1;
    }
    return 0;
}
