package io.marsad.server.cli;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code marsad} and its sub-commands. Exit codes: 0 done, 1 not what was hoped for, 2 wrong use. */
@Command(
        name = "marsad",
        version = "marsad 0.1.0",
        description = {"Open, multi-tenant security operations platform.", ""},
        subcommands = {
            UpCommand.class,
            DemoCommand.class,
            ScanCommand.class,
            TriageCommand.class,
            ReportCommand.class,
            ReplayCommand.class,
            DoctorCommand.class,
            RulesCommand.class,
            ConnectorsCommand.class,
            PlaybooksCommand.class,
            PacksCommand.class,
            AgentCommand.class,
            UserCommand.class,
            TokenCommand.class,
            RelayCommand.class,
            TenantCommand.class,
            AuditCommand.class,
            VaultCommand.class,
            ConfigCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Also: ./marsad test (runs every test), ./marsad bench (measures), ./marsad build (builds and stops).",
            "Each command has its own --help. Guide: README.md"
        },
        sortOptions = false)
public final class CommandTree implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the exit code. */
    public static int run(String... arguments) {
        var line = new CommandLine(new CommandTree());
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        addHelp(line);
        return line.execute(arguments);
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true);
        for (CommandLine sub : line.getSubcommands().values()) {
            if (!(sub.getCommand() instanceof CommandLine.HelpCommand)) {
                addHelp(sub);
            }
        }
    }

    private static int failed(Exception e, CommandLine command) throws Exception {
        PrintWriter err = command.getErr();
        if (e instanceof ScanCommand.ScanFailure && e.getCause() instanceof Exception cause) {
            failed(cause, command);
            return ScanCommand.FAILED;
        }
        switch (e) {
            case CommandFailure failure -> err.println("marsad: " + failure.getMessage());
            case ContentException content -> {
                err.println("marsad: refused, nothing was changed");
                for (ContentProblem problem : content.problems()) {
                    err.println("  " + problem);
                }
            }
            case io.marsad.server.node.StartRefused refused -> err.println("marsad: " + refused.getMessage());
            case IOException io -> err.println("marsad: " + told(io));
            default -> throw e; // a bug: picocli prints the whole trace
        }
        return 1;
    }

    private static String told(IOException e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return switch (e) {
            case NoSuchFileException none -> message + " does not exist";
            case ConnectException none -> "the platform does not answer";
            default -> message;
        };
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
