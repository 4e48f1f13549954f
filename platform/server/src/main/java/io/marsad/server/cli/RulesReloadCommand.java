package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import io.marsad.server.client.PlatformClient.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code marsad rules reload}. */
@Command(
        name = "reload",
        description = {
            "Have a running platform read its rules and lists again.",
            "",
            "They take the place of those in use between two events; correlations that read as before keep what they"
                    + " remember. When a file has a fault that was not there before, nothing changes.",
            "",
            "Exits 0 when they are in use, 1 when they were refused, 2 on wrong use."
        },
        sortOptions = false)
final class RulesReloadCommand implements Callable<Integer> {
    private static final int MAX_SHOWN = 20;

    @Mixin
    private Target target = new Target();

    @Option(names = "--json", description = "Print the platform's answer as it is.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var client = target.client()) {
            var answer = reload(client);
            if (json) {
                System.out.println(answer.body());
            } else {
                print(answer);
            }
            return answer.ok() ? 0 : 1;
        }
    }

    static Answer reload(PlatformClient client) throws IOException, InterruptedException {
        return client.post("/v1/rules/reload", Map.of());
    }

    static void print(Answer answer) {
        var body = answer.body();
        if (!answer.ok()) {
            System.out.println(answer.problem());
            for (JsonNode fault : body.path("errors")) {
                System.out.println("  " + fault.path("where").asString() + ": "
                        + fault.path("reason").asString());
            }
            return;
        }
        System.out.println("In use: " + body.path("loaded").asInt() + " rules, read in "
                + body.path("milliseconds").asInt() + " ms; "
                + body.path("waiting").asInt() + " wait for lists, "
                + body.path("refused").asInt() + " faults as before.");
        for (String what : new String[] {"added", "changed", "removed"}) {
            int count = body.path(what).path("count").asInt();
            System.out.println(what + "  " + count);
            int shown = 0;
            for (JsonNode name : body.path(what).path("first")) {
                if (shown++ < MAX_SHOWN) {
                    System.out.println("  " + name.path("title").asString());
                }
            }
            if (count > MAX_SHOWN) {
                System.out.println("  and " + (count - MAX_SHOWN) + " more");
            }
        }
    }
}
