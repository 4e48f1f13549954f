package io.marsad.server.cli;

import picocli.CommandLine.Command;

/** {@code marsad relay}. */
@Command(
        name = "relay",
        description = {
            "Stands between the hosts of a customer and the platform: verifies what passes, keeps what hosts",
            "report until the platform has it, and goes on while the platform is away."
        },
        subcommands = {RelayEnrollCommand.class, RelayRunCommand.class},
        sortOptions = false)
final class RelayCommand {}
