package io.marsad.bench.grouping;

import io.marsad.soc.correlate.Parameters;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code marsad bench grouping}. Exit code 2 when there is nothing to group. */
@Command(
        name = "grouping",
        description = {
            "Group alerts (one JSON object a line, as Microsoft Defender and Sentinel export them) as the platform does.",
            "Where they have labels (incidents), say how well, with naive ways beside it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class GroupingCommand implements Callable<Integer> {
    @Option(names = "--alerts", paramLabel = "FILE", description = "The alerts.")
    private @Nullable Path alerts;

    @Option(names = "--format", paramLabel = "text|json", description = "How to print the result (default: text).")
    private String format = "text";

    @Option(
            names = "--why",
            description = "Also print each group with its alerts, and for each alert its weightiest edge.")
    private boolean why;

    @Option(
            names = "--sensitivity",
            description = "Also say what other parameters, missing labels, missing entities and other times would do.")
    private boolean sensitivity;

    @Option(
            names = "--speed",
            paramLabel = "ALERTS",
            description = "Also group so many made-up alerts of 30 days, one at a time, and say how fast.")
    private int speed;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "What is made up from (default: 1).")
    private long seed = 1;

    @Override
    public Integer call() throws IOException {
        boolean isJson = format.equals("json");
        // With JSON, the last line of standard output is the result, and it is alone there.
        var notes = isJson ? System.err : System.out;
        if (speed > 0) {
            notes.println(new Speed(seed).run(speed));
        }
        if (alerts == null || !Files.isRegularFile(alerts)) {
            System.err.println(alerts == null ? "--alerts FILE is missing." : "There is no file " + alerts + ".");
            return speed > 0 && alerts == null ? 0 : 2;
        }
        var set = LabelledAlerts.read(alerts);
        set.faults().forEach(System.err::println);
        if (set.facts().isEmpty()) {
            System.err.println("There are no alerts in " + alerts + ".");
            return 2;
        }
        print(set, isJson, notes);
        return 0;
    }

    private void print(LabelledAlerts set, boolean isJson, PrintStream notes) {
        var correlator = Grouping.correlated(set.facts(), Parameters.usual());
        var score = Score.of(Grouping.groups(set.facts(), correlator), set.labels());
        if (why) {
            Explained.print(set, correlator, notes);
        }
        if (!set.isLabelled()) {
            System.out.println(isJson ? "{\"groups\":" + score.groups() + "}" : "groups " + score.groups());
            return;
        }
        for (Baseline baseline : Baseline.values()) {
            notes.printf(
                    Locale.ROOT,
                    "%-30s %s%n",
                    baseline.title(),
                    Score.of(baseline.groups(set.facts()), set.labels()).words());
        }
        notes.printf(Locale.ROOT, "%-30s %s%n", "marsad", score.words());
        if (sensitivity) {
            new Sensitivity(set, seed).run(notes::println);
        }
        if (isJson) {
            System.out.println(score.json());
        }
    }
}
