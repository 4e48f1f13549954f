package io.marsad.server.cli;

import io.marsad.uplink.Enrolling;
import io.marsad.uplink.Identity;
import io.marsad.uplink.ThisHost;
import io.marsad.wire.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code marsad relay enroll}. */
@Command(
        name = "enroll",
        description = {
            "Let this relay in at the platform, by a secret for relays.",
            "",
            "POST /v1/enroll-secrets with purpose 'relay' gives secret and authority."
        },
        sortOptions = false)
final class RelayEnrollCommand implements Callable<Integer> {
    @Option(
            names = "--server",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The platform's enrollment port.")
    private String server = "";

    @Option(names = "--secret", required = true, description = "Of an enroll secret for relays.")
    private String secret = "";

    @Option(
            names = "--authority",
            required = true,
            paramLabel = "SHA256",
            description = "Of the tenant's authority; whoever answers has to show it.")
    private String authority = "";

    @Option(names = "--data", paramLabel = "FOLDER", description = "Where the relay keeps what is its own.")
    private Path data = RelayRunCommand.DATA;

    @Option(names = "--hardware-id", paramLabel = "ID", description = "Instead of the board's or the machine's.")
    private @Nullable String hardware;

    @Option(names = "--force", description = "Again; the certificate that it has ends.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        if (Identity.isIn(data) && !force) {
            throw new CommandFailure("this relay is in already, by " + data
                    + "; --force enrolls it again, and ends the certificate that it has");
        }
        Enrolling.Invitation invitation;
        try {
            invitation = new Enrolling.Invitation(Identity.Address.of(server), secret, authority);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        var host = ThisHost.of(Path.of("/"), hardware, RelayRunCommand.VERSION);
        Files.createDirectories(data);
        try {
            var identity = Enrolling.enroll(invitation, PeerId.Kind.RELAY, host, InstantSource.system());
            identity.write(data);
            System.out.println("Let in as relay " + identity.peer().id() + " of "
                    + identity.peer().tenant() + ".");
            System.out.println("Hosts call it when it runs: ./marsad relay run --data " + data);
            return 0;
        } catch (IOException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }
}
