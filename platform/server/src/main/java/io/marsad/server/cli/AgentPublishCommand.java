package io.marsad.server.cli;

import io.marsad.server.client.PlatformClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code marsad agent publish}. */
@Command(
        name = "publish",
        description = {
            "Give a platform a package of the agent, for policies to name.",
            "",
            "Nothing is replaced by this: a host takes it when the policy of its group names it. Hosts verify that it has"
                    + " the SHA-256 that was signed.",
            "",
            "Exits 0 when it is there, 1 when it was refused, 2 on wrong use."
        },
        sortOptions = false)
final class AgentPublishCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "What ./marsad agent package has made.")
    private Path file = Path.of("");

    @Mixin
    private Target target = new Target();

    @Option(names = "--json", description = "Print the platform's answer as it is.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isReadable(file)) {
            throw new CommandFailure(file + " cannot be read");
        }
        try (var client = target.client()) {
            var last = send(client);
            if (json) {
                System.out.println(last.body());
            } else if (last.ok()) {
                JsonNode made = last.body();
                System.out.println("Agent " + made.path("version").asString() + " for "
                        + made.path("platform").asString() + " is there: "
                        + made.path("sha256").asString());
                System.out.println(
                        "Name it in the policy of a group: in the console under Agent policies, or as \"agent\" of"
                                + " POST /v1/agent-policies.");
            } else {
                System.out.println(last.problem());
            }
            return last.ok() ? 0 : 1;
        }
    }

    private PlatformClient.Answer send(PlatformClient client) throws IOException, InterruptedException {
        long size = Files.size(file);
        var answer = client.post("/v1/agent-packages", Map.of("size", size));
        var blocks = "/v1/agent-packages/" + answer.body().path("id").asString("") + "/blocks?number=";
        int block = answer.body().path("block_size").asInt();
        try (var in = Files.newInputStream(file)) {
            for (int number = 0; answer.ok() && (long) number * block < size; number++) {
                answer = client.put(blocks + number, in.readNBytes(block));
            }
        }
        return answer;
    }
}
