/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.stream.Stream;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Encodings by hand: bytes, mode, Intel's and AT&T's text at address 0x1000, or the kind of illegality. */
@SuppressWarnings("nls")
class FormatVectorsTest {

	private static final long ADDRESS = 0x1000;

	private static final String VECTORS = """
			65488b042528000000 | 64 | mov    rax,QWORD PTR gs:0x28 | mov    %gs:0x28,%rax
			488d05e3330802 | 64 | lea    rax,[rip+0x20833e3]        # 0x20843ea | lea    0x20833e3(%rip),%rax        # 0x20843ea
			b810000000 | 64 | mov    eax,0x10 | mov    $0x10,%eax
			48b8efcdab8967452301 | 64 | movabs rax,0x123456789abcdef | movabs $0x123456789abcdef,%rax
			48c7c0ffffffff | 64 | mov    rax,0xffffffffffffffff | mov    $0xffffffffffffffff,%rax
			ffd0 | 64 | call   rax | call   *%rax
			e8fbffffff | 64 | call   0x1000 | call   0x1000
			66e8fbffffff | 64 | data16 call 0x1001 | data16 call 0x1001
			66e8fbff | 32 | callw  0xfff | callw  0xfff
			74fe | 64 | je     0x1000 | je     0x1000
			f390 | 64 | pause | pause
			90 | 64 | nop | nop
			6690 | 64 | xchg   ax,ax | xchg   %ax,%ax
			4190 | 64 | xchg   r8d,eax | xchg   %eax,%r8d
			f3a4 | 64 | rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi] | rep movsb %ds:(%rsi),%es:(%rdi)
			f348a5 | 64 | rep movs QWORD PTR es:[rdi],QWORD PTR ds:[rsi] | rep movsq %ds:(%rsi),%es:(%rdi)
			f3ab | 64 | rep stos DWORD PTR es:[rdi],eax | rep stos %eax,%es:(%rdi)
			f2ae | 64 | repnz scas al,BYTE PTR es:[rdi] | repnz scas %es:(%rdi),%al
			f3a6 | 64 | repz cmps BYTE PTR ds:[rsi],BYTE PTR es:[rdi] | repz cmpsb %es:(%rdi),%ds:(%rsi)
			64a4 | 32 | movs   BYTE PTR es:[edi],BYTE PTR fs:[esi] | movsb  %fs:(%esi),%es:(%edi)
			f00fb110 | 64 | lock cmpxchg DWORD PTR [rax],edx | lock cmpxchg %edx,(%rax)
			f0480fc708 | 64 | lock cmpxchg16b OWORD PTR [rax] | lock cmpxchg16b (%rax)
			0f20c0 | 64 | mov    rax,cr0 | mov    %cr0,%rax
			0f2200 | 64 | mov    cr0,rax | mov    %rax,%cr0
			440f20c0 | 64 | mov    rax,cr8 | mov    %cr8,%rax
			0f23f8 | 32 | mov    dr7,eax | mov    %eax,%db7
			8ed8 | 16 | mov    ds,ax | mov    %ax,%ds
			8cd8 | 64 | mov    eax,ds | mov    %ds,%eax
			0f01c1 | 64 | vmcall | vmcall
			0f01d9 | 64 | vmmcall | vmmcall
			f30fc730 | 64 | vmxon  QWORD PTR [rax] | vmxon  (%rax)
			0f78c3 | 64 | vmread rbx,rax | vmread %rax,%rbx
			0f0110 | 64 | lgdt   [rax] | lgdt   (%rax)
			0f011e0010 | 16 | lidtw  ds:0x1000 | lidtw  0x1000
			0f0138 | 64 | invlpg BYTE PTR [rax] | invlpg (%rax)
			0f01f8 | 64 | swapgs | swapgs
			0f05 | 64 | syscall | syscall
			480f07 | 64 | sysretq | sysretq
			48cf | 64 | iretq | iretq
			cf | 16 | iret | iret
			66cf | 16 | iretd | iretl
			ea00100800 | 16 | jmp    0x8:0x1000 | ljmp   $0x8,$0x1000
			66ea001000000800 | 16 | jmp    0x8:0x1000 | ljmpl  $0x8,$0x1000
			48cb | 64 | retfq | lretq
			c8100001 | 64 | enter  0x10,0x1 | enter  $0x10,$0x1
			6aff | 64 | push   0xffffffffffffffff | push   $0xffffffffffffffff
			9c | 64 | pushf | pushf
			cc | 64 | int3 | int3
			f1 | 64 | int1 | int1
			cd80 | 64 | int    0x80 | int    $0x80
			ed | 64 | in     eax,dx | in     (%dx),%eax
			e6f4 | 64 | out    0xf4,al | out    %al,$0xf4
			f4 | 64 | hlt | hlt
			fb | 64 | sti | sti
			f30f1efa | 64 | endbr64 | endbr64
			0f1f8400000000 | 64 | TRUNCATED
			0f1f840000000000 | 64 | nop    DWORD PTR [rax+rax*1+0x0] | nopl   0x0(%rax,%rax,1)
			0fb6c0 | 64 | movzx  eax,al | movzbl %al,%eax
			4863c1 | 64 | movsxd rax,ecx | movslq %ecx,%rax
			d1e0 | 64 | shl    eax,1 | shl    %eax
			d32424 | 64 | shl    DWORD PTR [rsp],cl | shll   %cl,(%rsp)
			0fa4c305 | 64 | shld   ebx,eax,0x5 | shld   $0x5,%eax,%ebx
			f30fb8c1 | 64 | popcnt eax,ecx | popcnt %ecx,%eax
			f3480fbcc1 | 64 | tzcnt  rax,rcx | tzcnt  %rcx,%rax
			4a8b44e0f8 | 64 | mov    rax,QWORD PTR [rax+r12*8-0x8] | mov    -0x8(%rax,%r12,8),%rax
			678b4600 | 32 | mov    eax,DWORD PTR [bp+0x0] | mov    0x0(%bp),%eax
			8b4704 | 16 | mov    ax,WORD PTR [bx+0x4] | mov    0x4(%bx),%ax
			27 | 32 | daa | daa
			c500 | 32 | lds    eax,FWORD PTR [eax] | lds    (%eax),%eax
			480fae00 | 64 | fxsave64 [rax] | fxsave64 (%rax)
			0fae38 | 64 | clflush BYTE PTR [rax] | clflush (%rax)
			0faef0 | 64 | mfence | mfence
			dbe3 | 64 | fninit | fninit
			dd45f8 | 64 | fld    QWORD PTR [rbp-0x8] | fldl   -0x8(%rbp)
			dee9 | 64 | fsubp  st(1),st | fsubrp %st,%st(1)
			f20f10c1 | 64 | movsd  xmm0,xmm1 | movsd  %xmm1,%xmm0
			66480f6ec0 | 64 | movq   xmm0,rax | movq   %rax,%xmm0
			f2480f2ac0 | 64 | cvtsi2sd xmm0,rax | cvtsi2sd %rax,%xmm0
			664890 | 64 | xchg   rax,rax | xchg   %rax,%rax
			c5f058c2 | 64 | vaddps xmm0,xmm1,xmm2 | vaddps %xmm2,%xmm1,%xmm0
			c5fc28c1 | 64 | vmovaps ymm0,ymm1 | vmovaps %ymm1,%ymm0
			c5fc28c1 | 32 | vmovaps ymm0,ymm1 | vmovaps %ymm1,%ymm0
			c5f877 | 64 | vzeroupper | vzeroupper
			c4e2f8f2c1 | 64 | andn   rax,rax,rcx | andn   %rcx,%rax,%rax
			c4e37d19c101 | 64 | vextractf128 xmm1,ymm0,0x1 | vextractf128 $0x1,%ymm0,%xmm1
			c4e2f1b8c2 | 64 | vfmadd231pd xmm0,xmm1,xmm2 | vfmadd231pd %xmm2,%xmm1,%xmm0
			66c5f877 | 64 | UNDEFINED
			48c5f877 | 64 | UNDEFINED
			f0c5f877 | 64 | UNDEFINED
			c5f028c1 | 64 | UNDEFINED
			62f17c4828c1 | 64 | UNDEFINED
			c5 | 64 | TRUNCATED
			c4e2 | 64 | TRUNCATED
			0fc2c101 | 64 | cmpltps xmm0,xmm1 | cmpltps %xmm1,%xmm0
			27 | 64 | UNDEFINED
			06 | 64 | UNDEFINED
			f090 | 64 | UNDEFINED
			f08b00 | 64 | UNDEFINED
			f001c0 | 64 | UNDEFINED
			8ec8 | 64 | UNDEFINED
			0f20c8 | 64 | UNDEFINED
			440f23c0 | 64 | UNDEFINED
			0f04 | 64 | UNDEFINED
			0f0b | 64 | ud2 | ud2
			8d | 64 | TRUNCATED
			8dc0 | 64 | UNDEFINED
			48 | 64 | TRUNCATED
			66 | 64 | TRUNCATED
			488b05000000 | 64 | TRUNCATED
			66666666666666666666666666666690 | 64 | TOO_LONG
			666666666666666666666666666690 | 64 | data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 xchg ax,ax | data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 data16 xchg %ax,%ax
			2e2e2e2e2e2e2e2e2e2e2e81000000000000 | 32 | TOO_LONG
			""";

