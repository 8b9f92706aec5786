
/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Makes a Tycho reactor of the CDT bundles that a debugger needs, out of CDT's own source package: unpacks them, takes
 * out what needs bundles that no package registry has (launch bar, tool templates, JAXB), follows the few moves that the
 * platform made since, and drops every contribution whose class went away, so that no menu entry leads nowhere.
 * <p>
 * Usage: {@code java PrepareCdt.java CDT-SOURCES.tar.xz TARGET-PLATFORM-DIRECTORY OUTPUT-DIRECTORY}
 */
public final class PrepareCdt {
	private static final List<String> BUNDLES = List.of("core/org.eclipse.cdt.core.native", "core/org.eclipse.cdt.core",
			"core/org.eclipse.cdt.ui", "debug/org.eclipse.cdt.debug.core", "debug/org.eclipse.cdt.debug.ui",
			"dsf/org.eclipse.cdt.dsf", "dsf/org.eclipse.cdt.dsf.ui",
			"memory/org.eclipse.cdt.debug.ui.memory.memorybrowser",
			"memory/org.eclipse.cdt.debug.ui.memory.traditional",
			"memory/org.eclipse.cdt.debug.ui.memory.transport", "memory/org.eclipse.cdt.debug.ui.memory.search");

	private static final String CORE = "org.eclipse.cdt.core/utils/org/eclipse/cdt/utils/";
	private static final String UI = "org.eclipse.cdt.ui/src/org/eclipse/cdt/";
	private static final String DEBUG_CORE = "org.eclipse.cdt.debug.core/src/org/eclipse/cdt/debug/";
	private static final String DEBUG_UI = "org.eclipse.cdt.debug.ui/src/org/eclipse/cdt/debug/internal/ui/";
	private static final String DISASSEMBLY = "org.eclipse.cdt.dsf.ui/src/org/eclipse/cdt/dsf/debug/internal/ui/disassembly/";
	private static final String DSF_UI = "org.eclipse.cdt.dsf.ui/src/org/eclipse/cdt/dsf/debug/ui/viewmodel/";

	/** Sources that serve the launch bar, the project templates or the old resource navigator, and nothing else. */
	private static final List<String> REMOVED = List.of(
			DEBUG_CORE + "core/launch/CoreBuildGenericLaunchConfigDelegate.java",
			DEBUG_CORE + "core/launch/CoreBuildGenericLaunchConfigProvider.java",
			DEBUG_CORE + "core/launch/CoreBuildLaunchBarTracker.java",
			DEBUG_CORE + "core/launch/CoreBuildLaunchConfigDelegate.java",
			DEBUG_CORE + "core/launch/GenericTargetTypeProvider.java", DEBUG_CORE + "internal/core/launch",
			DEBUG_UI + "launch/GenericTargetLabelProvider.java", DEBUG_UI + "launch/NewGenericTargetWizard.java",
			DEBUG_UI + "launch/NewGenericTargetWizardPage.java", DEBUG_UI + "launch/CoreBuildLaunchLabelProvider.java",
			UI + "internal/ui/wizards/project/NewCDTProjectWizard.java",
			UI + "internal/ui/wizards/CDTProjectWizard2.java",
			UI + "internal/ui/wizards/CCProjectWizard2.java", UI + "internal/ui/wizards/CProjectWizard2.java");

	/** One change of one source file; a pattern that matches nothing is an error. */
	private record Edit(String file, String pattern, String replacement) {
	}

