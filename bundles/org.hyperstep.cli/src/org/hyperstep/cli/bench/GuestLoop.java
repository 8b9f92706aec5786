/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import java.util.HexFormat;

/** Endless loops in 64-bit code, as their AT&T source and as the bytes that an assembler makes of it. They use memory from 4 MB on. */
@SuppressWarnings("nls")
public enum GuestLoop {
	/** Register arithmetic. */
	XORSHIFT("48bb447abfcb8d4039014889d848c1e00d4831c34889d848c1e8074831c34889d848c1e0114831c348ffc9ebdd", """
				movabsq	$88172645463325252, %rbx
			1:	movq	%rbx, %rax
				shlq	$13, %rax
				xorq	%rax, %rbx
				movq	%rbx, %rax
				shrq	$7, %rax
				xorq	%rax, %rbx
				movq	%rbx, %rax
				shlq	$17, %rax
				xorq	%rax, %rbx
				decq	%rcx
				jmp	1b
			"""),
	/** The sieve of Eratosthenes: byte stores with growing distances. */
	SIEVE("bf00004000b90000010031c0f3aabb0200000080bb000040000075168d0c1b81f900000100730bc681000040000101d9ebedffc3"
			+ "81fb0000010072d7ebc2", """
					1:	movl	$0x400000, %edi
						movl	$65536, %ecx
						xorl	%eax, %eax
						rep stosb
						movl	$2, %ebx
					2:	cmpb	$0, 0x400000(%rbx)
						jne	4f
						leal	(%rbx,%rbx), %ecx
					3:	cmpl	$65536, %ecx
						jae	4f
						movb	$1, 0x400000(%rcx)
						addl	%ebx, %ecx
						jmp	3b
					4:	incl	%ebx
						cmpl	$65536, %ebx
						jb	2b
						jmp	1b
					"""),
	/** CRC-32 over 64 KB by a table. */
	CRC32("31c989c8ba08000000d1e87305352083b8edffca75f389048d00004000ffc181f90001000075db31f6b8ffffffff0fb6960000100030c2"
			+ "c1e80833049500004000ffc681fe0000010075e3ebda", """
						xorl	%ecx, %ecx
					1:	movl	%ecx, %eax
						movl	$8, %edx
					2:	shrl	$1, %eax
						jnc	3f
						xorl	$0xedb88320, %eax
					3:	decl	%edx
						jnz	2b
						movl	%eax, 0x400000(,%rcx,4)
						incl	%ecx
						cmpl	$256, %ecx
						jne	1b
					4:	xorl	%esi, %esi
						movl	$-1, %eax
					5:	movzbl	0x100000(%rsi), %edx
						xorb	%al, %dl
						shrl	$8, %eax
						xorl	0x400000(,%rdx,4), %eax
						incl	%esi
						cmpl	$65536, %esi
						jne	5b
						jmp	4b
					"""),
	/** A copy of 64 KB in 8-byte steps. */
	COPY("be00004000bf00005000b900200000488b064889074883c6084883c708ffc975eeebdd", """
			1:	movl	$0x400000, %esi
				movl	$0x500000, %edi
				movl	$8192, %ecx
			2:	movq	(%rsi), %rax
				movq	%rax, (%rdi)
				addq	$8, %rsi
				addq	$8, %rdi
				decl	%ecx
				jnz	2b
				jmp	1b
			"""),
	/** Insertion sort of 256 numbers. */
	SORT("bf00004000b801000000b90001000069c00d661900055ff36e3cabffc975f0bb010000008b049d0000400089d98b148dfcff3f0039c2"
			+ "760b89148d00004000ffc975ea89048d00004000ffc381fb0001000075d0ebaa", """
					1:	movl	$0x400000, %edi
						movl	$1, %eax
						movl	$256, %ecx
					2:	imull	$1664525, %eax, %eax
						addl	$1013904223, %eax
						stosl
						decl	%ecx
						jnz	2b
						movl	$1, %ebx
					3:	movl	0x400000(,%rbx,4), %eax
						movl	%ebx, %ecx
					4:	movl	0x3ffffc(,%rcx,4), %edx
						cmpl	%eax, %edx
						jbe	5f
						movl	%edx, 0x400000(,%rcx,4)
						decl	%ecx
						jnz	4b
					5:	movl	%eax, 0x400000(,%rcx,4)
						incl	%ebx
						cmpl	$256, %ebx
						jne	3b
						jmp	1b
					"""),
	/** Recursive Fibonacci numbers: calls, returns, the stack. */
	FIBONACCI("bc00008000bf18000000e802000000ebf489f883ff0272175357ffcfe8f0ffffff89c35f83ef02e8e5ffffff01d85bc3", """
				movl	$0x800000, %esp
			1:	movl	$24, %edi
				call	2f
				jmp	1b
			2:	movl	%edi, %eax
				cmpl	$2, %edi
				jb	3f
				pushq	%rbx
				pushq	%rdi
				decl	%edi
				call	2b
				movl	%eax, %ebx
				popq	%rdi
				subl	$2, %edi
				call	2b
				addl	%ebx, %eax
				popq	%rbx
			3:	ret
			""");

	private final String hex;
	private final String source;

	GuestLoop(String hex, String source) {
		this.hex = hex;
		this.source = source;
	}

	/** AT&T source, for the GNU assembler in 64-bit mode. */
	public String source() {
		return source;
	}

	/** The code, to run at any address. */
	public byte[] code() {
		return HexFormat.of().parseHex(hex);
	}
}
