/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.EnumSet;
import java.util.Set;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.system.Feature;

/** The features of CPUID that a VEX-encoded vector instruction belongs to ("CPUID Feature Flag" of its page). */
@SuppressWarnings("nls")
final class VexFeatures {
	/** Integer instructions that are AVX with 256 bits too, and those that are floating-point in spite of their name. */
	private static final Set<Mnemonic> AVX_WITH_256_BITS = EnumSet.of(Mnemonic.VPTEST, Mnemonic.VPERMILPS,
			Mnemonic.VPERMILPD, Mnemonic.VPERM2F128);
	private static final Set<Mnemonic> AVX2_WITH_ANY_LENGTH = EnumSet.of(Mnemonic.VBROADCASTI128,
			Mnemonic.VINSERTI128, Mnemonic.VEXTRACTI128, Mnemonic.VPERMD, Mnemonic.VPERMPS, Mnemonic.VPERMQ,
			Mnemonic.VPERMPD, Mnemonic.VPERM2I128, Mnemonic.VPBLENDD, Mnemonic.VPSLLVD, Mnemonic.VPSLLVQ,
			Mnemonic.VPSRLVD, Mnemonic.VPSRLVQ, Mnemonic.VPSRAVD, Mnemonic.VPBROADCASTB, Mnemonic.VPBROADCASTW,
			Mnemonic.VPBROADCASTD, Mnemonic.VPBROADCASTQ, Mnemonic.VPMASKMOVD, Mnemonic.VPMASKMOVQ);

	private VexFeatures() {
	}

	/** All of them must be there. */
	static Set<Feature> of(Instruction i) {
		Mnemonic mnemonic = i.mnemonic();
		String name = mnemonic.name();
		if (mnemonic == Mnemonic.VCVTPH2PS || mnemonic == Mnemonic.VCVTPS2PH) {
			return EnumSet.of(Feature.F16C);
		}
		if (isFused(mnemonic)) {
			return EnumSet.of(Feature.FMA);
		}
		if (name.startsWith("VAES")) {
			return EnumSet.of(Feature.AVX, Feature.AES);
		}
		if (mnemonic == Mnemonic.VPCLMULQDQ) {
			return EnumSet.of(Feature.AVX, Feature.PCLMULQDQ);
		}
		return EnumSet.of(isAvx2(i, name) ? Feature.AVX2 : Feature.AVX);
	}

	private static boolean isAvx2(Instruction i, String name) {
		Mnemonic mnemonic = i.mnemonic();
		if (AVX2_WITH_ANY_LENGTH.contains(mnemonic) || name.contains("GATHER")) {
			return true;
		}
		if (mnemonic == Mnemonic.VBROADCASTSS || mnemonic == Mnemonic.VBROADCASTSD) {
			// From memory they are AVX.
			return i.operand(1) instanceof Operand.Reg;
		}
		boolean integer = name.startsWith("VP") || mnemonic == Mnemonic.VMPSADBW || mnemonic == Mnemonic.VMOVNTDQA;
		return integer && !AVX_WITH_256_BITS.contains(mnemonic) && has256Bits(i);
	}

	/** Whether an operand is a YMM register, or as large in memory. */
	static boolean has256Bits(Instruction i) {
		return i.operands().stream().anyMatch(operand -> switch (operand) {
			case Operand.Reg reg -> reg.register().kind() == Register.Kind.YMM;
			case Operand.Mem mem -> mem.size() == 32;
			default -> false;
		});
	}

	/** Whether the instruction multiplies and adds with one rounding. */
	static boolean isFused(Mnemonic mnemonic) {
		return mnemonic.name().startsWith("VFM") || mnemonic.name().startsWith("VFNM");
	}
}
