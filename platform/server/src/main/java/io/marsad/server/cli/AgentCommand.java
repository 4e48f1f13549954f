package io.marsad.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code marsad agent}: what is not the agent's own. */
@Command(
        name = "agent",
        description = "Give a platform packages of the endpoint agent.",
        subcommands = AgentPublishCommand.class,
        footer = {"", "Guide: docs/guides/agent.md"},
        sortOptions = false)
final class AgentCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
