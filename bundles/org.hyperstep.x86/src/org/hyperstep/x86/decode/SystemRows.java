/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** System instructions, VMX and SVM. Notation: {@link InstructionTable}. */
@SuppressWarnings("nls")
final class SystemRows {

	static final String ROWS = """
			0f00/0 SLDT RvMw
			0f00/1 STR RvMw
			0f00/2 LLDT Ew
			0f00/3 LTR Ew
			0f00/4 VERR Ew
			0f00/5 VERW Ew
			0f01/0 SGDT Ms mem f64
			0f01/1 SIDT Ms mem f64
			0f01/2 LGDT Ms mem f64
			0f01/3 LIDT Ms mem f64
			0f01/4 SMSW RvMw
			0f01/6 LMSW Ew
			0f01/7 INVLPG M mem
			0f01:c1 VMCALL -
			0f01:c2 VMLAUNCH -
			0f01:c3 VMRESUME -
			0f01:c4 VMXOFF -
			0f01:c8 MONITOR aAX,ECX,EDX
			0f01:c9 MWAIT EAX,ECX
			0f01:ca CLAC -
			0f01:cb STAC -
			0f01:d0 XGETBV -
			0f01:d1 XSETBV -
			0f01:d4 VMFUNC -
			0f01:d8 VMRUN aAX
			0f01:d9 VMMCALL -
			0f01:da VMLOAD aAX
			0f01:db VMSAVE aAX
			0f01:dc STGI -
			0f01:dd CLGI -
			0f01:de SKINIT EAX
			0f01:df INVLPGA aAX,ECX
			0f01:e8 SERIALIZE - np
			0f01:ee RDPKRU - np
			0f01:ef WRPKRU - np
			0f01:f8 SWAPGS - o64
			0f01:f9 RDTSCP -
			0f01:fa MONITORX aAX,ECX,EDX np
			0f01:fb MWAITX EAX,ECX,EBX np
			0f01:fc CLZERO aAX
			0f01:fd RDPRU - np
			0f05 SYSCALL -
			0f06 CLTS -
			0f07 SYSRET -
			0f08 INVD -
			0f09 WBINVD - np,66,f2
			0f09 WBNOINVD - f3
			0f20 MOV_CR Rm,Cm m
			0f21 MOV_DR Rm,Dm m
			0f22 MOV_CR Cm,Rm m
			0f23 MOV_DR Dm,Rm m
			0f30 WRMSR -
			0f32 RDMSR -
			0f34 SYSENTER -
			0f35 SYSEXIT -
			0f78 VMREAD Em,Gm np m
			0f79 VMWRITE Gm,Em np m
			0faa RSM -
			0fae/0 FXSAVE M np mem
			0fae/1 FXRSTOR M np mem
			0fae/2 LDMXCSR Md np mem
			0fae/3 STMXCSR Md np mem
			0fae/4 XSAVE M np mem
			0fae/5 XRSTOR M np mem
			0fae/6 XSAVEOPT M np mem
			0fae/6 CLWB Mb 66 mem
			0fae/7 CLFLUSH Mb np mem
			0fae/7 CLFLUSHOPT Mb 66 mem
			0fae/5 LFENCE - np reg
			0fae/6 MFENCE - np reg
			0fae/7 SFENCE - np reg
			0fae/0 RDFSBASE Ry f3 reg o64
			0fae/1 RDGSBASE Ry f3 reg o64
			0fae/2 WRFSBASE Ry f3 reg o64
			0fae/3 WRGSBASE Ry f3 reg o64
			0fc7/3 XRSTORS M np mem
			0fc7/4 XSAVEC M np mem
			0fc7/5 XSAVES M np mem
			0fc7/6 VMPTRLD Mq np mem
			0fc7/6 VMCLEAR Mq 66 mem
			0fc7/6 VMXON Mq f3 mem
			0fc7/7 VMPTRST Mq np mem
			0f3880 INVEPT Gm,Mdq 66 m
			0f3881 INVVPID Gm,Mdq 66 m
			0f3882 INVPCID Gm,Mdq 66 m
			""";

	private SystemRows() {
	}
}
