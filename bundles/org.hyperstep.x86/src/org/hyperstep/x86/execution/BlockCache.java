/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.memory.CodeListener;
import org.hyperstep.x86.memory.PhysicalMemory;

/** The blocks of one processor by hostPhysical address and {@link ModeKey}. Drops what stores change. */
final class BlockCache implements CodeListener {
	/** More blocks than any real guest's working set; beyond it all are dropped. */
	private static final int LIMIT = 1 << 18;

	private final PhysicalMemory memory;
	private Block[] table = new Block[1 << 12];
	/** Places of the table in use, by dropped blocks too. */
	private int used;
	private final CodePages pages = new CodePages();

	BlockCache(PhysicalMemory memory) {
		this.memory = memory;
		Arrays.fill(table, Block.NONE);
		memory.addCodeListener(this);
	}

	private static int hash(long hostPhysical, int key) {
		long mixed = (hostPhysical + ((long) key << 48)) * 0x9e3779b97f4a7c15L;
		return (int) (mixed >>> 40);
	}

	/** The block, or null. */
	@Nullable
	Block find(long hostPhysical, int key) {
		int mask = table.length - 1;
		for (int i = hash(hostPhysical, key) & mask;; i = i + 1 & mask) {
			Block block = table[i];
			if (block == Block.NONE) {
				return null;
			}
			if (block.hostPhysical == hostPhysical && block.key == key && block.epoch != Block.DROPPED) {
				return block;
			}
		}
	}

	/** Adds a block and watches its bytes. */
	void add(Block block) {
		if (used >= LIMIT) {
			dropAll();
		}
		if (used * 2 >= table.length) {
			rehash();
		}
		insert(block);
		watch(block);
		pages.make(block.hostPhysical).add(block);
		if (block.secondPage >= 0) {
			pages.make(block.secondPage).add(block);
		}
	}

	private void watch(Block block) {
		memory.markCode(block.hostPhysical, block.inFirstPage());
		if (block.secondPage >= 0) {
			memory.markCode(block.secondPage, block.length - block.inFirstPage());
		}
	}

	/** Takes the place of a dropped block if there is one on the way. */
	private void insert(Block block) {
		int mask = table.length - 1;
		int i = hash(block.hostPhysical, block.key) & mask;
		while (table[i].epoch != Block.DROPPED) {
			i = i + 1 & mask;
		}
		used += table[i] == Block.NONE ? 1 : 0;
		table[i] = block;
	}

	/** Dropped blocks stay in the table until a new one takes their place or it is rehashed. */
	private void rehash() {
		Block[] old = table;
		int live = 0;
		for (Block block : old) {
			if (block.epoch != Block.DROPPED) {
				live++;
			}
		}
		used = 0;
		table = new Block[Math.max(1 << 12, Integer.highestOneBit(live * 4) << 1)];
		Arrays.fill(table, Block.NONE);
		for (Block block : old) {
			if (block.epoch != Block.DROPPED) {
				insert(block);
			}
		}
	}

	@Override
	public long codeStored(long hostPhysical, int length) {
		CodePages.Page page = pages.find(hostPhysical);
		return page == null ? 0 : page.drop(hostPhysical, length);
	}

	/** Drops the blocks whose bytes contain an offset in their page. */
	void dropAtPageOffset(int offset) {
		for (Block block : table) {
			int start = (int) block.hostPhysical & 4095;
			if (block.epoch != Block.DROPPED && offset >= start && offset < start + block.length) {
				block.epoch = Block.DROPPED;
			}
		}
	}

	private void dropAll() {
		for (Block block : table) {
			block.epoch = Block.DROPPED;
		}
		table = new Block[1 << 12];
		Arrays.fill(table, Block.NONE);
		pages.clear();
		used = 0;
	}
}
