/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** AVX: the floating-point instructions of SSE with VEX encodings. Notation: {@link InstructionTable}. */
@SuppressWarnings("nls")
final class VexFloatRows {

	static final String ROWS = """
			v0f51 VSQRTPS Vx,Wx np
			v0f51 VSQRTPD Vx,Wx 66
			v0f51 VSQRTSS Vdq,Hdq,Wd f3
			v0f51 VSQRTSD Vdq,Hdq,Wq f2
			v0f58 VADDPS Vx,Hx,Wx np
			v0f58 VADDPD Vx,Hx,Wx 66
			v0f58 VADDSS Vdq,Hdq,Wd f3
			v0f58 VADDSD Vdq,Hdq,Wq f2
			v0f59 VMULPS Vx,Hx,Wx np
			v0f59 VMULPD Vx,Hx,Wx 66
			v0f59 VMULSS Vdq,Hdq,Wd f3
			v0f59 VMULSD Vdq,Hdq,Wq f2
			v0f5c VSUBPS Vx,Hx,Wx np
			v0f5c VSUBPD Vx,Hx,Wx 66
			v0f5c VSUBSS Vdq,Hdq,Wd f3
			v0f5c VSUBSD Vdq,Hdq,Wq f2
			v0f5d VMINPS Vx,Hx,Wx np
			v0f5d VMINPD Vx,Hx,Wx 66
			v0f5d VMINSS Vdq,Hdq,Wd f3
			v0f5d VMINSD Vdq,Hdq,Wq f2
			v0f5e VDIVPS Vx,Hx,Wx np
			v0f5e VDIVPD Vx,Hx,Wx 66
			v0f5e VDIVSS Vdq,Hdq,Wd f3
			v0f5e VDIVSD Vdq,Hdq,Wq f2
			v0f5f VMAXPS Vx,Hx,Wx np
			v0f5f VMAXPD Vx,Hx,Wx 66
			v0f5f VMAXSS Vdq,Hdq,Wd f3
			v0f5f VMAXSD Vdq,Hdq,Wq f2
			v0f14 VUNPCKLPS Vx,Hx,Wx np
			v0f14 VUNPCKLPD Vx,Hx,Wx 66
			v0f15 VUNPCKHPS Vx,Hx,Wx np
			v0f15 VUNPCKHPD Vx,Hx,Wx 66
			v0f54 VANDPS Vx,Hx,Wx np
			v0f54 VANDPD Vx,Hx,Wx 66
			v0f55 VANDNPS Vx,Hx,Wx np
			v0f55 VANDNPD Vx,Hx,Wx 66
			v0f56 VORPS Vx,Hx,Wx np
			v0f56 VORPD Vx,Hx,Wx 66
			v0f57 VXORPS Vx,Hx,Wx np
			v0f57 VXORPD Vx,Hx,Wx 66
			v0f10 VMOVUPS Vx,Wx np
			v0f10 VMOVUPD Vx,Wx 66
			v0f11 VMOVUPS Wx,Vx np
			v0f11 VMOVUPD Wx,Vx 66
			v0f28 VMOVAPS Vx,Wx np
			v0f28 VMOVAPD Vx,Wx 66
			v0f29 VMOVAPS Wx,Vx np
			v0f29 VMOVAPD Wx,Vx 66
			v0f10 VMOVSS Vdq,Md f3
			v0f10 VMOVSS Vdq,Hdq,Udq f3
			v0f10 VMOVSD Vdq,Mq f2
			v0f10 VMOVSD Vdq,Hdq,Udq f2
			v0f11 VMOVSS Md,Vdq f3
			v0f11 VMOVSS Udq,Hdq,Vdq f3
			v0f11 VMOVSD Mq,Vdq f2
			v0f11 VMOVSD Udq,Hdq,Vdq f2
			v0f12 VMOVLPS Vdq,Hdq,Mq np l0
			v0f12 VMOVHLPS Vdq,Hdq,Udq np l0
			v0f12 VMOVLPD Vdq,Hdq,Mq 66 l0
			v0f12 VMOVSLDUP Vx,Wx f3
			v0f12 VMOVDDUP Vdq,Wq f2 l0
			v0f12 VMOVDDUP Vqq,Wqq f2 l1
			v0f13 VMOVLPS Mq,Vdq np l0
			v0f13 VMOVLPD Mq,Vdq 66 l0
			v0f16 VMOVHPS Vdq,Hdq,Mq np l0
			v0f16 VMOVLHPS Vdq,Hdq,Udq np l0
			v0f16 VMOVHPD Vdq,Hdq,Mq 66 l0
			v0f16 VMOVSHDUP Vx,Wx f3
			v0f17 VMOVHPS Mq,Vdq np l0
			v0f17 VMOVHPD Mq,Vdq 66 l0
			v0f2a VCVTSI2SS Vdq,Hdq,Ey f3
			v0f2a VCVTSI2SD Vdq,Hdq,Ey f2
			v0f2b VMOVNTPS Mx,Vx np
			v0f2b VMOVNTPD Mx,Vx 66
			v0f2c VCVTTSS2SI Gy,Wd f3
			v0f2c VCVTTSD2SI Gy,Wq f2
			v0f2d VCVTSS2SI Gy,Wd f3
			v0f2d VCVTSD2SI Gy,Wq f2
			v0f2e VUCOMISS Vdq,Wd np
			v0f2e VUCOMISD Vdq,Wq 66
			v0f2f VCOMISS Vdq,Wd np
			v0f2f VCOMISD Vdq,Wq 66
			v0f50 VMOVMSKPS Gy,Ux np
			v0f50 VMOVMSKPD Gy,Ux 66
			v0f52 VRSQRTPS Vx,Wx np
			v0f52 VRSQRTSS Vdq,Hdq,Wd f3
			v0f53 VRCPPS Vx,Wx np
			v0f53 VRCPSS Vdq,Hdq,Wd f3
			v0f5a VCVTPS2PD Vx,Wh np
			v0f5a VCVTPD2PS Vdq,Wx 66
			v0f5a VCVTSS2SD Vdq,Hdq,Wd f3
			v0f5a VCVTSD2SS Vdq,Hdq,Wq f2
			v0f5b VCVTDQ2PS Vx,Wx np
			v0f5b VCVTPS2DQ Vx,Wx 66
			v0f5b VCVTTPS2DQ Vx,Wx f3
			v0fe6 VCVTDQ2PD Vx,Wh f3
			v0fe6 VCVTTPD2DQ Vdq,Wx 66
			v0fe6 VCVTPD2DQ Vdq,Wx f2
			v0f7c VHADDPD Vx,Hx,Wx 66
			v0f7c VHADDPS Vx,Hx,Wx f2
			v0f7d VHSUBPD Vx,Hx,Wx 66
			v0f7d VHSUBPS Vx,Hx,Wx f2
			v0fd0 VADDSUBPD Vx,Hx,Wx 66
			v0fd0 VADDSUBPS Vx,Hx,Wx f2
			v0f77 VZEROUPPER - np l0
			v0f77 VZEROALL - np l1
			v0fae/2 VLDMXCSR Md np l0
			v0fae/3 VSTMXCSR Md np l0
			v0fc2 VCMPPS Vx,Hx,Wx,Ib np
			v0fc2 VCMPPD Vx,Hx,Wx,Ib 66
			v0fc2 VCMPSS Vdq,Hdq,Wd,Ib f3
			v0fc2 VCMPSD Vdq,Hdq,Wq,Ib f2
			v0fc6 VSHUFPS Vx,Hx,Wx,Ib np
			v0fc6 VSHUFPD Vx,Hx,Wx,Ib 66
			""";

	private VexFloatRows() {
	}
}
