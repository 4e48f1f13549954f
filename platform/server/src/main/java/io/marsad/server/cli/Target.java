package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.node.LocalAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which platform a command talks to: the one of this data folder, or another by address and token. */
final class Target {
    @Mixin
    private DataFolder folder = new DataFolder();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of another platform, e.g. http://soc.example:8480.")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Its token; the environment's MARSAD_TOKEN is used when this is absent.")
    private @Nullable String token;

    PlatformClient client() throws IOException {
        if (url != null) {
            var given = token != null ? token : System.getenv("MARSAD_TOKEN");
            if (given == null) {
                throw new CommandFailure("with --url a --token (or MARSAD_TOKEN) is needed");
            }
            return new PlatformClient(url, given);
        }
        Path data = folder.path();
        var access = LocalAccess.read(data);
        if (access == null) {
            throw new CommandFailure("no platform runs on " + data
                    + ": start one with ./marsad up, or name another with --url and --token");
        }
        return new PlatformClient(access.url(), access.token());
    }
}