	private static final List<Edit> EDITS = List.of(
			// JAXB left the JDK; the JDK has had hexadecimal formatting of its own since 17.
			new Edit(CORE + "debug/dwarf/DwarfReader.java", "import javax\\.xml\\.bind\\.DatatypeConverter;",
					"import java.util.HexFormat;"),
			new Edit(CORE + "debug/dwarf/DwarfReader.java",
					"DatatypeConverter\\.printHexBinary\\(byteArray\\)\\.toLowerCase\\(\\)",
					"HexFormat.of().formatHex(byteArray)"),
			new Edit(DEBUG_CORE + "core/CDebugCorePlugin.java", "(?mi)^.*launchbar.*\n", ""),
			// The launch types whose delegates it chooses are among those that are dropped below.
			new Edit(DEBUG_CORE + "core/CDebugCorePlugin.java", "(?m)^\\s*setDefaultLaunchDelegates\\(\\);\n", "\n"),
			new Edit(UI + "ui/build/ToolChainPreferencePage.java",
					"import org\\.eclipse\\.tools\\.templates\\.ui\\.internal\\.Activator;",
					"import org.eclipse.cdt.ui.CUIPlugin;"),
			new Edit(UI + "ui/build/ToolChainPreferencePage.java", "\\bActivator\\.log\\(e\\)", "CUIPlugin.log(e)"),
			new Edit(UI + "internal/ui/cview/CViewActionGroup.java",
					"(?m)^import org\\.eclipse\\.ui\\.views\\.navigator\\.(SortAndFilter|Workspace)ActionGroup;\n", ""),
			// The platform's documents keep their positions and updaters when they are initialized again, and the
			// Disassembly view would show nothing in a second session.
			new Edit(DISASSEMBLY + "model/DisassemblyDocument.java", "(void clear\\(\\) \\{\\s*dispose\\(\\);)", """
					$1
							for (String category : getPositionCategories()) {
								try {
									removePositionCategory(category);
								} catch (org.eclipse.jface.text.BadPositionCategoryException gone) {
									throw new IllegalStateException(gone);
								}
							}
							for (org.eclipse.jface.text.IPositionUpdater updater : getPositionUpdaters()) {
								removePositionUpdater(updater);
							}"""),
			// The identifiers of the variables' columns became API in IDebugUIConstants.
			new Edit(DEBUG_UI + "views/signals/SignalsViewColumnPresentation.java",
					"VariableColumnPresentation\\.COLUMN_VARIABLE_NAME",
					"org.eclipse.debug.ui.IDebugUIConstants.COLUMN_ID_VARIABLE_NAME"),
			new Edit(DEBUG_UI + "views/signals/SignalsViewColumnPresentation.java",
					"import org\\.eclipse\\.debug\\.internal\\.ui\\.elements\\.adapters\\.VariableColumnPresentation;\n",
					""),
			new Edit(DSF_UI + "IDebugVMConstants.java", "VariableColumnPresentation\\.COLUMN_VARIABLE_NAME",
					"org.eclipse.debug.ui.IDebugUIConstants.COLUMN_ID_VARIABLE_NAME"),
			new Edit(DSF_UI + "IDebugVMConstants.java",
					"import org\\.eclipse\\.debug\\.internal\\.ui\\.elements\\.adapters\\.VariableColumnPresentation;\n",
					""));

	/**
	 * Contributions that stand on bundles of CDT that are not taken (managed build, DSF-GDB): new C and C++ projects, and
	 * launching a program of the host. They would open a wizard without choices or end in an error.
	 */
	private static final Set<String> UNFOUNDED = Set.of("org.eclipse.cdt.ui.wizards.NewCWizard1",
			"org.eclipse.cdt.ui.wizards.NewCWizard2", "org.eclipse.cdt.ui.actions.NewProjectDropDown",
			"org.eclipse.cdt.debug.ui.localCShortcut", "org.eclipse.cdt.ui.wizardse.ImportExecutableWizard",
			"org.eclipse.cdt.launch.applicationLaunchType", "org.eclipse.cdt.launch.attachLaunchType",
			"org.eclipse.cdt.launch.postmortemLaunchType", "org.eclipse.cdt.launch.remoteApplicationLaunchType");

	/** Bundles that are not to be had: nothing may require them or contribute to their extension points. */
	private static final Pattern ABSENT = Pattern.compile(
			"\\s*(org\\.eclipse\\.(launchbar|tools\\.templates)|javax\\.xml\\.bind)\\b.*",
			Pattern.DOTALL);
	/** What a class name of CDT looks like in an attribute of plugin.xml: {@code package.Class}, then perhaps {@code :data}. */
	private static final Pattern CDT_CLASS = Pattern
			.compile("(org\\.eclipse\\.cdt\\.[a-z0-9_.]*\\.[A-Z]\\w*)([$:].*)?");

	/** An identifier may look like a class name without being one: the attributes whose values are classes. */
	private static final Pattern CLASS_ATTRIBUTE = Pattern
			.compile("class|.*Class|delegate|type|provider|filter|adaptableType");

	private final Path archive;
	private final Path targetPlatform;
	private final Path output;
	private final Path bundles;
	/** The identifiers of all contributions that were dropped, across bundles. */
	private final Set<String> dropped = new TreeSet<>();

