/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.memory.CodeListener;
import org.hyperstep.x86.memory.PhysicalMemory;

/** The blocks of one processor by hostPhysical address and {@link ModeKey}. Drops what stores change. */
final class BlockCache implements CodeListener {
	/** More blocks than any real guest's working set; beyond it all are dropped. */
	private static final int LIMIT = 1 << 18;

	private final PhysicalMemory memory;
	private Block[] table = new Block[1 << 12];
	private int count;
	/** By page number: the blocks with bytes in it. */
	private final Map<Long, @Nullable List<Block>> pages = new HashMap<>();

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
		if (count >= LIMIT) {
			dropAll();
		}
		if (count * 2 >= table.length) {
			rehash();
		}
		insert(block);
		count++;
		watch(block);
		listOf(block.hostPhysical).add(block);
		if (block.secondPage >= 0) {
			listOf(block.secondPage).add(block);
		}
	}

	private List<Block> listOf(long hostPhysical) {
		List<Block> blocks = pages.get(hostPhysical >>> 12);
		if (blocks == null) {
			blocks = new ArrayList<>();
			pages.put(hostPhysical >>> 12, blocks);
		}
		return blocks;
	}

	private void watch(Block block) {
		int inFirstPage = (int) Math.min(block.length, 4096 - (block.hostPhysical & 4095));
		memory.markCode(block.hostPhysical, inFirstPage);
		if (block.secondPage >= 0) {
			memory.markCode(block.secondPage, block.length - inFirstPage);
		}
	}

	private void insert(Block block) {
		int mask = table.length - 1;
		int i = hash(block.hostPhysical, block.key) & mask;
		while (table[i] != Block.NONE) {
			i = i + 1 & mask;
		}
		table[i] = block;
	}

	/** Dropped blocks stay in the table as tombstones until it is rehashed. */
	private void rehash() {
		Block[] old = table;
		count = 0;
		for (Block block : old) {
			if (block.epoch != Block.DROPPED) {
				count++;
			}
		}
		table = new Block[Math.max(1 << 12, Integer.highestOneBit(count * 4) << 1)];
		Arrays.fill(table, Block.NONE);
		for (Block block : old) {
			if (block.epoch != Block.DROPPED) {
				insert(block);
			}
		}
	}

	@Override
	public void codeStored(long hostPhysical, int length) {
		List<Block> blocks = pages.get(hostPhysical >>> 12);
		if (blocks == null) {
			return;
		}
		boolean dropped = false;
		for (int i = blocks.size() - 1; i >= 0; i--) {
			Block block = blocks.get(i);
			if (block.epoch == Block.DROPPED || block.touches(hostPhysical, hostPhysical + length)) {
				block.epoch = Block.DROPPED;
				blocks.set(i, blocks.get(blocks.size() - 1));
				blocks.remove(blocks.size() - 1);
				dropped = true;
			}
		}
		if (dropped && blocks.isEmpty()) {
			pages.remove(hostPhysical >>> 12);
		}
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
		count = 0;
	}
}
