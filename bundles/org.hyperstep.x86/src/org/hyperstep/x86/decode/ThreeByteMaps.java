/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** SSSE3, SSE4.1, SSE4.2, AES, SHA: the maps behind 0F 38 and 0F 3A. Notation: {@link InstructionTable}. */
@SuppressWarnings("nls")
final class ThreeByteMaps {

	static final String ROWS = """
			0f3800 PSHUFB Pq,Qq np
			0f3800 PSHUFB Vdq,Wdq 66
			0f3801 PHADDW Pq,Qq np
			0f3801 PHADDW Vdq,Wdq 66
			0f3802 PHADDD Pq,Qq np
			0f3802 PHADDD Vdq,Wdq 66
			0f3803 PHADDSW Pq,Qq np
			0f3803 PHADDSW Vdq,Wdq 66
			0f3804 PMADDUBSW Pq,Qq np
			0f3804 PMADDUBSW Vdq,Wdq 66
			0f3805 PHSUBW Pq,Qq np
			0f3805 PHSUBW Vdq,Wdq 66
			0f3806 PHSUBD Pq,Qq np
			0f3806 PHSUBD Vdq,Wdq 66
			0f3807 PHSUBSW Pq,Qq np
			0f3807 PHSUBSW Vdq,Wdq 66
			0f3808 PSIGNB Pq,Qq np
			0f3808 PSIGNB Vdq,Wdq 66
			0f3809 PSIGNW Pq,Qq np
			0f3809 PSIGNW Vdq,Wdq 66
			0f380a PSIGND Pq,Qq np
			0f380a PSIGND Vdq,Wdq 66
			0f380b PMULHRSW Pq,Qq np
			0f380b PMULHRSW Vdq,Wdq 66
			0f381c PABSB Pq,Qq np
			0f381c PABSB Vdq,Wdq 66
			0f381d PABSW Pq,Qq np
			0f381d PABSW Vdq,Wdq 66
			0f381e PABSD Pq,Qq np
			0f381e PABSD Vdq,Wdq 66
			0f3810 PBLENDVB Vdq,Wdq,XMM0 66
			0f3814 BLENDVPS Vdq,Wdq,XMM0 66
			0f3815 BLENDVPD Vdq,Wdq,XMM0 66
			0f3817 PTEST Vdq,Wdq 66
			0f3820 PMOVSXBW Vdq,Wq 66
			0f3821 PMOVSXBD Vdq,Wd 66
			0f3822 PMOVSXBQ Vdq,Ww 66
			0f3823 PMOVSXWD Vdq,Wq 66
			0f3824 PMOVSXWQ Vdq,Wd 66
			0f3825 PMOVSXDQ Vdq,Wq 66
			0f3830 PMOVZXBW Vdq,Wq 66
			0f3831 PMOVZXBD Vdq,Wd 66
			0f3832 PMOVZXBQ Vdq,Ww 66
			0f3833 PMOVZXWD Vdq,Wq 66
			0f3834 PMOVZXWQ Vdq,Wd 66
			0f3835 PMOVZXDQ Vdq,Wq 66
			0f3828 PMULDQ Vdq,Wdq 66
			0f3829 PCMPEQQ Vdq,Wdq 66
			0f382b PACKUSDW Vdq,Wdq 66
			0f3837 PCMPGTQ Vdq,Wdq 66
			0f3838 PMINSB Vdq,Wdq 66
			0f3839 PMINSD Vdq,Wdq 66
			0f383a PMINUW Vdq,Wdq 66
			0f383b PMINUD Vdq,Wdq 66
			0f383c PMAXSB Vdq,Wdq 66
			0f383d PMAXSD Vdq,Wdq 66
			0f383e PMAXUW Vdq,Wdq 66
			0f383f PMAXUD Vdq,Wdq 66
			0f3840 PMULLD Vdq,Wdq 66
			0f3841 PHMINPOSUW Vdq,Wdq 66
			0f38cf GF2P8MULB Vdq,Wdq 66
			0f38db AESIMC Vdq,Wdq 66
			0f38dc AESENC Vdq,Wdq 66
			0f38dd AESENCLAST Vdq,Wdq 66
			0f38de AESDEC Vdq,Wdq 66
			0f38df AESDECLAST Vdq,Wdq 66
			0f382a MOVNTDQA Vdq,Mdq 66
			0f38c8 SHA1NEXTE Vdq,Wdq np
			0f38c9 SHA1MSG1 Vdq,Wdq np
			0f38ca SHA1MSG2 Vdq,Wdq np
			0f38cb SHA256RNDS2 Vdq,Wdq,XMM0 np
			0f38cc SHA256MSG1 Vdq,Wdq np
			0f38cd SHA256MSG2 Vdq,Wdq np
			0f3a08 ROUNDPS Vdq,Wdq,Ib 66
			0f3a09 ROUNDPD Vdq,Wdq,Ib 66
			0f3a0a ROUNDSS Vdq,Wd,Ib 66
			0f3a0b ROUNDSD Vdq,Wq,Ib 66
			0f3a0c BLENDPS Vdq,Wdq,Ib 66
			0f3a0d BLENDPD Vdq,Wdq,Ib 66
			0f3a0e PBLENDW Vdq,Wdq,Ib 66
			0f3a21 INSERTPS Vdq,Wd,Ib 66
			0f3a40 DPPS Vdq,Wdq,Ib 66
			0f3a41 DPPD Vdq,Wdq,Ib 66
			0f3a42 MPSADBW Vdq,Wdq,Ib 66
			0f3a44 PCLMULQDQ Vdq,Wdq,Ib 66
			0f3a60 PCMPESTRM Vdq,Wdq,Ib 66
			0f3a61 PCMPESTRI Vdq,Wdq,Ib 66
			0f3a62 PCMPISTRM Vdq,Wdq,Ib 66
			0f3a63 PCMPISTRI Vdq,Wdq,Ib 66
			0f3ace GF2P8AFFINEQB Vdq,Wdq,Ib 66
			0f3acf GF2P8AFFINEINVQB Vdq,Wdq,Ib 66
			0f3adf AESKEYGENASSIST Vdq,Wdq,Ib 66
			0f3a0f PALIGNR Pq,Qq,Ib np
			0f3a0f PALIGNR Vdq,Wdq,Ib 66
			0f3a14 PEXTRB RdMb,Vdq,Ib 66
			0f3a15 PEXTRW RdMw,Vdq,Ib 66
			0f3a16 PEXTRD Ey,Vdq,Ib 66
			0f3a17 EXTRACTPS RdMd,Vdq,Ib 66
			0f3a20 PINSRB Vdq,RdMb,Ib 66
			0f3a22 PINSRD Vdq,Ey,Ib 66
			0f3acc SHA1RNDS4 Vdq,Wdq,Ib np
			""";

	private ThreeByteMaps() {
	}
}
