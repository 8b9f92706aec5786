/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** The one-byte opcode map, with the groups that the reg field of ModR/M extends. Notation: {@link InstructionTable}. */
@SuppressWarnings("nls")
final class OneByteMap {

	static final String ROWS = """
			00 ADD Eb,Gb lock
			01 ADD Ev,Gv lock
			02 ADD Gb,Eb
			03 ADD Gv,Ev
			04 ADD AL,Ib
			05 ADD rAX,Iz
			06 PUSH_SREG ES i64
			07 POP_SREG ES i64
			08 OR Eb,Gb lock
			09 OR Ev,Gv lock
			0a OR Gb,Eb
			0b OR Gv,Ev
			0c OR AL,Ib
			0d OR rAX,Iz
			0e PUSH_SREG CS i64
			10 ADC Eb,Gb lock
			11 ADC Ev,Gv lock
			12 ADC Gb,Eb
			13 ADC Gv,Ev
			14 ADC AL,Ib
			15 ADC rAX,Iz
			16 PUSH_SREG SS i64
			17 POP_SREG SS i64
			18 SBB Eb,Gb lock
			19 SBB Ev,Gv lock
			1a SBB Gb,Eb
			1b SBB Gv,Ev
			1c SBB AL,Ib
			1d SBB rAX,Iz
			1e PUSH_SREG DS i64
			1f POP_SREG DS i64
			20 AND Eb,Gb lock
			21 AND Ev,Gv lock
			22 AND Gb,Eb
			23 AND Gv,Ev
			24 AND AL,Ib
			25 AND rAX,Iz
			27 DAA - i64
			28 SUB Eb,Gb lock
			29 SUB Ev,Gv lock
			2a SUB Gb,Eb
			2b SUB Gv,Ev
			2c SUB AL,Ib
			2d SUB rAX,Iz
			2f DAS - i64
			30 XOR Eb,Gb lock
			31 XOR Ev,Gv lock
			32 XOR Gb,Eb
			33 XOR Gv,Ev
			34 XOR AL,Ib
			35 XOR rAX,Iz
			37 AAA - i64
			38 CMP Eb,Gb
			39 CMP Ev,Gv
			3a CMP Gb,Eb
			3b CMP Gv,Ev
			3c CMP AL,Ib
			3d CMP rAX,Iz
			3f AAS - i64
			40+ INC Zv i64
			48+ DEC Zv i64
			50+ PUSH Zv d64
			58+ POP Zv d64
			60 PUSHA - i64
			61 POPA - i64
			62 BOUND Gv,Ma i64
			63 ARPL Ew,Gw i64
			63 MOVSXD Gv,Ez o64
			68 PUSH Iz d64
			69 IMUL Gv,Ev,Iz
			6a PUSH sIb d64
			6b IMUL Gv,Ev,sIb
			6c INS Yb,DX rep
			6d INS Yz,DX rep z
			6e OUTS DX,Xb rep
			6f OUTS DX,Xz rep z
			70..7f JCC Jb f64
			80/0 ADD Eb,Ib lock
			82/0 ADD Eb,Ib i64 lock
			80/1 OR Eb,Ib lock
			82/1 OR Eb,Ib i64 lock
			80/2 ADC Eb,Ib lock
			82/2 ADC Eb,Ib i64 lock
			80/3 SBB Eb,Ib lock
			82/3 SBB Eb,Ib i64 lock
			80/4 AND Eb,Ib lock
			82/4 AND Eb,Ib i64 lock
			80/5 SUB Eb,Ib lock
			82/5 SUB Eb,Ib i64 lock
			80/6 XOR Eb,Ib lock
			82/6 XOR Eb,Ib i64 lock
			80/7 CMP Eb,Ib
			82/7 CMP Eb,Ib i64
			81/0 ADD Ev,Iz lock
			81/1 OR Ev,Iz lock
			81/2 ADC Ev,Iz lock
			81/3 SBB Ev,Iz lock
			81/4 AND Ev,Iz lock
			81/5 SUB Ev,Iz lock
			81/6 XOR Ev,Iz lock
			81/7 CMP Ev,Iz
			83/0 ADD Ev,sIb lock
			83/1 OR Ev,sIb lock
			83/2 ADC Ev,sIb lock
			83/3 SBB Ev,sIb lock
			83/4 AND Ev,sIb lock
			83/5 SUB Ev,sIb lock
			83/6 XOR Ev,sIb lock
			83/7 CMP Ev,sIb
			84 TEST Eb,Gb
			85 TEST Ev,Gv
			86 XCHG Eb,Gb lock
			87 XCHG Ev,Gv lock
			88 MOV Eb,Gb
			89 MOV Ev,Gv
			8a MOV Gb,Eb
			8b MOV Gv,Ev
			8c MOV_SREG RvMw,Sw
			8d LEA Gv,M
			8e MOV_SREG Sw,RvMw
			8f/0 POP Ev d64
			90 NOP - np,66,f2 b0
			90 XCHG Zv,rAX np,66,f3,f2 b1
			90 PAUSE - f3 b0
			91..97 XCHG Zv,rAX
			98 CBW -
			99 CWD -
			9a CALL_FAR Ap i64
			9b FWAIT -
			9c PUSHF - d64
			9d POPF - d64
			9e SAHF -
			9f LAHF -
			a0 MOV AL,Ob
			a1 MOV rAX,Ov
			a2 MOV Ob,AL
			a3 MOV Ov,rAX
			a4 MOVS Yb,Xb rep
			a5 MOVS Yv,Xv rep
			a6 CMPS Xb,Yb repc
			a7 CMPS Xv,Yv repc
			a8 TEST AL,Ib
			a9 TEST rAX,Iz
			aa STOS Yb,AL rep
			ab STOS Yv,rAX rep
			ac LODS AL,Xb rep
			ad LODS rAX,Xv rep
			ae SCAS AL,Yb repc
			af SCAS rAX,Yv repc
			b0+ MOV Zb,Ib
			b8+ MOV Zv,Iv
			c0/0 ROL Eb,Ib
			c0/1 ROR Eb,Ib
			c0/2 RCL Eb,Ib
			c0/3 RCR Eb,Ib
			c0/4 SHL Eb,Ib
			c0/5 SHR Eb,Ib
			c0/6 SAL Eb,Ib
			c0/7 SAR Eb,Ib
			c1/0 ROL Ev,Ib
			c1/1 ROR Ev,Ib
			c1/2 RCL Ev,Ib
			c1/3 RCR Ev,Ib
			c1/4 SHL Ev,Ib
			c1/5 SHR Ev,Ib
			c1/6 SAL Ev,Ib
			c1/7 SAR Ev,Ib
			d0/0 ROL Eb,1
			d0/1 ROR Eb,1
			d0/2 RCL Eb,1
			d0/3 RCR Eb,1
			d0/4 SHL Eb,1
			d0/5 SHR Eb,1
			d0/6 SAL Eb,1
			d0/7 SAR Eb,1
			d1/0 ROL Ev,1
			d1/1 ROR Ev,1
			d1/2 RCL Ev,1
			d1/3 RCR Ev,1
			d1/4 SHL Ev,1
			d1/5 SHR Ev,1
			d1/6 SAL Ev,1
			d1/7 SAR Ev,1
			d2/0 ROL Eb,CL
			d2/1 ROR Eb,CL
			d2/2 RCL Eb,CL
			d2/3 RCR Eb,CL
			d2/4 SHL Eb,CL
			d2/5 SHR Eb,CL
			d2/6 SAL Eb,CL
			d2/7 SAR Eb,CL
			d3/0 ROL Ev,CL
			d3/1 ROR Ev,CL
			d3/2 RCL Ev,CL
			d3/3 RCR Ev,CL
			d3/4 SHL Ev,CL
			d3/5 SHR Ev,CL
			d3/6 SAL Ev,CL
			d3/7 SAR Ev,CL
			c2 RET Iw f64
			c3 RET - f64
			c4 LES Gz,Mp i64
			c5 LDS Gz,Mp i64
			c6/0 MOV Eb,Ib
			c7/0 MOV Ev,Iz
			c8 ENTER Iw,Ib d64
			c9 LEAVE - d64
			ca RET_FAR Iw
			cb RET_FAR -
			cc INT3 -
			cd INT Ib
			ce INTO - i64
			cf IRET -
			d4 AAM Ib i64
			d5 AAD Ib i64
			d6 SALC - i64
			d7 XLAT Bb
			e0 LOOPNE Jb f64
			e1 LOOPE Jb f64
			e2 LOOP Jb f64
			e3 JCXZ Jb f64
			e4 IN AL,Ib
			e5 IN eAX,Ib z
			e6 OUT Ib,AL
			e7 OUT Ib,eAX z
			e8 CALL Jz f64
			e9 JMP Jz f64
			ea JMP_FAR Ap i64
			eb JMP Jb f64
			ec IN AL,DX
			ed IN eAX,DX z
			ee OUT DX,AL
			ef OUT DX,eAX z
			f1 INT1 -
			f4 HLT -
			f5 CMC -
			f6/0 TEST Eb,Ib
			f6/1 TEST Eb,Ib
			f6/2 NOT Eb lock
			f6/3 NEG Eb lock
			f6/4 MUL Eb
			f6/5 IMUL Eb
			f6/6 DIV Eb
			f6/7 IDIV Eb
			f7/0 TEST Ev,Iz
			f7/1 TEST Ev,Iz
			f7/2 NOT Ev lock
			f7/3 NEG Ev lock
			f7/4 MUL Ev
			f7/5 IMUL Ev
			f7/6 DIV Ev
			f7/7 IDIV Ev
			f8 CLC -
			f9 STC -
			fa CLI -
			fb STI -
			fc CLD -
			fd STD -
			fe/0 INC Eb lock
			fe/1 DEC Eb lock
			ff/0 INC Ev lock
			ff/1 DEC Ev lock
			ff/2 CALL Ev f64
			ff/3 CALL_FAR Mp
			ff/4 JMP Ev f64
			ff/5 JMP_FAR Mp
			ff/6 PUSH Ev d64
			""";

	private OneByteMap() {
	}
}
