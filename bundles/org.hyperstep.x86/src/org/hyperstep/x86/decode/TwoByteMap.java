/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** Integer and string instructions of the maps behind the escape byte 0FH. Notation: {@link InstructionTable}. */
@SuppressWarnings("nls")
final class TwoByteMap {

	static final String ROWS = """
			0f02 LAR Gv,RvMw
			0f03 LSL Gv,RvMw
			0f0b UD2 -
			0f0d/0 PREFETCH M mem
			0f0d/1 PREFETCHW M mem
			0f0d/2 PREFETCHWT1 M mem
			0f0d/3 PREFETCH M mem
			0f0d/4 PREFETCH M mem
			0f0d/5 PREFETCH M mem
			0f0d/6 PREFETCH M mem
			0f0d/7 PREFETCH M mem
			0f0d NOP Ev reg
			0f18/0 PREFETCHNTA M mem
			0f18/1 PREFETCHT0 M mem
			0f18/2 PREFETCHT1 M mem
			0f18/3 PREFETCHT2 M mem
			0f18/4 NOP Ev mem
			0f18/5 NOP Ev mem
			0f18/6 NOP Ev mem
			0f18/7 NOP Ev mem
			0f18 NOP Ev reg
			0f19..1b NOP Ev
			0f1c/0 CLDEMOTE M np mem
			0f1c NOP Ev
			0f1d NOP Ev
			0f1e:fa ENDBR64 - f3
			0f1e:fb ENDBR32 - f3
			0f1e NOP Ev
			0f1f NOP Ev
			0f31 RDTSC -
			0f33 RDPMC -
			0f40..4f CMOVCC Gv,Ev
			0f80..8f JCC Jz f64
			0f90..9f SETCC Eb
			0fa0 PUSH_SREG FS d64
			0fa1 POP_SREG FS d64
			0fa2 CPUID -
			0fa3 BT Ev,Gv
			0fa4 SHLD Ev,Gv,Ib
			0fa5 SHLD Ev,Gv,CL
			0fa8 PUSH_SREG GS d64
			0fa9 POP_SREG GS d64
			0fab BTS Ev,Gv lock
			0fac SHRD Ev,Gv,Ib
			0fad SHRD Ev,Gv,CL
			0faf IMUL Gv,Ev
			0fb0 CMPXCHG Eb,Gb lock
			0fb1 CMPXCHG Ev,Gv lock
			0fb2 LSS Gv,Mp
			0fb3 BTR Ev,Gv lock
			0fb4 LFS Gv,Mp
			0fb5 LGS Gv,Mp
			0fb6 MOVZX Gv,Eb
			0fb7 MOVZX Gv,Ew
			0fb8 POPCNT Gv,Ev f3
			0fb9 UD1 Gv,Ev
			0fba/4 BT Ev,Ib
			0fba/5 BTS Ev,Ib lock
			0fba/6 BTR Ev,Ib lock
			0fba/7 BTC Ev,Ib lock
			0fbb BTC Ev,Gv lock
			0fbc TZCNT Gv,Ev f3
			0fbc BSF Gv,Ev np,66,f2
			0fbd LZCNT Gv,Ev f3
			0fbd BSR Gv,Ev np,66,f2
			0fbe MOVSX Gv,Eb
			0fbf MOVSX Gv,Ew
			0fc0 XADD Eb,Gb lock
			0fc1 XADD Ev,Gv lock
			0fc3 MOVNTI My,Gy np
			0fc7/1 CMPXCHG8B Myy lock
			0fc7/6 RDRAND Rv np,66 reg
			0fc7/7 RDSEED Rv np,66 reg
			0fc7/7 RDPID Rm f3 reg m
			0fc8+ BSWAP Zv
			0fff UD0 Gv,Ev
			0f38f0 MOVBE Gv,Mv np,66
			0f38f1 MOVBE Mv,Gv np,66
			0f38f0 CRC32 Gy,Eb f2
			0f38f1 CRC32 Gy,Ev f2
			0f38f6 ADCX Gy,Ey 66
			0f38f6 ADOX Gy,Ey f3
			""";

	private TwoByteMap() {
	}
}
