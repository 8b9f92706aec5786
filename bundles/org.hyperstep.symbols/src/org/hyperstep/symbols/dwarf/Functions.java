/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.FunctionRange;
import org.hyperstep.symbols.InlinedFunction;

/** The functions of all units, read unit by unit when first needed. Safe for all threads. */
@SuppressWarnings("nls")
public final class Functions {
	private final UnitIndex units;
	private final RangeLists rangeLists;
	private final Problems problems;
	private final AtomicReferenceArray<@Nullable FunctionTable> tables;

	Functions(UnitIndex units, RangeLists rangeLists, Problems problems) {
		this.units = units;
		this.rangeLists = rangeLists;
		this.problems = problems;
		tables = new AtomicReferenceArray<>(units.units().size());
	}

	/** An entry of a unit's table. */
	private record Entry(int unit, FunctionTable table, int number) {
		boolean isInlined() {
			return table.isInlined(number);
		}
	}

	private FunctionTable table(int unit) {
		FunctionTable known = tables.get(unit);
		if (known == null) {
			// two threads may read one unit at the same time: both read the same, and the first one is kept
			FunctionTable read = problems.read(() -> FunctionTable.read(units.units().get(unit), rangeLists),
					() -> FunctionTable.EMPTY);
			tables.compareAndSet(unit, null, read);
			known = Objects.requireNonNull(tables.get(unit));
		}
		return known;
	}

	private List<Entry> entriesAt(long linear) {
		Set<Integer> candidates = new LinkedHashSet<>();
		units.ranges().containing(linear, unit -> {
			candidates.add(Integer.valueOf(unit));
			return true;
		});
		candidates.addAll(units.silent());
		for (Integer unit : candidates) {
			FunctionTable table = table(unit.intValue());
			List<Integer> numbers = table.at(linear);
			if (!numbers.isEmpty()) {
				return numbers.stream().map(n -> new Entry(unit.intValue(), table, n.intValue())).toList();
			}
		}
		return List.of();
	}

	private @Nullable String name(Entry entry) {
		return problems.<@Nullable String>read(() -> entry.table.name(entry.number, units), () -> null);
	}

	/** The function (not an inlined one) that contains {@code linear}, or null; its name is empty if the debug information has none. */
	public @Nullable FunctionRange at(long linear) {
		for (Entry entry : entriesAt(linear)) {
			if (!entry.isInlined()) {
				return function(entry);
			}
		}
		return null;
	}

	private FunctionRange function(Entry entry) {
		String name = name(entry);
		return new FunctionRange(name == null ? "" : name, entry.table.low(entry.number),
				entry.table.ranges(entry.number));
	}

	/** The expansions of inlined functions that contain {@code linear}, innermost first. */
	public List<InlinedFunction> inlinedAt(long linear) {
		List<InlinedFunction> inlined = new ArrayList<>();
		for (Entry entry : entriesAt(linear)) {
			if (entry.isInlined()) {
				String name = name(entry);
				inlined.add(new InlinedFunction(name == null ? "" : name, entry.table.ranges(entry.number),
						entry.table.callLine(entry.number)));
			}
		}
		return inlined;
	}

	/** A number for the innermost function or expansion that contains {@code linear}, different for each; -1 if there is none. */
	public long instanceAt(long linear) {
		List<Entry> entries = entriesAt(linear);
		return entries.isEmpty() ? -1 : (long) entries.get(0).unit << 32 | entries.get(0).number;
	}

	/** The first function of that name, or null. Reads all units. */
	public @Nullable FunctionRange named(String name) {
		for (int unit = 0; unit < tables.length(); unit++) {
			FunctionTable table = table(unit);
			for (int i = 0; i < table.count(); i++) {
				Entry entry = new Entry(unit, table, i);
				if (!entry.isInlined() && name.equals(name(entry))) {
					return function(entry);
				}
			}
		}
		return null;
	}

	void readAll() {
		for (int unit = 0; unit < tables.length(); unit++) {
			table(unit);
		}
	}
}
