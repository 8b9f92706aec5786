/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

import org.hyperstep.debug.Breakpoint;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.TargetException;
import org.hyperstep.symbols.SymbolFile;

/** The user's breakpoints. Written on the engine's thread, read from any. */
final class BreakpointTable {
	private final SymbolFile symbols;
	private final SortedMap<Integer, Breakpoint> byNumber = new TreeMap<>();
	private int lastNumber;

	BreakpointTable(SymbolFile symbols) {
		this.symbols = symbols;
	}

	synchronized Breakpoint add(BreakpointLocation location) {
		Breakpoint added = new Breakpoint(++lastNumber, location, bind(location), true, 0);
		byNumber.put(added.number(), added);
		return added;
	}

	synchronized void remove(int number) throws TargetException {
		find(number);
		byNumber.remove(number);
	}

	synchronized Breakpoint enable(int number, boolean enabled) throws TargetException {
		Breakpoint old = find(number);
		return put(new Breakpoint(number, old.location(), old.addresses(), enabled, old.hits()));
	}

	synchronized List<Breakpoint> all() {
		return List.copyOf(byNumber.values());
	}

	/** The enabled breakpoints at a linear address, with their hits counted. */
	synchronized List<Breakpoint> met(long linear, LongFunction<OptionalLong> translation) {
		if (byNumber.isEmpty()) {
			return List.of();
		}
		List<Breakpoint> met = new ArrayList<>();
		for (Breakpoint breakpoint : all()) {
			if (breakpoint.enabled() && standsOn(breakpoint, linear, translation)) {
				met.add(put(new Breakpoint(breakpoint.number(), breakpoint.location(), breakpoint.addresses(), true,
						breakpoint.hits() + 1)));
			}
		}
		return List.copyOf(met);
	}

	synchronized long[] linearAddresses(long... more) {
		return LongStream.concat(addresses(false), LongStream.of(more)).toArray();
	}

	synchronized long[] guestPhysicalAddresses() {
		return addresses(true).toArray();
	}

	private LongStream addresses(boolean guestPhysical) {
		return byNumber.values().stream()
				.filter(b -> b.enabled() && b.location() instanceof BreakpointLocation.GuestPhysical == guestPhysical)
				.flatMapToLong(b -> b.addresses().stream().mapToLong(Long::longValue));
	}

	private static boolean standsOn(Breakpoint breakpoint, long linear, LongFunction<OptionalLong> translation) {
		if (breakpoint.location() instanceof BreakpointLocation.GuestPhysical place) {
			OptionalLong guestPhysical = translation.apply(linear);
			return guestPhysical.isPresent() && guestPhysical.getAsLong() == place.guestPhysical();
		}
		return breakpoint.addresses().contains(linear);
	}

	private Breakpoint find(int number) throws TargetException {
		if (!byNumber.containsKey(number)) {
			throw new TargetException("There is no breakpoint " + number + '.'); //$NON-NLS-1$
		}
		return byNumber.get(number);
	}

	private Breakpoint put(Breakpoint breakpoint) {
		byNumber.put(breakpoint.number(), breakpoint);
		return breakpoint;
	}

	private List<Long> bind(BreakpointLocation location) {
		return switch (location) {
			case BreakpointLocation.Linear place -> List.of(place.linear());
			case BreakpointLocation.GuestPhysical place -> List.of(place.guestPhysical());
			case BreakpointLocation.Symbol place ->
				symbols.symbol(place.name()).map(symbol -> List.of(symbol.linear())).orElse(List.of());
			case BreakpointLocation.SourceLine place ->
				LongStream.of(symbols.breakpointAddresses(place.file(), place.line())).boxed().toList();
		};
	}
}
