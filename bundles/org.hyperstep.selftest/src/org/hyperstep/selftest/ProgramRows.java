/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.List;

/**
 * What generated programs are made of outside of 64-bit kernels: rows of code, position-independent, each with its text
 * in the assembler's notation. What may fault in one of the kinds that use a row is followed by NOPs, as handlers of
 * faults go on eight bytes behind the faulting instruction.
 */
@SuppressWarnings("nls")
final class ProgramRows {
	private static final String SLED = "90".repeat(8);

	/** 64-bit code of a user. */
	static final List<String> WIDE = List.of(
			// pushfq; pop rax; add rax,rbx
			"9c584801c3",
			// pushfw; pop ax; add ax,bx
			"669c66586601c3",
			// push 2; popfq
			"6a029d",
			// push 0x102; popfq
			"68020100009d",
			// push 0x202; popfq
			"68020200009d",
			// push 0x302; popfq
			"68020300009d",
			// sti
			"fb" + SLED,
			// cli
			"fa" + SLED,
			// mov ss,eax; mov eax,ss
			"8cd08ed0",
			// mov ss,eax; mov eax,ss; mov eax,ss
			"8cd08ed08ed0",
			// mov ss,eax; mov eax,ss; pushfq; pop rax; add rax,rbx
			"8cd08ed09c584801c3",
			// mov ss,eax; mov eax,ss; int 0x80
			"8cd08ed0cd80",
			// mov ss,eax; mov eax,ss; int1
			"8cd08ed0f1",
			// mov ss,eax; mov eax,ss; syscall
			"8cd08ed00f05" + SLED,
			// xor eax,eax; push rbx; mov ss,edx; mov edx,ss; cpuid; pop rbx
			"31c0538cd28ed20fa25b",
			// mov ss,eax; mov eax,ss; ud2
			"8cd08ed00f0b" + SLED,
			// int 0x80
			"cd80",
			// int3
			"cc",
			// int1
			"f1",
			// ud2
			"0f0b" + SLED,
			// xor ecx,ecx; div ecx
			"31c9f7f1" + SLED,
			// mov cr0,rax
			"0f20c0" + SLED,
			// mov 0xffffff,ecx; rdmsr
			"b9ffffff000f32" + SLED,
			// rsm
			"0faa" + SLED,
			// lock nop
			"f090" + SLED,
			// mov 0x50000000,eax
			"8b042500000050" + SLED,
			// syscall
			"0f05" + SLED,
			// lea 2f(rip),rdx; mov rsp,rcx; sysenter; 8 nops; 2:nop
			"488d150d0000004889e10f34909090909090909090",
			// mov 5,ecx; mov 0x200100,edi; rep stosb
			"b905000000bf00012000f3aa",
			// mov 3,ecx; mov 0x200100,edi; repne scasb
			"b903000000bf00012000f2ae",
			// mov 3,ecx; mov 0x200100,esi; mov 0x200104,edi; rep movsq
			"b903000000be00012000bf04012000f348a5",
			// mov 9,ecx; mov 0x1ffffa,edi; rep stosb
			"b909000000bffaff1f00f3aa",
			// mov 0x80,dx; mov 0x200100,esi; outsb
			"66ba8000be000120006e" + SLED,
			// mov 3,ecx; mov 0x80,dx; mov 0x1ffffe,edi; rep insb
			"b90300000066ba8000bffeff1f00f36c" + SLED,
			// xor eax,eax; push rbx; cpuid; pop rbx
			"31c0530fa25b",
			// rdtsc; add rax,rbx
			"0f314801c3",
			// mov 0xfee00300,ecx; movl 0x40400,(rcx)
			"b90003e0fec70100040400",
			// in 0x80,al
			"e480" + SLED,
			// out al,0x80
			"e680" + SLED,
			// addl 7,0x200000
			"8304250000200007",
			// lock incl 0x200000
			"f0ff042500002000",
			// add 0x200000,ebx
			"031c2500002000",
			// int 0x82
			"cd82",
			// int 0x83
			"cd83",
			// xor eax,eax; int 0x84
			"31c0cd84",
			// mov 1,eax; int 0x84
			"b801000000cd84",
			// mov 10,eax; int 0x84
			"b80a000000cd84",
			// mov 13,eax; int 0x84
			"b80d000000cd84",
			// mov rsp,rax; lea 2f(rip),rdx; push 0x2b; push rax; pushfq; orl 0x100,(rsp); push 0x33; push rdx; iretq; 2:nop
			"4889e0488d15100000006a2b509c810c24000100006a335248cf90",
			// lea 2f(rip),rax; push 0x33; push rax; lretq; 2:nop
			"488d05050000006a335048cb90",
			// mov cr8,rax
			"440f20c0" + SLED,
			// enter 8,1; leave
			"c8080001c9",
			// add 3,ebx
			"83c303",
			// rcl 1,ebx
			"d1d3",
			// mov dr6,rax
			"0f21f0" + SLED);

