package io.marsad.server.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code marsad report}. */
@Command(
        name = "report",
        description = {
            "What a week of decisions says of rules, thresholds and the model.",
            "",
            "Counts what was decided and how often people changed it, the false positives of each rule, what checks say of"
                    + " closed alerts, and which thresholds and rules to change, with the effect on the last 30 days."
                    + " Changes nothing. Weeks are those of ISO 8601, in UTC.",
            "",
            "Exits 0 when it is printed, 1 when the platform refuses, 2 on wrong use."
        },
        sortOptions = false)
final class ReportCommand implements Callable<Integer> {
    private static final String PATH = "/v1/decisions/report";

    /** How the report is printed. */
    enum Format {
        MD,
        JSON
    }

    @Option(names = "--week", paramLabel = "WEEK", description = "Like 2026-W47 (default: the last whole week).")
    private @Nullable String week;

    @Option(names = "--format", paramLabel = "md|json", description = "Markdown or one JSON line (default: md).")
    private Format format = Format.MD;

    @Mixin
    private Target target = new Target();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (week != null && !week.matches("[0-9]{4}-W[0-9]{2}")) {
            throw new CommandFailure("'" + week + "' is no week: one is written like 2026-W47");
        }
        var path = week == null ? PATH : PATH + "?week=" + week;
        try (var client = target.client()) {
            switch (format) {
                case JSON -> System.out.println(Answers.sound(client.get(path)));
                case MD -> System.out.print(client.text(path, "text/markdown"));
            }
        }
        return 0;
    }
}
