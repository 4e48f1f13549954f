package io.marsad.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code marsad rules}. */
@Command(
        name = "rules",
        description = "Check, test, explain and import detection rules; put them into a running platform; run them"
                + " over what it has stored.",
        subcommands = {
            RulesCheckCommand.class,
            RulesTestCommand.class,
            RulesExplainCommand.class,
            RulesImportCommand.class,
            RulesReloadCommand.class,
            RulesHuntCommand.class,
            RulesQueryCommand.class
        },
        footer = {"", "Guide: docs/guides/writing-rules.md"},
        sortOptions = false)
final class RulesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
