package io.marsad.server.cli;

import io.marsad.kernel.content.Suggestion;
import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code marsad token}. */
@Command(
        name = "token",
        description = {
            "Credentials of machines: what they may do, until when, and when they were last used. Works on a running platform.",
            ""
        },
        subcommands = {
            TokenCommand.ListAll.class,
            TokenCommand.Create.class,
            TokenCommand.Rotate.class,
            TokenCommand.Revoke.class,
            SigningKeysCommand.class
        },
        sortOptions = false)
final class TokenCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** The id of the token that is named by id or, where only one has it, by name. */
    private static String find(PlatformClient client, String word) throws IOException, InterruptedException {
        var names = new ArrayList<String>();
        var found = new ArrayList<String>();
        for (JsonNode token : Answers.sound(client.get("/v1/tokens")).path("tokens")) {
            var id = token.path("id").asString();
            if (id.equals(word)) {
                return id;
            }
            names.add(token.path("name").asString());
            if (token.path("name").asString().equals(word)) {
                found.add(id);
            }
        }
        return switch (found.size()) {
            case 1 -> found.getFirst();
            case 0 ->
                throw new CommandFailure(
                        "there is no token '" + word + "'" + Suggestion.among(word, names.toArray(String[]::new)));
            default -> throw new CommandFailure(found.size() + " tokens have this name; name one by its id: " + found);
        };
    }

    private static void tell(JsonNode token, boolean json) {
        System.out.println(
                json
                        ? token.toString()
                        : token.path("name").asString() + ": "
                                + token.path("secret").asString() + "   (shown this once)");
    }

    /** {@code marsad token list}. */
    @Command(name = "list", description = "All tokens of the tenant, without their secrets.")
    static final class ListAll extends OnPlatform {
        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var answer = Answers.sound(client.get("/v1/tokens"));
            if (json) {
                System.out.println(answer);
                return;
            }
            System.out.println(line("ID", "NAME", "LAST USED (UTC)", "ENDS (UTC)", "MAY"));
            for (JsonNode token : answer.path("tokens")) {
                var may = new ArrayList<String>();
                token.path("permissions").forEach(permission -> may.add(permission.asString()));
                System.out.println(line(
                        token.path("id").asString(),
                        token.path("name").asString(),
                        Answers.minute(token.path("last_used_at"), "never"),
                        Answers.minute(token.path("expires_at"), "never"),
                        String.join(" ", may)));
            }
        }

        private static String line(String id, String name, String used, String ends, String may) {
            return String.format(Locale.ROOT, "%-36s %-24s %-17s %-17s %s", id, name, used, ends, may);
        }
    }

    /** {@code marsad token create}. */
    @Command(
            name = "create",
            description = "Make a token and show its secret, once. It can do no more than whoever makes it.",
            sortOptions = false)
    static final class Create extends OnPlatform {
        @Parameters(paramLabel = "NAME", description = "Also the name of the source that its events come from.")
        private String name = "";

        @Option(
                names = "--permission",
                paramLabel = "NAME",
                split = ",",
                description = "What it may do, e.g. events:read; may be repeated (default: ingest:write).")
        private List<String> permissions = List.of();

        @Option(names = "--expires", paramLabel = "LENGTH", description = "When it ends: 24h, 90d (default: never).")
        private @Nullable String expires;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var asked = new LinkedHashMap<String, Object>();
            asked.put("name", name);
            if (!permissions.isEmpty()) {
                asked.put("permissions", permissions);
            }
            if (expires != null) {
                asked.put(
                        "expires_at", Instant.now().plus(Length.parse(expires)).toString());
            }
            tell(Answers.sound(client.post("/v1/tokens", asked)), json);
        }
    }

    /** {@code marsad token rotate}. */
    @Command(
            name = "rotate",
            description = "Give a token a new secret and show it, once. Name, permissions and end stay.",
            sortOptions = false)
    static final class Rotate extends OnPlatform {
        @Parameters(paramLabel = "NAME|ID", description = "The token.")
        private String word = "";

        @Option(
                names = "--grace",
                paramLabel = "LENGTH",
                description = "How long the old secret works beside the new one, at most 7d (default: not at all).")
        private @Nullable String grace;

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            long seconds = grace == null ? 0 : Length.parse(grace).toSeconds();
            var path = "/v1/tokens/" + find(client, word) + "/rotation";
            tell(Answers.sound(client.post(path, Map.of("grace_seconds", seconds))), json);
        }
    }

    /** {@code marsad token revoke}. */
    @Command(name = "revoke", description = "End a token, at once and for good.")
    static final class Revoke extends OnPlatform {
        @Parameters(paramLabel = "NAME|ID", description = "The token.")
        private String word = "";

        @Override
        void run(PlatformClient client, boolean json) throws IOException, InterruptedException {
            var id = find(client, word);
            Answers.sound(client.delete("/v1/tokens/" + id));
            System.out.println(json ? "{\"revoked\":\"" + id + "\"}" : word + " is revoked");
        }
    }
}
