package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that asks a running platform. What it refuses is told as a failure of the command. */
abstract class OnPlatform implements Callable<Integer> {
    @Mixin
    private Target target = new Target();

    @Option(names = "--json", description = "Print the platform's answer as it is.")
    private boolean json;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        try (var client = target.client()) {
            run(client, json);
        }
        return 0;
    }

    /** @param json for scripts: prints the answer as it is */
    abstract void run(PlatformClient client, boolean json) throws IOException, InterruptedException;
}
