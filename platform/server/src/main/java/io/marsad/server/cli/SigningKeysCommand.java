package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code marsad token keys}. */
@Command(
        name = "keys",
        description = "The keys that access tokens are signed with.",
        subcommands = {SigningKeysCommand.ListAll.class, SigningKeysCommand.Rotate.class},
        sortOptions = false)
final class SigningKeysCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    private static void tell(JsonNode answer, boolean json) {
        if (json) {
            System.out.println(answer);
            return;
        }
        System.out.println(line("ID", "ALGORITHM", "USE", "SIGNS FROM (UTC)"));
        for (JsonNode key : answer.path("keys")) {
            System.out.println(line(
                    key.path("id").asString(),
                    key.path("algorithm").asString(),
                    key.path("use").asString(),
                    Answers.minute(key.path("signs_from"), "")));
        }
    }

    private static String line(String id, String algorithm, String use, String from) {
        return String.format(Locale.ROOT, "%-18s %-10s %-8s %s", id, algorithm, use, from);
    }

    /** {@code marsad token keys list}. */
    @Command(name = "list", description = "Those that are published, with what each is for now.")
    static final class ListAll extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.get("/v1/signing-keys")), json);
        }
    }

    /** {@code marsad token keys rotate}. */
    @Command(
            name = "rotate",
            description = "Make new keys. They are published now and sign in a quarter of an hour.",
            sortOptions = false)
    static final class Rotate extends OnPlatform {
        @Option(
                names = "--at-once",
                description =
                        "Sign with them now; what the old ones signed is void. For keys that somebody else may have.")
        private boolean atOnce;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            tell(Answers.sound(client.post("/v1/signing-keys/rotate", Map.of("at_once", atOnce))), json);
        }
    }
}
