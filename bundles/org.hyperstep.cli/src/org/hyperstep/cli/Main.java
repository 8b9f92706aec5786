/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.embedded.EmbeddedTargets;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The engine on the command line. */
@SuppressWarnings("nls")
@Command(name = "hyperstep", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, version = "Hyperstep 0.1.0", //
		synopsisSubcommandLabel = "COMMAND", description = "Runs x86 guests on Hyperstep's processor and hypervisor.")
public final class Main implements Runnable {
	private Main() {
	}

	/** The process's entry point. */
	public static void main(String[] args) {
		int status = execute(Console.ofProcess(), Main::launch, args);
		System.exit(status);
	}

	/** Launches on the embedded engine. */
	public static Target launch(TargetConfiguration configuration) throws TargetException {
		try {
			return EmbeddedTargets.launch(configuration).get();
		} catch (InterruptedException e) {
			throw new TargetException("interrupted while the guest was loaded", e);
		} catch (ExecutionException e) {
			if (e.getCause() instanceof TargetException refusal) {
				throw refusal;
			}
			throw new IllegalStateException(e.getCause());
		}
	}

	/** Carries a command line out and gives the exit status. */
	public static int execute(Console console, Launcher launcher, String... args) {
		CommandLine line = new CommandLine(new Main());
		line.addSubcommand(explained(new CommandLine(new RunCommand(console, launcher))));
		line.addSubcommand(new BenchCommand(console, launcher));
		line.addSubcommand(new SelftestCommand(console));
		line.addSubcommand(new SamplesCommand(console));
		line.addSubcommand(new DisassembleCommand(console));
		line.setOut(console.text());
		line.setErr(console.err());
		line.setCaseInsensitiveEnumValuesAllowed(true);
		line.setParameterExceptionHandler((exception, arguments) -> misused(console, exception));
		line.setExecutionExceptionHandler((exception, command, result) -> failed(console, exception));
		int status = line.execute(args);
		line.getOut().flush();
		return status;
	}

	/** Adds the exit statuses to a command's help. */
	private static CommandLine explained(CommandLine command) {
		Map<String, String> statuses = new LinkedHashMap<>();
		statuses.put("odd",
				"the guest wrote CODE to the debug-exit port 0xf4; the status is 2*CODE+1, so 1 is success");
		for (ExitCode code : ExitCode.values()) {
			statuses.put(String.valueOf(code.status()), code.meaning());
		}
		command.getCommandSpec().usageMessage().exitCodeListHeading("%nExit status:%n").exitCodeList(statuses);
		return command;
	}

	@Override
	public void run() {
		throw new ParameterException(new CommandLine(this),
				"a command is missing: run, bench, selftest, samples or disassemble");
	}

	private static int misused(Console console, ParameterException exception) {
		String command = exception.getCommandLine().getCommandSpec().qualifiedName();
		console.complain(exception.getMessage() + " (see " + command + " --help)");
		return ExitCode.BAD_USAGE.status();
	}

	/** A user's mistake is told in a line; anything else is ours, and is told with the place where it happened. */
	private static int failed(Console console, Exception exception) {
		if (exception instanceof UsageException) {
			console.complain(String.valueOf(exception.getMessage()));
			return ExitCode.BAD_USAGE.status();
		}
		StackTraceElement[] trace = exception.getStackTrace();
		console.complain("internal error: " + exception + (trace.length == 0 ? "" : " at " + trace[0]));
		return ExitCode.FAILED.status();
	}
}