	private PrepareCdt(Path archive, Path targetPlatform, Path output) {
		this.archive = archive;
		this.targetPlatform = targetPlatform;
		this.output = output;
		bundles = output.resolve("bundles");
	}

	public static void main(String[] arguments) throws Exception {
		if (arguments.length != 3) {
			System.err.println("usage: PrepareCdt CDT-SOURCES.tar.xz TARGET-PLATFORM-DIRECTORY OUTPUT-DIRECTORY");
			System.exit(2);
		}
		new PrepareCdt(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]).toAbsolutePath()).run();
	}

	private void run() throws Exception {
		unpack();
		for (String removed : REMOVED) {
			delete(bundles.resolve(removed));
		}
		for (Edit edit : EDITS) {
			apply(edit);
		}
		useProjectExplorer();
		for (String bundle : BUNDLES) {
			Path home = bundles.resolve(Path.of(bundle).getFileName());
			adaptManifest(home.resolve("META-INF/MANIFEST.MF"));
			dropDanglingContributions(home.resolve("plugin.xml"));
			writePom(home, "eclipse-plugin", bundleVersion(home) + "-SNAPSHOT");
		}
		System.err.println("contributions dropped from CDT: " + String.join(", ", dropped));
		copyReactor();
	}

	private void unpack() throws IOException, InterruptedException {
		Files.createDirectories(bundles);
		List<String> command = new ArrayList<>(List.of("tar", "-xJf", archive.toString(), "-C", bundles.toString(),
				"--strip-components=2", "--exclude=.settings", "--exclude=.classpath", "--exclude=.project",
				"--wildcards"));
		BUNDLES.forEach(bundle -> command.add("*/" + bundle));
		int status = new ProcessBuilder(command).inheritIO().start().waitFor();
		if (status != 0) {
			throw new IOException("tar ended with status " + status + " on " + archive);
		}
	}

	private static void delete(Path path) throws IOException {
		List<Path> paths;
		try (Stream<Path> walk = Files.walk(path)) {
			paths = walk.sorted((first, second) -> second.compareTo(first)).toList();
		}
		for (Path each : paths) {
			Files.delete(each);
		}
	}

	private void apply(Edit edit) throws IOException {
		Path file = bundles.resolve(edit.file());
		Matcher matcher = Pattern.compile(edit.pattern()).matcher(read(file));
		if (!matcher.find()) {
			throw new IOException("nothing in " + edit.file() + " matches " + edit.pattern());
		}
		Files.writeString(file, matcher.replaceAll(edit.replacement()));
	}

	private static String read(Path file) throws IOException {
		return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace("\r\n", "\n");
	}

	/** The platform's resource navigator is gone since 2019; the Project Explorer took its place. */
	private void useProjectExplorer() throws IOException {
		for (Path file : sources()) {
			String text = read(file);
			if (text.contains("IPageLayout.ID_RES_NAV")) {
				Files.writeString(file, text.replace("IPageLayout.ID_RES_NAV", "IPageLayout.ID_PROJECT_EXPLORER"));
			}
		}
	}

	private List<Path> sources() throws IOException {
		try (Stream<Path> walk = Files.walk(bundles)) {
			return walk.filter(path -> path.toString().endsWith(".java")).toList();
		}
	}

	private static void adaptManifest(Path file) throws IOException {
		Manifest manifest = new Manifest();
		try (var in = Files.newInputStream(file)) {
			manifest.read(in);
		}
		Attributes attributes = manifest.getMainAttributes();
		for (String header : List.of("Require-Bundle", "Import-Package")) {
			String value = attributes.getValue(header);
			if (value != null) {
				List<String> kept = clauses(value).stream().filter(clause -> !ABSENT.matcher(clause).matches())
						.toList();
				attributes.remove(new Attributes.Name(header));
				if (!kept.isEmpty()) {
					attributes.putValue(header, String.join(",", kept));
				}
			}
		}
		attributes.putValue("Bundle-RequiredExecutionEnvironment", "JavaSE-21");
		try (OutputStream out = Files.newOutputStream(file)) {
			manifest.write(out);
		}
	}

	/** The clauses of a manifest header: split at the commas that stand outside quotation marks. */
	private static List<String> clauses(String header) {
		return Pattern.compile("(?:[^,\"]|\"[^\"]*\")+").matcher(header).results().map(result -> result.group().strip())
				.toList();
	}

	private static String bundleVersion(Path home) throws IOException {
		try (var in = Files.newInputStream(home.resolve("META-INF/MANIFEST.MF"))) {
			return new Manifest(in).getMainAttributes().getValue("Bundle-Version").replace(".qualifier", "");
		}
	}

	private void dropDanglingContributions(Path file) throws Exception {
		if (!Files.exists(file)) {
			return;
		}
		Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
		int before = dropped.size();
		for (Element extension : children(document.getDocumentElement())) {
			if (ABSENT.matcher(extension.getAttribute("point")).matches()) {
				drop(extension);
			} else {
				dropDangling(extension);
			}
		}
		if (dropReferences(document.getDocumentElement()) || dropped.size() > before) {
			TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document),
					new StreamResult(file.toFile()));
		}
	}

	private void dropDangling(Element parent) throws IOException {
		for (Element child : children(parent)) {
			if (UNFOUNDED.contains(child.getAttribute("id")) || namesMissingClass(child)) {
				drop(child);
			} else {
				dropDangling(child);
			}
		}
	}

	private void drop(Element element) {
		collectIdentifiers(element);
		element.getParentNode().removeChild(element);
	}

	/** Everything that a dropped contribution defined is gone as well: whatever refers to it must go too. */
	private void collectIdentifiers(Element element) {
		if (element.hasAttribute("id")) {
			dropped.add(element.getAttribute("id"));
		}
		children(element).forEach(this::collectIdentifiers);
	}

	private boolean dropReferences(Element parent) {
		boolean changed = false;
		for (Element child : children(parent)) {
			if (attributes(child).anyMatch(attribute -> dropped.contains(attribute.getValue()))) {
				parent.removeChild(child);
				changed = true;
			} else {
				changed |= dropReferences(child);
			}
		}
		return changed;
	}

	private static Stream<Attr> attributes(Element element) {
		return IntStream.range(0, element.getAttributes().getLength())
				.mapToObj(index -> (Attr) element.getAttributes().item(index));
	}

	private boolean namesMissingClass(Element element) throws IOException {
		Set<String> known = classes();
		return attributes(element).filter(attribute -> CLASS_ATTRIBUTE.matcher(attribute.getName()).matches())
				.map(attribute -> CDT_CLASS.matcher(attribute.getValue()))
				.anyMatch(name -> name.matches() && !known.contains(name.group(1)));
	}

	private Set<String> classNames = Set.of();

	private Set<String> classes() throws IOException {
		if (classNames.isEmpty()) {
			Set<String> names = new HashSet<>();
			for (Path file : sources()) {
				String path = file.toString().replace('/', '.');
				names.add(path.substring(path.lastIndexOf(".org.eclipse.cdt.") + 1, path.length() - ".java".length()));
			}
			classNames = names;
		}
		return classNames;
	}

	private static List<Element> children(Element parent) {
		List<Element> children = new ArrayList<>();
		NodeList nodes = parent.getChildNodes();
		for (int index = 0; index < nodes.getLength(); index++) {
			Node node = nodes.item(index);
			if (node instanceof Element element) {
				children.add(element);
			}
		}
		return children;
	}

	private static void writePom(Path home, String packaging, String version) throws IOException {
		Files.writeString(home.resolve("pom.xml"), """
				<project xmlns="http://maven.apache.org/POM/4.0.0">
					<modelVersion>4.0.0</modelVersion>
					<parent>
						<groupId>org.hyperstep.target</groupId>
						<artifactId>org.hyperstep.target.parent</artifactId>
						<version>1.0.0-SNAPSHOT</version>
						<relativePath>../../pom.xml</relativePath>
					</parent>
					<artifactId>%s</artifactId>
					<version>%s</version>
					<packaging>%s</packaging>
				</project>
				""".formatted(home.getFileName(), version, packaging));
	}

	/** The rest of the reactor stands beside this program: parent, feature, repository, the two products. */
	private void copyReactor() throws IOException {
		List<Path> files;
		Path reactor = targetPlatform.resolve("reactor");
		try (Stream<Path> walk = Files.walk(reactor)) {
			files = walk.filter(Files::isRegularFile).toList();
		}
		for (Path file : files) {
			Path copy = output.resolve(reactor.relativize(file));
			Files.createDirectories(copy.getParent());
			Files.copy(file, copy);
		}
		Files.copy(targetPlatform.resolve("platform.target"), output.resolve("platform.target"));
	}
}
