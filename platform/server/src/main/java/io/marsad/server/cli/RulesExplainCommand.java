package io.marsad.server.cli;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.event.LogSource;
import io.marsad.server.node.Content;
import io.marsad.server.rules.Explanation;
import io.marsad.server.rules.ExplanationText;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaDocument;
import io.marsad.sigma.SigmaRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad rules explain}. */
@Command(
        name = "explain",
        description = {
            "Show why a rule fires on an event or does not: each selection, field and value.",
            "",
            "The event goes through the real mappings. When the file has several and --record does not say which, the"
                    + " first is taken that the rule fires on, else the first of the rule's log source.",
            "",
            "Exits 0 when the rule fires, 1 when it does not, 2 on wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad rules explain my-rule.yml event.json",
            "  ./marsad rules explain 3b6ab547-8ec2-4991-b9d2-2b06702a48d7 Security.evtx --record 4711",
            "  echo '{\"CommandLine\": \"whoami /all\"}' | ./marsad rules explain my-rule.yml - --any-source"
        },
        sortOptions = false)
final class RulesExplainCommand implements Callable<Integer> {
    private static final int MAX_STANDARD_INPUT = 256 << 20;

    /** How results are printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Parameters(index = "0", paramLabel = "RULE", description = "A rule's file, or the id or name of a loaded rule.")
    private String rule = "";

    @Parameters(
            index = "1",
            paramLabel = "EVENT",
            description = "A file of events: JSON, NDJSON, EVTX, syslog, auditd…; - is standard input.")
    private String event = "";

    @Option(
            names = "--record",
            paramLabel = "N",
            description = "Which record: its id in a Windows event log, its number in any other file (from 1).")
    private @Nullable Long record;

    @Option(names = "--format", paramLabel = "text|json", description = "How to print it (default: text).")
    private Format format = Format.TEXT;

    @Option(
            names = "--source",
            paramLabel = "PRODUCT/CATEGORY/SERVICE",
            description = "The event's log source, for bare JSON: windows/process_creation, linux//auditd.")
    private @Nullable String source;

    @Option(names = "--any-source", description = "Do not look at the log source.")
    private boolean anySource;

    @Option(
            names = "--placeholders",
            paramLabel = "FILE",
            arity = "1",
            description = "Lists for rules with expand; may be given several times.")
    private List<Path> placeholders = List.of();

    @Mixin
    private DataFolder data = new DataFolder();

    /** Read once, for several rules. */
    private byte @Nullable [] standardInput;

    @Override
    public Integer call() throws Exception {
        var question = new Explanation.Question(record, source == null ? null : logSource(source), anySource);
        var lists = lists();
        var content = content(question, lists);
        var explained = new ArrayList<Explanation>();
        for (SigmaRule one : rules(content.rules())) {
            try (var file = open()) {
                var explanation = Explanation.of(one, content, lists, question, file);
                if (explanation == null) {
                    throw new CommandFailure(
                            record == null ? event + " has no events" : event + " has no record " + record);
                }
                explained.add(explanation);
            }
        }
        switch (format) {
            case TEXT -> explained.forEach(one -> System.out.print(ExplanationText.text(one)));
            case JSON -> {
                for (Explanation one : explained) {
                    System.out.println(JsonMapper.shared().writeValueAsString(ExplanationText.json(one)));
                }
            }
        }
        return explained.stream().anyMatch(Explanation::fires) ? 0 : 1;
    }

    private Placeholders lists() throws ContentException, IOException {
        placeholders.forEach(RuleFolders::mustExist);
        var paths = new ArrayList<Path>();
        paths.add(Shipped.content().resolve("lists"));
        paths.add(data.path().resolve("lists"));
        paths.addAll(placeholders);
        return Placeholders.load(paths).assuming();
    }

    private Content content(Explanation.Question question, Placeholders lists) throws ContentException, IOException {
        boolean file = Files.exists(Path.of(rule));
        var folders = file ? List.of(Path.of(rule)) : Content.ruleFolders(Shipped.content(), data.path());
        var base = Content.load(Shipped.content(), List.of());
        var rules = RuleSet.load(folders, Explanation.fields(base, question), lists);
        return new Content(base.schema(), base.mappings(), base.fields(), rules);
    }

    private List<SigmaRule> rules(RuleSet all) {
        boolean file = Files.exists(Path.of(rule));
        var found = new ArrayList<SigmaRule>();
        for (SigmaRule one : all.rules()) {
            if (file || isNamed(one)) {
                found.add(one);
            }
        }
        for (Correlation correlation : all.correlations()) {
            if (!file && isNamed(correlation.definition())) {
                found.addAll(correlation.rules());
            }
        }
        if (found.isEmpty()) {
            var reasons = file
                    ? all.refusals().stream()
                            .map(ContentProblem::toString)
                            .map("\n  "::concat)
                            .toList()
                    : List.<String>of();
            throw new CommandFailure(
                    file
                            ? rule + " has no rule about single events that can be read" + String.join("", reasons)
                            : "no file and no loaded rule is called " + rule);
        }
        return found;
    }

    private boolean isNamed(SigmaDocument document) {
        return document.id().equalsIgnoreCase(rule)
                || rule.equals(document.about().name());
    }

    private InputStream open() throws IOException {
        if (!event.equals("-")) {
            RuleFolders.mustExist(Path.of(event));
            return Files.newInputStream(Path.of(event));
        }
        var read = standardInput;
        if (read == null) {
            read = System.in.readNBytes(MAX_STANDARD_INPUT);
            standardInput = read;
        }
        return new ByteArrayInputStream(read);
    }

    private static LogSource logSource(String text) {
        var parts = List.of(text.split("/", -1));
        if (parts.size() > 3) {
            throw new CommandFailure("--source is PRODUCT/CATEGORY/SERVICE, such as windows/process_creation");
        }
        return LogSource.of(part(parts, 0), part(parts, 1), part(parts, 2));
    }

    private static @Nullable String part(List<String> parts, int index) {
        return index >= parts.size() || parts.get(index).isBlank() ? null : parts.get(index);
    }
}
