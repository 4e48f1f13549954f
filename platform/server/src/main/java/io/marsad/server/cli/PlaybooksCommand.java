package io.marsad.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code marsad playbooks}. */
@Command(
        name = "playbooks",
        description = "Check, try and convert playbooks (CACAO 2.0, as JSON or YAML); no server, nothing goes out.",
        subcommands = {
            PlaybooksCheckCommand.class,
            PlaybooksTestCommand.class,
            PlaybooksDryRunCommand.class,
            PlaybooksConvertCommand.class,
            PlaybooksActionsCommand.class
        },
        footer = {"", "Guide: docs/guides/playbooks.md"},
        sortOptions = false)
final class PlaybooksCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
