package io.marsad.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code marsad packs}. */
@Command(
        name = "packs",
        description = "Check packs of queries for osquery; no server.",
        subcommands = PacksCheckCommand.class,
        footer = {"", "Guide: docs/guides/osquery.md"},
        sortOptions = false)
final class PacksCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
