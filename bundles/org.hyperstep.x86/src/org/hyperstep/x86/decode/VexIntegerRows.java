/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** AVX and AVX2: the integer instructions of SSE with VEX encodings, and BMI. Notation: {@link InstructionTable}. */
@SuppressWarnings("nls")
final class VexIntegerRows {

	static final String ROWS = """
			v0f60 VPUNPCKLBW Vx,Hx,Wx 66
			v0f61 VPUNPCKLWD Vx,Hx,Wx 66
			v0f62 VPUNPCKLDQ Vx,Hx,Wx 66
			v0f6c VPUNPCKLQDQ Vx,Hx,Wx 66
			v0f6d VPUNPCKHQDQ Vx,Hx,Wx 66
			v0f63 VPACKSSWB Vx,Hx,Wx 66
			v0f64 VPCMPGTB Vx,Hx,Wx 66
			v0f65 VPCMPGTW Vx,Hx,Wx 66
			v0f66 VPCMPGTD Vx,Hx,Wx 66
			v0f67 VPACKUSWB Vx,Hx,Wx 66
			v0f68 VPUNPCKHBW Vx,Hx,Wx 66
			v0f69 VPUNPCKHWD Vx,Hx,Wx 66
			v0f6a VPUNPCKHDQ Vx,Hx,Wx 66
			v0f6b VPACKSSDW Vx,Hx,Wx 66
			v0f74 VPCMPEQB Vx,Hx,Wx 66
			v0f75 VPCMPEQW Vx,Hx,Wx 66
			v0f76 VPCMPEQD Vx,Hx,Wx 66
			v0fd1 VPSRLW Vx,Hx,Wdq 66
			v0fd2 VPSRLD Vx,Hx,Wdq 66
			v0fd3 VPSRLQ Vx,Hx,Wdq 66
			v0fd4 VPADDQ Vx,Hx,Wx 66
			v0fd5 VPMULLW Vx,Hx,Wx 66
			v0fd8 VPSUBUSB Vx,Hx,Wx 66
			v0fd9 VPSUBUSW Vx,Hx,Wx 66
			v0fda VPMINUB Vx,Hx,Wx 66
			v0fdb VPAND Vx,Hx,Wx 66
			v0fdc VPADDUSB Vx,Hx,Wx 66
			v0fdd VPADDUSW Vx,Hx,Wx 66
			v0fde VPMAXUB Vx,Hx,Wx 66
			v0fdf VPANDN Vx,Hx,Wx 66
			v0fe0 VPAVGB Vx,Hx,Wx 66
			v0fe1 VPSRAW Vx,Hx,Wdq 66
			v0fe2 VPSRAD Vx,Hx,Wdq 66
			v0fe3 VPAVGW Vx,Hx,Wx 66
			v0fe4 VPMULHUW Vx,Hx,Wx 66
			v0fe5 VPMULHW Vx,Hx,Wx 66
			v0fe8 VPSUBSB Vx,Hx,Wx 66
			v0fe9 VPSUBSW Vx,Hx,Wx 66
			v0fea VPMINSW Vx,Hx,Wx 66
			v0feb VPOR Vx,Hx,Wx 66
			v0fec VPADDSB Vx,Hx,Wx 66
			v0fed VPADDSW Vx,Hx,Wx 66
			v0fee VPMAXSW Vx,Hx,Wx 66
			v0fef VPXOR Vx,Hx,Wx 66
			v0ff1 VPSLLW Vx,Hx,Wdq 66
			v0ff2 VPSLLD Vx,Hx,Wdq 66
			v0ff3 VPSLLQ Vx,Hx,Wdq 66
			v0ff4 VPMULUDQ Vx,Hx,Wx 66
			v0ff5 VPMADDWD Vx,Hx,Wx 66
			v0ff6 VPSADBW Vx,Hx,Wx 66
			v0ff8 VPSUBB Vx,Hx,Wx 66
			v0ff9 VPSUBW Vx,Hx,Wx 66
			v0ffa VPSUBD Vx,Hx,Wx 66
			v0ffb VPSUBQ Vx,Hx,Wx 66
			v0ffc VPADDB Vx,Hx,Wx 66
			v0ffd VPADDW Vx,Hx,Wx 66
			v0ffe VPADDD Vx,Hx,Wx 66
			v0f71/2 VPSRLW Hx,Ux,Ib 66
			v0f71/4 VPSRAW Hx,Ux,Ib 66
			v0f71/6 VPSLLW Hx,Ux,Ib 66
			v0f72/2 VPSRLD Hx,Ux,Ib 66
			v0f72/4 VPSRAD Hx,Ux,Ib 66
			v0f72/6 VPSLLD Hx,Ux,Ib 66
			v0f73/2 VPSRLQ Hx,Ux,Ib 66
			v0f73/3 VPSRLDQ Hx,Ux,Ib 66
			v0f73/6 VPSLLQ Hx,Ux,Ib 66
			v0f73/7 VPSLLDQ Hx,Ux,Ib 66
			v0f6e VMOVD Vdq,Ey 66 l0
			v0f7e VMOVD Ey,Vdq 66 l0
			v0f7e VMOVQ Vdq,Wq f3 l0
			v0fd6 VMOVQ Wq,Vdq 66 l0
			v0f6f VMOVDQA Vx,Wx 66
			v0f6f VMOVDQU Vx,Wx f3
			v0f7f VMOVDQA Wx,Vx 66
			v0f7f VMOVDQU Wx,Vx f3
			v0f70 VPSHUFD Vx,Wx,Ib 66
			v0f70 VPSHUFHW Vx,Wx,Ib f3
			v0f70 VPSHUFLW Vx,Wx,Ib f2
			v0fc4 VPINSRW Vdq,Hdq,RdMw,Ib 66 l0
			v0fc5 VPEXTRW Gd,Udq,Ib 66 l0
			v0fd7 VPMOVMSKB Gy,Ux 66
			v0fe7 VMOVNTDQ Mx,Vx 66
			v0ff0 VLDDQU Vx,Mx f2
			v0ff7 VMASKMOVDQU Vdq,Udq 66 l0
			v0f3800 VPSHUFB Vx,Hx,Wx 66
			v0f3801 VPHADDW Vx,Hx,Wx 66
			v0f3802 VPHADDD Vx,Hx,Wx 66
			v0f3803 VPHADDSW Vx,Hx,Wx 66
			v0f3804 VPMADDUBSW Vx,Hx,Wx 66
			v0f3805 VPHSUBW Vx,Hx,Wx 66
			v0f3806 VPHSUBD Vx,Hx,Wx 66
			v0f3807 VPHSUBSW Vx,Hx,Wx 66
			v0f3808 VPSIGNB Vx,Hx,Wx 66
			v0f3809 VPSIGNW Vx,Hx,Wx 66
			v0f380a VPSIGND Vx,Hx,Wx 66
			v0f380b VPMULHRSW Vx,Hx,Wx 66
			v0f381c VPABSB Vx,Wx 66
			v0f381d VPABSW Vx,Wx 66
			v0f381e VPABSD Vx,Wx 66
			v0f3817 VPTEST Vx,Wx 66
			v0f3820 VPMOVSXBW Vx,Wh 66
			v0f3821 VPMOVSXBD Vx,Wf 66
			v0f3822 VPMOVSXBQ Vx,We 66
			v0f3823 VPMOVSXWD Vx,Wh 66
			v0f3824 VPMOVSXWQ Vx,Wf 66
			v0f3825 VPMOVSXDQ Vx,Wh 66
			v0f3830 VPMOVZXBW Vx,Wh 66
			v0f3831 VPMOVZXBD Vx,Wf 66
			v0f3832 VPMOVZXBQ Vx,We 66
			v0f3833 VPMOVZXWD Vx,Wh 66
			v0f3834 VPMOVZXWQ Vx,Wf 66
			v0f3835 VPMOVZXDQ Vx,Wh 66
			v0f3828 VPMULDQ Vx,Hx,Wx 66
			v0f3829 VPCMPEQQ Vx,Hx,Wx 66
			v0f382b VPACKUSDW Vx,Hx,Wx 66
			v0f3837 VPCMPGTQ Vx,Hx,Wx 66
			v0f3838 VPMINSB Vx,Hx,Wx 66
			v0f3839 VPMINSD Vx,Hx,Wx 66
			v0f383a VPMINUW Vx,Hx,Wx 66
			v0f383b VPMINUD Vx,Hx,Wx 66
			v0f383c VPMAXSB Vx,Hx,Wx 66
			v0f383d VPMAXSD Vx,Hx,Wx 66
			v0f383e VPMAXUW Vx,Hx,Wx 66
			v0f383f VPMAXUD Vx,Hx,Wx 66
			v0f3840 VPMULLD Vx,Hx,Wx 66
			v0f382a VMOVNTDQA Vx,Mx 66
			v0f3841 VPHMINPOSUW Vdq,Wdq 66 l0
			v0f38db VAESIMC Vdq,Wdq 66 l0
			v0f38dc VAESENC Vdq,Hdq,Wdq 66 l0
			v0f38dd VAESENCLAST Vdq,Hdq,Wdq 66 l0
			v0f38de VAESDEC Vdq,Hdq,Wdq 66 l0
			v0f38df VAESDECLAST Vdq,Hdq,Wdq 66 l0
			v0f3a0e VPBLENDW Vx,Hx,Wx,Ib 66
			v0f3a0f VPALIGNR Vx,Hx,Wx,Ib 66
			v0f3a14 VPEXTRB RdMb,Vdq,Ib 66 l0
			v0f3a15 VPEXTRW RdMw,Vdq,Ib 66 l0
			v0f3a16 VPEXTRD Ey,Vdq,Ib 66 l0
			v0f3a20 VPINSRB Vdq,Hdq,RdMb,Ib 66 l0
			v0f3a22 VPINSRD Vdq,Hdq,Ey,Ib 66 l0
			v0f3a42 VMPSADBW Vx,Hx,Wx,Ib 66
			v0f3a44 VPCLMULQDQ Vdq,Hdq,Wdq,Ib 66 l0
			v0f3a4c VPBLENDVB Vx,Hx,Wx,Lx 66 w0
			v0f3a60 VPCMPESTRM Vdq,Wdq,Ib 66 l0
			v0f3a61 VPCMPESTRI Vdq,Wdq,Ib 66 l0
			v0f3a62 VPCMPISTRM Vdq,Wdq,Ib 66 l0
			v0f3a63 VPCMPISTRI Vdq,Wdq,Ib 66 l0
			v0f3adf VAESKEYGENASSIST Vdq,Wdq,Ib 66 l0
			v0f38f2 ANDN Gy,BGy,Ey np l0
			v0f38f3/1 BLSR BGy,Ey np l0
			v0f38f3/2 BLSMSK BGy,Ey np l0
			v0f38f3/3 BLSI BGy,Ey np l0
			v0f38f5 BZHI Gy,Ey,BGy np l0
			v0f38f5 PEXT Gy,BGy,Ey f3 l0
			v0f38f5 PDEP Gy,BGy,Ey f2 l0
			v0f38f6 MULX Gy,BGy,Ey f2 l0
			v0f38f7 BEXTR Gy,Ey,BGy np l0
			v0f38f7 SHLX Gy,Ey,BGy 66 l0
			v0f38f7 SARX Gy,Ey,BGy f3 l0
			v0f38f7 SHRX Gy,Ey,BGy f2 l0
			v0f3af0 RORX Gy,Ey,Ib f2 l0
			""";

	private VexIntegerRows() {
	}
}
