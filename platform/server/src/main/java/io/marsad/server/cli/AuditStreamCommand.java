package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code marsad audit stream}. */
@Command(
        name = "stream",
        description = {
            "Where the tenant's audit log goes besides, as syslog (RFC 5424) over TLS; without more, show it.",
            "Works on a running platform."
        },
        sortOptions = false)
final class AuditStreamCommand extends OnPlatform {
    @Parameters(index = "0", arity = "0..1", paramLabel = "HOST:PORT", description = "Send it there from now on.")
    private @Nullable String receiver;

    @Option(
            names = "--authority",
            paramLabel = "FILE",
            description = "PEM of who signs the receiver's certificate (default: as the platform's machine has it).")
    private @Nullable Path authority;

    @Option(names = "--off", description = "Send it nowhere any more.")
    private boolean off;

    @Override
    void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
        if (off) {
            Answers.sound(client.delete("/v1/audit/stream"));
        } else if (receiver != null) {
            set(client, receiver);
        }
        var answer = Answers.sound(client.get("/v1/audit/stream"));
        var now = answer.path("receiver");
        if (json) {
            System.out.println(answer);
        } else if (now.isNull()) {
            System.out.println("the audit log goes nowhere");
        } else {
            System.out.println(
                    now.path("host").asString() + ":" + now.path("port").asInt() + " has the entries up to "
                            + now.path("sent").asLong());
            if (now.path("fault").isString()) {
                System.out.println("  since then: " + now.path("fault").asString());
            }
        }
    }

    private void set(PlatformClient client, String receiver) throws IOException, InterruptedException {
        int colon = receiver.lastIndexOf(':');
        if (colon < 1 || !receiver.substring(colon + 1).matches("\\d{1,5}")) {
            throw new CommandFailure("'" + receiver + "' is not HOST:PORT, such as logs.example:6514");
        }
        var asked = new LinkedHashMap<String, Object>();
        asked.put("host", receiver.substring(0, colon));
        asked.put("port", Integer.parseInt(receiver.substring(colon + 1)));
        if (authority != null) {
            asked.put("authority", Files.readString(authority));
        }
        Answers.sound(client.post("/v1/audit/stream", asked));
    }
}
