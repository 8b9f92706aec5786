/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.eclipse.core.runtime.IConfigurationElement;
import org.eclipse.core.runtime.Platform;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PlatformUI;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("nls")
class ContributedViewsTest {

	static List<String> views() {
		return Arrays.stream(Platform.getExtensionRegistry().getConfigurationElementsFor("org.eclipse.ui.views"))
				.filter(element -> element.getContributor().getName().equals(HyperstepUi.ID))
				.map(element -> element.getAttribute("id")).toList();
	}

	@ParameterizedTest
	@MethodSource("views")
	void everyContributedViewOpens(String view) throws Exception {
		IViewPart part = Workbench.page().showView(view);
		assertEquals(part.getClass().getName(), classOf(view));
		Workbench.page().hideView(part);
	}

	private static String classOf(String view) {
		for (IConfigurationElement element : Platform.getExtensionRegistry()
				.getConfigurationElementsFor("org.eclipse.ui.views")) {
			if (view.equals(element.getAttribute("id"))) {
				return element.getAttribute("class");
			}
		}
		throw new AssertionError("no view " + view);
	}

	@ParameterizedTest
	@MethodSource("views")
	void debugPerspectiveHoldsEveryContributedView(String view) throws Exception {
		PlatformUI.getWorkbench().showPerspective(IDebugUIConstants.ID_DEBUG_PERSPECTIVE, Workbench.window());
		Workbench.page().resetPerspective();
		assertNotNull(Workbench.page().findViewReference(view));
	}

	@ParameterizedTest
	@MethodSource("views")
	void everyContributedViewHasAnIconOfItsOwn(String view) {
		assertTrue(PlatformUI.getWorkbench().getViewRegistry().find(view).getImageDescriptor().toString()
				.contains(HyperstepUi.ID));
	}

	@Test
	void everyViewThatTheBundleNamesIsContributed() {
		assertEquals(List.of(HyperstepUi.GUEST_EVENTS_VIEW, HyperstepUi.PENDING_EVENTS_VIEW,
				HyperstepUi.VM_EXITS_VIEW), views());
	}
}
