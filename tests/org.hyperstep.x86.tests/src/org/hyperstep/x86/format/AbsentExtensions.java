/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Mnemonics of objdump for extensions that the instruction table leaves out, by extension. */
@SuppressWarnings("nls")
final class AbsentExtensions {

	private static final Set<String> MNEMONICS = Set.of(
			// Safer Mode Extensions
			"getsec",
			// 3DNow!
			"femms", "pavgusb", "pmulhrw", "pswapd", "pi2fw", "pi2fd", "pf2iw", "pf2id", "pfacc", "pfadd", "pfcmpeq",
			"pfcmpge",
			"pfcmpgt", "pfmax", "pfmin", "pfmul", "pfnacc", "pfpnacc", "pfrcp", "pfrcpit1", "pfrcpit2", "pfrsqit1",
			"pfrsqrt",
			"pfsub", "pfsubr",
			// Control-flow Enforcement Technology
			"wrssd", "wrssq", "wrussd", "wrussq", "clrssbsy", "setssbsy", "saveprevssp", "rstorssp", "incsspd",
			"incsspq",
			// Direct stores, enqueued stores, remote atomic operations
			"movdiri", "movdir64b", "enqcmd", "enqcmds", "aadd", "aand", "aor", "axor",
			// Key Locker
			"aesdec128kl", "aesdec256kl", "aesenc128kl", "aesenc256kl", "aesdecwide128kl", "aesdecwide256kl",
			"aesencwide128kl", "aesencwide256kl", "encodekey128", "encodekey256", "loadiwkey",
			// Transactional synchronization
			"xabort", "xbegin", "xbeginw", "xbegind", "xbeginl", "xbeginq", "xend", "xtest", "xsusldtrk", "xresldtrk",
			// VIA PadLock
			"xstore-rng", "xcrypt-ecb", "xcrypt-cbc", "xcrypt-ctr", "xcrypt-cfb", "xcrypt-ofb", "xsha1", "xsha256",
			"montmul",
			// Software guard, trust domains, secure encryption, platform configuration
			"encls", "enclv", "enclu", "pconfig", "tdcall", "seamcall", "seamret", "seamops", "psmash", "pvalidate",
			"rmpadjust", "rmpupdate", "rmpquery", "invlpgb", "tlbsync", "vmgexit",
			// User interrupts, user waits, tracing, others
			"clui", "stui", "testui", "uiret", "senduipi", "umonitor", "umwait", "tpause", "ptwrite", "wrmsrns",
			"rdmsrlist",
			"wrmsrlist", "hreset", "mcommit", "cldemote", "rdsspd", "rdsspq");

	/** VEX instructions: FMA4, mask registers, dot products, Galois fields, wide AES, tiles, conversions, hashes. */
	private static final Pattern VEX = Pattern
			.compile("\\{vex\\}.*|vfn?m(add|sub|addsub|subadd)[ps][sd]|k[a-z]+[bwdq]|vpermil2p[sd]"
					+ "|vpdp[a-z]+|vgf2p8.*|vaes(enc|dec)(last)?|vpclmul.*|(ld|st)tilecfg|tile.*|tdp.*|tcmm.*"
					+ "|vcvtne.*|vbcstne.*|vpmadd52.*|cmp[a-z]+xadd|vsm[34].*|vsha512.*");

	private static final Set<String> PREFIXES = Set.of("lock", "repz", "repnz", "rep", "bnd", "cs", "ds", "es", "ss",
			"fs",
			"gs", "data16", "data32", "addr16", "addr32", "notrack", "xacquire", "xrelease");

	private AbsentExtensions() {
	}

	/** Whether the text is one of prefixes alone. */
	static boolean arePrefixes(String text) {
		return Stream.of(text.split(" +")).allMatch(AbsentExtensions::isPrefix);
	}

	private static boolean isPrefix(String word) {
		return PREFIXES.contains(word) || word.startsWith("rex");
	}

	/** Whether the text is an instruction of such an extension. */
	static boolean contain(String text) {
		for (String word : text.split(" +")) {
			if (!isPrefix(word)) {
				return MNEMONICS.contains(word) || VEX.matcher(word).matches();
			}
		}
		return false;
	}
}
