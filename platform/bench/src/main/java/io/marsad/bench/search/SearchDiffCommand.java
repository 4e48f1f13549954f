package io.marsad.bench.search;

import io.marsad.bench.diff.RealData;
import io.marsad.bench.diff.ReferenceRules;
import io.marsad.kernel.content.ContentException;
import io.marsad.server.node.Content;
import io.marsad.store.segment.SegmentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;

/** {@code marsad bench search-diff}. Exit code 1 when a search and a naive filter do not agree. */
@Command(
        name = "search-diff",
        description = {
            "Hold searches against a naive filter over the same events' text: every public rule run as a search, and made-up"
                    + " queries of every filter operator, each asked for all events, the newest, and counts by a field.",
            "The events are the real logs (MARSAD_SHARED_DATA or ../shared/data)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SearchDiffCommand implements Callable<Integer> {
    @Option(names = "--format", paramLabel = "table|json", description = "How to print the result (default: table).")
    private String format = "table";

    @Option(names = "--copies", paramLabel = "N", description = "How often the logs are stored (default: 2).")
    private int copies = 2;

    @Option(names = "--queries", paramLabel = "N", description = "How many queries are made up (default: 200).")
    private int queries = 200;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "What they are made from (default: the time).")
    private long seed = System.nanoTime();

    @Option(names = "--every", paramLabel = "N", description = "Of the real logs, read one file in N (default: 1).")
    private int every = 1;

    private static final int MOST_SHOWN = 50;

    @Override
    public Integer call() throws IOException, ContentException {
        var data = RealData.here();
        if (!data.isThere()) {
            System.err.println("There are no real logs at " + data.folder() + "; set MARSAD_SHARED_DATA.");
            return 2;
        }
        System.err.println("seed " + seed);
        var result = run(data, data.rules());
        var report = result.report();
        var differences = result.differences();
        differences.stream().limit(MOST_SHOWN).forEach(System.err::println);
        if (format.equals("json")) {
            System.out.println(new ObjectMapper().writeValueAsString(report));
        } else {
            report.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-16s %s%n", name, value));
        }
        return differences.isEmpty() ? 0 : 1;
    }

    /**
     * What came out.
     *
     * @param report as it is printed
     * @param differences between searches and the naive filter, for people
     */
    record Result(Map<String, Object> report, List<String> differences) {}

    /** A small run, for a test. */
    static Result small(RealData data, Path rules, long seed, int every, int queries)
            throws IOException, ContentException {
        var command = new SearchDiffCommand();
        command.seed = seed;
        command.every = every;
        command.queries = queries;
        return command.run(data, rules);
    }

    private Result run(RealData data, Path rules) throws IOException, ContentException {
        long start = System.nanoTime();
        var root = Path.of(System.getProperty("marsad.root", "."));
        var content = Content.load(root.resolve("content"), List.of(rules));
        var reference = new ReferenceRules(content, rules);
        var logs = new ArrayList<Path>();
        var all = data.logs();
        for (int i = 0; i < all.size(); i += every) {
            logs.add(all.get(i));
        }
        var random = new Random(seed);
        var times = new ArrayList<Long>();
        var seen = SearchDiff.values(content, logs, random, times);
        var maker = new QuestionMaker(
                random,
                seen,
                Aliases.read(root),
                times.stream().mapToLong(t -> t).toArray());
        var questions = new ArrayList<Question>();
        while (questions.size() < queries) {
            questions.add(maker.next());
        }
        var folder = Files.createTempDirectory("marsad-search-diff");
        try (var store = SegmentStore.open(folder, new SegmentStore.Options(8 << 20, 64 << 20, 256 << 20))) {
            var naive = new SearchDiff(store, content, reference, questions);
            for (int copy = 0; copy < copies; copy++) {
                if (copy > 0) {
                    naive.compact();
                }
                naive.read(logs, copy, this::progress);
            }
            naive.finish();
            var answers = new Answers(store, naive);
            int asked = 0;
            for (var rule : content.rules().rules()) {
                if (reference.all().containsKey(rule.about().id())) {
                    answers.rule(rule);
                    asked++;
                }
            }
            for (var question : questions) {
                answers.question(question);
            }
            return report(naive, answers, asked, maker, start, reference);
        } finally {
            try (var walk = Files.walk(folder)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private long said;

    private void progress(int events) {
        if (events - said >= 50_000) {
            said = events;
            System.err.println(events + " events stored and judged");
        }
    }

    private Result report(
            SearchDiff naive, Answers answers, int asked, QuestionMaker maker, long start, ReferenceRules reference) {
        var differences = new ArrayList<>(reference.disagreements());
        differences.addAll(answers.differences());
        var report = new LinkedHashMap<String, Object>();
        report.put("seed", seed);
        report.put("events", naive.events());
        report.put("rules", asked);
        report.put("queries", queries);
        report.put("operators", maker.operators());
        report.put("answers", answers.answers());
        report.put("hits", answers.hits());
        report.put("differences", differences.size());
        report.put("seconds", (System.nanoTime() - start) / 1_000_000_000);
        return new Result(report, differences);
    }
}