	/** 32-bit code in flat segments. */
	static final List<String> FLAT = List.of(
			// pushf; pop eax; add eax,ebx
			"9c5801c3",
			// pushfw; pop ax; add ax,bx
			"669c66586601c3",
			// push 2; popf
			"6a029d" + SLED,
			// push 0x102; popf
			"68020100009d" + SLED,
			// push 0x202; popf
			"68020200009d" + SLED,
			// push 0x302; popf
			"68020300009d" + SLED,
			// pushw 0x302; popfw
			"66680203669d" + SLED,
			// sti
			"fb" + SLED,
			// cli
			"fa" + SLED,
			// mov ss,eax; mov eax,ss
			"8cd08ed0",
			// mov ss,eax; mov eax,ss; mov eax,ss
			"8cd08ed08ed0",
			// mov ss,eax; mov eax,ss; pushf; pop eax; add eax,ebx
			"8cd08ed09c5801c3",
			// push ss; pop ss; pushf; pop eax
			"16179c58",
			// mov ss,eax; mov eax,ss; int 0x80
			"8cd08ed0cd80" + SLED,
			// mov ss,eax; mov eax,ss; int1
			"8cd08ed0f1",
			// xor eax,eax; push ebx; mov ss,edx; mov edx,ss; cpuid; pop ebx
			"31c0538cd28ed20fa25b",
			// mov ss,eax; mov eax,ss; ud2
			"8cd08ed00f0b" + SLED,
			// int 0x80
			"cd80" + SLED,
			// int3
			"cc",
			// int1
			"f1",
			// mov 0x7f,al; add 1,al; into
			"b07f0401ce" + SLED,
			// ud2
			"0f0b" + SLED,
			// xor ecx,ecx; div ecx
			"31c9f7f1" + SLED,
			// mov cr0,eax
			"0f20c0" + SLED,
			// mov 0xffffff,ecx; rdmsr
			"b9ffffff000f32" + SLED,
			// rsm
			"0faa" + SLED,
			// lock nop
			"f090" + SLED,
			// mov 0x50000000,eax
			"a100000050" + SLED,
			// syscall
			"0f05" + SLED,
			// call 1f; 1:pop edx; add 2f - 1b,edx; mov esp,ecx; sysenter; 8 nops; 2:nop
			"e8000000005a81c21300000089e10f34909090909090909090",
			// mov 5,ecx; mov 0x200100,edi; rep stosb
			"b905000000bf00012000f3aa",
			// mov 3,ecx; mov 0x200100,edi; repne scasb
			"b903000000bf00012000f2ae",
			// mov 3,ecx; mov 0x200100,esi; mov 0x200104,edi; rep movsl
			"b903000000be00012000bf04012000f3a5",
			// mov 9,ecx; mov 0x1ffffa,edi; rep stosb
			"b909000000bffaff1f00f3aa",
			// mov 0x80,dx; mov 0x200100,esi; outsb
			"66ba8000be000120006e" + SLED,
			// mov 3,ecx; mov 0x80,dx; mov 0x200100,esi; rep outsb
			"b90300000066ba8000be00012000f36e" + SLED,
			// mov 3,ecx; mov 0x80,dx; mov 0x1ffffe,edi; rep insb
			"b90300000066ba8000bffeff1f00f36c" + SLED,
			// xor eax,eax; push ebx; cpuid; pop ebx
			"31c0530fa25b",
			// rdtsc; add eax,ebx
			"0f3101c3",
			// mov 0xfee00390,eax; add eax,ebx
			"a19003e0fe01c3",
			// movl 0x40400,0xfee00300
			"c7050003e0fe00040400",
			// movl 0x40090,0xfee00300
			"c7050003e0fe90000400",
			// in 0x80,al
			"e480" + SLED,
			// out al,0x80
			"e680" + SLED,
			// addl 7,0x200000
			"83050000200007",
			// lock incl 0x200000
			"f0ff0500002000",
			// add 0x200000,ebx
			"031d00002000",
			// int 0x82
			"cd82" + SLED,
			// int 0x83
			"cd83" + SLED,
			// xor eax,eax; int 0x84
			"31c0cd84" + SLED,
			// mov 1,eax; int 0x84
			"b801000000cd84" + SLED,
			// mov 10,eax; int 0x84
			"b80a000000cd84" + SLED,
			// mov 13,eax; int 0x84
			"b80d000000cd84" + SLED,
			// call 1f; 1:pop eax; add 2f - 1b,eax; pushf; orl 0x100,(esp); push cs; push eax; iret; 2:nop
			"e8000000005805110000009c810c24000100000e50cf90",
			// call 1f; 1:pop eax; add 2f - 1b,eax; push cs; push eax; lret; 2:nop
			"e8000000005805090000000e50cb90",
			// pusha; popa
			"6061",
			// push ds; pop ds
			"1e1f",
			// enter 8,1; leave
			"c8080001c9",
			// add 3,ebx
			"83c303",
			// rcl 1,ebx
			"d1d3",
			// mov dr6,eax
			"0f21f0" + SLED,
			// lcall 0x60,0
			"9a000000006000" + SLED);

