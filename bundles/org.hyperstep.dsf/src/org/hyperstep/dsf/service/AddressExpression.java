/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.hyperstep.debug.RegisterDescription;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetException;
import org.hyperstep.symbols.Symbol;

/**
 * What a user writes where an address or a value is wanted: numbers, symbols and registers ({@code $rsp}) with plus and
 * minus between them. {@code phys:} before it means the guest-physical address space.
 */
@Immutable
final class AddressExpression {
	private static final String PHYSICAL = "phys:"; //$NON-NLS-1$
	private static final Pattern TERM = Pattern.compile("\\s*([+-]?)\\s*([\\w$.@&:]+)\\s*"); //$NON-NLS-1$

	private final String text;
	private final boolean physical;

	AddressExpression(String written) {
		String stripped = written.strip();
		this.physical = stripped.toLowerCase(Locale.ROOT).startsWith(PHYSICAL);
		this.text = physical ? stripped.substring(PHYSICAL.length()) : stripped;
	}

	/** Whether it means guest-physical memory. */
	boolean physical() {
		return physical;
	}

	/** Its value for a CPU; fails with a message where it has none. Registers need a guest that stands still. */
	CompletableFuture<Long> evaluate(Target target, int cpu) {
		if (text.indexOf('$') < 0) {
			return CompletableFuture.supplyAsync(() -> sum(target, Optional.empty()));
		}
		return target.registers(cpu).thenApplyAsync(file -> sum(target, Optional.of(file)));
	}

	private Long sum(Target target, Optional<RegisterFile> registers) {
		Matcher matcher = TERM.matcher(text);
		long sum = 0;
		int at = 0;
		while (at < text.length()) {
			matcher.region(at, text.length());
			if (!matcher.lookingAt() || at > 0 && matcher.group(1).isEmpty()) {
				throw unknown(text);
			}
			String name = matcher.group(2);
			long value = term(target, registers, name).orElseThrow(() -> unknown(name));
			sum += "-".equals(matcher.group(1)) ? -value : value; //$NON-NLS-1$
			at = matcher.end();
		}
		if (at == 0) {
			throw unknown(text);
		}
		return sum;
	}

	private static OptionalLong term(Target target, Optional<RegisterFile> registers, String name) {
		if (name.startsWith("$")) { //$NON-NLS-1$
			return register(registers, name.substring(1).toLowerCase(Locale.ROOT));
		}
		if (Character.isDigit(name.charAt(0))) {
			return number(name.toLowerCase(Locale.ROOT));
		}
		Optional<Symbol> symbol = target.symbols().symbol(name.startsWith("&") ? name.substring(1) : name); //$NON-NLS-1$
		return symbol.map(found -> OptionalLong.of(found.linear())).orElse(OptionalLong.empty());
	}

	private static OptionalLong register(Optional<RegisterFile> registers, String name) {
		if (registers.isPresent()) {
			RegisterFile file = registers.get();
			String meant = "pc".equals(name) ? "rip" : "sp".equals(name) ? "rsp" : name; //$NON-NLS-1$ //$NON-NLS-2$ //$NON-NLS-3$ //$NON-NLS-4$
			for (RegisterDescription description : file.descriptions()) {
				if (description.name().equals(meant)) {
					return OptionalLong.of(file.value(meant));
				}
			}
		}
		return OptionalLong.empty();
	}

	private static OptionalLong number(String digits) {
		try {
			return OptionalLong.of(digits.startsWith("0x") ? Long.parseUnsignedLong(digits.substring(2), 16) //$NON-NLS-1$
					: Long.parseUnsignedLong(digits));
		} catch (NumberFormatException notANumber) {
			return OptionalLong.empty();
		}
	}

	private static CompletionException unknown(String what) {
		return new CompletionException(new TargetException(Messages.bind(Messages.Memory_noAddress, what)));
	}
}
