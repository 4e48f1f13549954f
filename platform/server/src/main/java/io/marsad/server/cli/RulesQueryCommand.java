package io.marsad.server.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code marsad rules query}. */
@Command(
        name = "query",
        description = {
            "Print a rule of a running platform as a query of the search language.",
            "",
            "What the language cannot say of the rule is named on standard error; the query then finds more than the"
                    + " rule. Exits 0 when the query says all, 1 when it does not or there is no such rule, 2 on wrong"
                    + " use."
        },
        sortOptions = false)
final class RulesQueryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RULE", description = "The id of a rule in use.")
    private String rule = "";

    @Option(names = "--json", description = "Print the platform's answer as it is.")
    private boolean json;

    @Mixin
    private Target target = new Target();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var client = target.client()) {
            var id = URLEncoder.encode(rule, StandardCharsets.UTF_8);
            var answer = client.get("/v1/rules/" + id + "/query");
            if (!answer.ok()) {
                throw new CommandFailure(answer.problem());
            }
            var said = answer.body();
            System.out.println(json ? said.toString() : said.path("query").asString());
            if (!json) {
                for (JsonNode missing : said.path("missing")) {
                    System.err.println("not said: " + missing.asString());
                }
            }
            return said.path("exact").asBoolean() ? 0 : 1;
        }
    }
}
