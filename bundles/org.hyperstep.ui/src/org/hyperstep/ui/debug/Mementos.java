/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.Optional;
import java.util.function.Function;

import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.ui.viewmodel.datamodel.IDMVMContext;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementCompareRequest;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementMementoRequest;

/**
 * Lets a view find an element again, so that what was expanded and selected stays so in the next session.
 *
 * @param <C> the contexts of the elements
 */
final class Mementos<C extends IDMContext> {
	private final String key;
	private final Class<C> contexts;
	private final Function<C, String> name;

	/**
	 * Makes the mementos of a kind of element.
	 *
	 * @param name tells the elements of one parent apart
	 */
	Mementos(String key, Class<C> contexts, Function<C, String> name) {
		this.key = key;
		this.contexts = contexts;
		this.name = name;
	}

	void compare(IElementCompareRequest[] requests) {
		for (IElementCompareRequest request : requests) {
			nameOf(request.getElement())
					.ifPresent(found -> request.setEqual(found.equals(request.getMemento().getString(key))));
			request.done();
		}
	}

	void encode(IElementMementoRequest[] requests) {
		for (IElementMementoRequest request : requests) {
			nameOf(request.getElement()).ifPresent(found -> request.getMemento().putString(key, found));
			request.done();
		}
	}

	private Optional<String> nameOf(Object element) {
		return element instanceof IDMVMContext context && contexts.isInstance(context.getDMContext())
				? Optional.of(name.apply(contexts.cast(context.getDMContext())))
				: Optional.empty();
	}
}