	/** 16-bit code of real mode and of virtual-8086 mode. */
	static final List<String> NARROW = List.of(
			// pushf; pop ax; add ax,bx
			"9c5801c3",
			// pushfl; pop eax; add eax,ebx
			"669c66586601c3" + SLED,
			// push 2; popf
			"6a029d" + SLED,
			// pushw 0x102; popf
			"6802019d" + SLED,
			// pushw 0x202; popf
			"6802029d" + SLED,
			// pushw 0x302; popf
			"6802039d" + SLED,
			// pushl 0x302; popfl
			"666802030000669d" + SLED,
			// sti
			"fb" + SLED,
			// cli
			"fa" + SLED,
			// mov ss,ax; mov ax,ss
			"8cd08ed0",
			// mov ss,ax; mov ax,ss; mov ax,ss
			"8cd08ed08ed0",
			// mov ss,ax; mov ax,ss; pushf; pop ax; add ax,bx
			"8cd08ed09c5801c3" + SLED,
			// push ss; pop ss; pushf; pop ax
			"16179c58" + SLED,
			// mov ss,ax; mov ax,ss; int 0x80
			"8cd08ed0cd80" + SLED,
			// mov ss,ax; mov ax,ss; int1
			"8cd08ed0f1",
			// xor eax,eax; push bx; mov ss,dx; mov dx,ss; cpuid; pop bx
			"6631c0538cd28ed20fa25b",
			// mov ss,ax; mov ax,ss; ud2
			"8cd08ed00f0b" + SLED,
			// int 0x80
			"cd80" + SLED,
			// int3
			"cc",
			// int1
			"f1",
			// mov 0x7f,al; add 1,al; into
			"b07f0401ce" + SLED,
			// ud2
			"0f0b" + SLED,
			// xor cx,cx; div cx
			"31c9f7f1" + SLED,
			// mov cr0,eax
			"0f20c0" + SLED,
			// mov 0xffffff,ecx; rdmsr
			"66b9ffffff000f32" + SLED,
			// rsm
			"0faa" + SLED,
			// lock nop
			"f090" + SLED,
			// mov 0xfffe,eax
			"66a1feff" + SLED,
			// syscall
			"0f05" + SLED,
			// mov 5,cx; mov 0x100,di; rep stosb
			"b90500bf0001f3aa",
			// mov 3,cx; mov 0x100,di; repne scasb
			"b90300bf0001f2ae",
			// mov 3,cx; mov 0x100,si; mov 0x104,di; rep movsl
			"b90300be0001bf040166f3a5",
			// mov 9,cx; mov 0xfffa,di; rep stosb
			"b90900bffafff3aa",
			// mov 0x80,dx; mov 0x100,si; outsb
			"ba8000be00016e" + SLED,
			// mov 3,cx; mov 0x80,dx; mov 0x100,si; rep outsb
			"b90300ba8000be0001f36e" + SLED,
			// mov 3,cx; mov 0x80,dx; mov 0xfe,di; rep insb
			"b90300ba8000bffe00f36c" + SLED,
			// xor eax,eax; push bx; cpuid; pop bx
			"6631c0530fa25b",
			// rdtsc; add ax,bx
			"0f3101c3",
			// in 0x80,al
			"e480" + SLED,
			// out al,0x80
			"e680" + SLED,
			// addw 7,0
			"8306000007",
			// lock incw 0
			"f0ff060000",
			// add 0,bx
			"031e0000",
			// int 0x82
			"cd82" + SLED,
			// int 0x83
			"cd83" + SLED,
			// xor ax,ax; int 0x84
			"31c0cd84" + SLED,
			// mov 1,ax; int 0x84
			"b80100cd84" + SLED,
			// mov 10,ax; int 0x84
			"b80a00cd84" + SLED,
			// mov 13,ax; int 0x84
			"b80d00cd84" + SLED,
			// pushf; pop dx; or 1,dh; call 1f; 1:pop ax; add 2f - 1b,ax; push dx; push cs; push ax; iret; 8 nops; 2:nop
			"9c5a80ce01e8000058051000520e50cf909090909090909090",
			// call 1f; 1:pop ax; add 2f - 1b,ax; push cs; push ax; lret; 2:nop
			"e80000580507000e50cb90",
			// pusha; popa
			"6061",
			// push ds; pop ds
			"1e1f",
			// enter 8,1; leave
			"c8080001c9",
			// add 3,bx
			"83c303",
			// rcl 1,bx
			"d1d3",
			// mov dr6,eax
			"0f21f0" + SLED);

	/** What only real mode adds: interrupts to itself by the registers of an x2APIC. */
	static final List<String> REAL = List.of(
			// mov 0x830,ecx; mov 0x40400,eax; xor edx,edx; wrmsr
			"66b93008000066b8000404006631d20f30",
			// mov 0x83f,ecx; mov 0x90,eax; xor edx,edx; wrmsr
			"66b93f08000066b8900000006631d20f30");

	private ProgramRows() {
	}
}