	static Stream<String> vectors() {
		return VECTORS.lines();
	}

	@ParameterizedTest
	@MethodSource("vectors")
	void encodingReadsAsTheVectorSays(String vector) {
		String[] columns = vector.split(" \\| ");
		byte[] code = HexFormat.of().parseHex(columns[0]);
		CodeSize codeSize = CodeSize.valueOf("CODE" + columns[1]);
		Instruction instruction = Decoder.decode(codeSize, code, 0, code.length);
		if (columns.length != 4) {
			assertEquals(Legality.valueOf(columns[columns.length - 1]), instruction.legality());
			return;
		}
		assertEquals(Legality.LEGAL, instruction.legality());
		assertEquals(code.length, instruction.length());
		assertEquals(columns[2], new IntelFormatter().format(instruction, ADDRESS, SymbolResolver.NONE));
		assertEquals(columns[3], new AttFormatter().format(instruction, ADDRESS, SymbolResolver.NONE));
	}

	@Test
	void branchTargetCarriesItsSymbol() {
		Instruction call = Decoder.decode(CodeSize.CODE64, HexFormat.of().parseHex("e800000000"), 0, 5);
		SymbolResolver symbols = address -> address == 0x1005 ? "main+0x5" : null;
		FormattedInstruction parts = new IntelFormatter().parts(call, ADDRESS, symbols);
		assertEquals("call", parts.mnemonic());
		assertEquals("0x1005 <main+0x5>", parts.operands());
		assertEquals("call   0x1005 <main+0x5>", new AttFormatter().format(call, ADDRESS, symbols));
	}

	@Test
	void ripRelativeOperandCarriesItsSymbolInAComment() {
		Instruction lea = Decoder.decode(CodeSize.CODE64, HexFormat.of().parseHex("488d0500000000"), 0, 7);
		assertEquals("lea    rax,[rip+0x0]        # 0x1007 <data>",
				new IntelFormatter().format(lea, ADDRESS, address -> "data"));
	}
}
