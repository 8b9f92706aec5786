/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

import org.hyperstep.machine.MemoryMap;

/**
 * What code that may use a BIOS finds without firmware: a vector table, a BIOS data area, INT 15h with the memory sizes
 * (functions E820h, E801h and 88h), and the timer interrupt, which counts the ticks of the day and calls INT 1Ch. Every
 * other service says by the carry flag that it is not there; interrupts of other devices are acknowledged.
 */
@SuppressWarnings("nls")
final class RealModeServices {
	private static final int SEGMENT = 0xf000;
	/** Offsets in the code below. */
	private static final int COUNT = 0, BELOW_16_MB = 2, ABOVE_16_MB = 4, EXTENDED = 6, UNSUPPORTED = 8,
			RETURN = 0x10, MEMORY = 0x1a, TIMER = 0x73, MASTER = 0xa1, SLAVE = 0xa8, TABLE = 0xc0;
	private static final int ENTRY_SIZE = 20, VECTORS = 256, MEMORY_VECTOR = 0x15,
			TIMER_VECTOR = 8, TICK_VECTOR = 0x1c, MASTER_VECTORS = 8, SLAVE_VECTORS = 0x70, INPUTS = 8;
	private static final int DATA_AREA = 0x400, DATA_AREA_SIZE = 0x100;
	private static final long KB = 1 << 10, MEGABYTES_16 = 16 << 20, MOST_EXTENDED = 63 << 10;

	private static final byte[] CODE = HexFormat.of().parseHex("0000000000000000" // the four words
			+ "55" + "89e5" + "804e0601" + "5d" // unsupported: push bp; mov bp,sp; or byte [bp+6],1; pop bp
			+ "cf" // return: iret
			+ "55" + "89e5" + "806606fe" + "5d" + "cf" // supported: the same with and byte [bp+6],0feh
			+ "3d20e8" + "7535" // memory: cmp ax,0e820h; jne e801
			+ "2e3b1e0000" + "73e2" // cmp bx,cs:[count]; jae unsupported
			+ "561e570e1f" // push si; push ds; push di; push cs; pop ds
			+ "6bf314" + "81c6c000" // imul si,bx,20; add si,table
			+ "b90a00" + "fc" + "f3a5" // mov cx,10; cld; rep movsw
			+ "5f1f5e" + "43" // pop di; pop ds; pop si; inc bx
			+ "2e3b1e0000" + "7203" + "6631db" // cmp bx,cs:[count]; jb more; xor ebx,ebx
			+ "66b914000000" + "66b850414d53" + "ebbd" // more: mov ecx,20; mov eax,'SMAP'; jmp supported
			+ "3d01e8" + "750f" // e801: cmp ax,0e801h; jne extended
			+ "2ea10200" + "89c1" // mov ax,cs:[below]; mov cx,ax
			+ "2e8b1e0400" + "89da" + "eba9" // mov bx,cs:[above]; mov dx,bx; jmp supported
			+ "80fc88" + "759b" // extended: cmp ah,88h; jne unsupported
			+ "2ea10600" + "eb9e" // mov ax,cs:[extended]; jmp supported
			+ "50" + "1e" + "b84000" + "8ed8" // timer: push ax; push ds; mov ax,40h; mov ds,ax
			+ "66ff066c00" + "66813e6c00b0001800" + "720e" // inc dword [6ch]; cmp dword [6ch],1800b0h; jb tick
			+ "66c7066c0000000000" + "c606700001" // mov dword [6ch],0; mov byte [70h],1: midnight
			+ "cd1c" + "b020" + "e620" + "1f58cf" // tick: int 1ch; mov al,20h; out 20h,al; pop ds; pop ax; iret
			+ "50" + "b020" + "e620" + "58cf" // master: push ax; mov al,20h; out 20h,al; pop ax; iret
			+ "50" + "b020" + "e6a0" + "e620" + "58cf"); // slave: the same with out 0a0h,al before

	private RealModeServices() {
	}

	static void place(LoadPlan plan) {
		plan.placeReserved(vectors(), 0);
		plan.placeReserved(dataArea(plan.map()), DATA_AREA);
		plan.placeReserved(services(plan.map()), (long) SEGMENT << 4);
	}

	private static byte[] vectors() {
		ByteBuffer table = buffer(4 * VECTORS);
		for (int vector = 0; vector < VECTORS; vector++) {
			table.putShort((short) handler(vector)).putShort((short) SEGMENT);
		}
		return table.array();
	}

	/** Exceptions and the interrupts of both 8259 are where a PC's firmware has them. */
	private static int handler(int vector) {
		return switch (vector) {
			case TIMER_VECTOR -> TIMER;
			case MEMORY_VECTOR -> MEMORY;
			case TICK_VECTOR -> RETURN;
			default -> {
				if (vector >= SLAVE_VECTORS && vector < SLAVE_VECTORS + INPUTS) {
					yield SLAVE;
				}
				yield vector < MASTER_VECTORS ? RETURN : vector < MASTER_VECTORS + INPUTS ? MASTER : UNSUPPORTED;
			}
		};
	}

	private static byte[] dataArea(MemoryMap map) {
		long conventional = map.ranges().get(0).size();
		ByteBuffer area = buffer(DATA_AREA_SIZE);
		area.putShort(0, (short) 0x3f8).putShort(2, (short) 0x2f8);
		area.putShort(0xe, (short) (conventional >> 4));
		area.putShort(0x13, (short) (conventional >> 10));
		return area.array();
	}

	private static byte[] services(MemoryMap map) {
		ByteBuffer code = buffer(TABLE + ENTRY_SIZE * map.ranges().size());
		code.put(CODE);
		long end = Math.min(map.ranges().get(map.ranges().size() - 1).end(), MemoryMap.DEVICES);
		code.putShort(COUNT, (short) map.ranges().size());
		code.putShort(BELOW_16_MB, (short) ((Math.min(end, MEGABYTES_16) - MemoryMap.MEGABYTE) / KB));
		code.putShort(ABOVE_16_MB, (short) (Math.max(0, end - MEGABYTES_16) / (64 * KB)));
		code.putShort(EXTENDED, (short) Math.min(MOST_EXTENDED, (end - MemoryMap.MEGABYTE) / KB));
		code.position(TABLE);
		for (MemoryMap.Range range : map.ranges()) {
			code.putLong(range.start()).putLong(range.size()).putInt(range.kind().code());
		}
		return code.array();
	}

	private static ByteBuffer buffer(int size) {
		return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
	}
}
