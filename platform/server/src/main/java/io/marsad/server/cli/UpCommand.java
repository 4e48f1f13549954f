package io.marsad.server.cli;

import io.marsad.server.client.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code marsad up}. */
@Command(
        name = "up",
        description = {
            "Start the platform. Ctrl-C stops it; what it holds is kept in the data folder.",
            "",
            "Keys of the configuration file: ./marsad config"
        },
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    @Mixin
    private InstallationOptions options = new InstallationOptions();

    @Override
    public Integer call() throws Exception {
        var terminal = new Terminal(System.out, System.console() != null);
        try (var running = RunningNode.start(options.config(), terminal)) {
            terminal.line("Ready. Ctrl-C stops.");
            running.awaitEnd();
        }
        return 0;
    }
}
