/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.core.runtime.adaptor.EclipseStarter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Starts the framework of an installed Eclipse, without a user interface, starts every bundle whose name has a prefix,
 * and ends with status 0 if there were as many as expected and all of them became ACTIVE.
 * <p>
 * Usage: {@code java -cp org.eclipse.osgi.jar InstalledBundles.java ECLIPSE-DIRECTORY NAME-PREFIX EXPECTED-COUNT}
 */
public final class InstalledBundles {
	private InstalledBundles() {
	}

	public static void main(String[] arguments) throws Exception {
		File eclipse = new File(arguments[0]);
		Path workspace = Files.createTempDirectory("workspace");
		Map<String, String> properties = new HashMap<>();
		properties.put("osgi.install.area", eclipse.toURI().toString());
		properties.put("osgi.configuration.area", new File(eclipse, "configuration").toURI().toString());
		properties.put("osgi.instance.area", workspace.toUri().toString());
		properties.put("eclipse.ignoreApp", "true");
		properties.put("osgi.noShutdown", "true");
		EclipseStarter.setInitialProperties(properties);
		BundleContext context = EclipseStarter.startup(new String[] { "-consoleLog" }, null);
		int active = 0;
		for (Bundle bundle : context.getBundles()) {
			if (bundle.getSymbolicName().startsWith(arguments[1]) && becomesActive(bundle)) {
				active++;
			}
		}
		EclipseStarter.shutdown();
		int expected = Integer.parseInt(arguments[2]);
		System.out.println(active + " of " + expected + " bundles are ACTIVE");
		System.exit(active == expected ? 0 : 1);
	}

	private static boolean becomesActive(Bundle bundle) {
		try {
			bundle.start();
		} catch (BundleException e) {
			System.out.println(bundle.getSymbolicName() + " does not start: " + e.getMessage());
		}
		System.out.println(bundle.getSymbolicName() + " " + bundle.getVersion() + (bundle.getState() == Bundle.ACTIVE ? " ACTIVE" : " not active"));
		return bundle.getState() == Bundle.ACTIVE;
	}
}
