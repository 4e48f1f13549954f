package io.marsad.server.cli;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.server.node.Content;
import io.marsad.sigma.Liveness;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.lint.Lint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad rules check}. */
@Command(
        name = "check",
        description = {
            "Read every rule; say what is refused and what is doubtful, with file, line and reason.",
            "",
            "Refused is what is not Sigma (specification 2.1.0): such a rule is not run. Doubtful (a warning) is what reads"
                    + " well but hardly means what its author wanted: a selection that the condition does not use, a"
                    + " key with a slip in it, an id or level that is missing. A rule that asks for a list (expand) is"
                    + " read without it. What cannot fire, because nothing that is mapped sends such events or fields,"
                    + " or because its list is not there, is named with the reason; that is no fault of the rule.",
            "",
            "Exits 0 when nothing is refused, 1 when something is (with --strict also when there is a warning), 2 on"
                    + " wrong use."
        },
        footer = {
            "",
            "Examples:",
            "  ./marsad rules check my-rules",
            "  ./marsad rules check my-rules --strict --format json",
            "  ./marsad rules check my-rules --placeholders lists.yaml"
        },
        sortOptions = false)
final class RulesCheckCommand implements Callable<Integer> {
    /** How results are printed. */
    enum Format {
        TABLE,
        JSON
    }

    private static final int MAX_UNABLE = 40;

    @Mixin
    private RuleFolders folders = new RuleFolders();

    @Option(
            names = "--format",
            paramLabel = "table|json",
            description = "How to print the result (default: table); json is one line.")
    private Format format = Format.TABLE;

    @Option(names = "--strict", description = "Warnings count like refusals.")
    private boolean strict;

    @Override
    public Integer call() throws Exception {
        var content = Content.load(Shipped.content(), List.of());
        var lint = Lint.of(folders.folders(), content.fields(), folders.lists());
        // What is told to be fine has to stand in front of events, too.
        lint.rules().compile();
        var liveness = new Content(content.schema(), content.mappings(), content.fields(), lint.rules()).liveness();
        switch (format) {
            case TABLE -> table(lint, liveness);
            case JSON -> System.out.println(json(lint, liveness));
        }
        boolean good =
                lint.rules().refusals().isEmpty() && (!strict || lint.warnings().isEmpty());
        return good ? 0 : 1;
    }

    private static void table(Lint lint, Liveness liveness) {
        lint.rules().refusals().forEach(problem -> System.out.println("refused      " + problem));
        lint.warnings().forEach(problem -> System.out.println("warning      " + problem));
        var unable = liveness.unable();
        unable.stream()
                .limit(MAX_UNABLE)
                .forEach(verdict -> System.out.println("cannot fire  "
                        + verdict.about().file() + ":" + verdict.about().line() + ": " + verdict.reason()));
        if (unable.size() > MAX_UNABLE) {
            System.out.println("cannot fire  " + (unable.size() - MAX_UNABLE) + " more: --format json");
        }
        System.out.println(lint.rules().files() + " files, " + lint.compiled() + " rules read, "
                + lint.rules().refusals().size() + " refused, "
                + lint.warnings().size() + " warnings; " + liveness.able() + " can fire, " + unable.size() + " cannot");
    }

    private static String json(Lint lint, Liveness liveness) {
        var result = new LinkedHashMap<String, Object>();
        result.put("files", lint.rules().files());
        result.put("compiled", lint.compiled());
        result.put(
                "refused",
                lint.rules().refusals().stream().map(RulesCheckCommand::fault).toList());
        result.put(
                "warnings",
                lint.warnings().stream().map(RulesCheckCommand::fault).toList());
        result.put(
                "needs_lists",
                lint.waiting().stream().map(RulesCheckCommand::waiting).toList());
        result.put("can_fire", liveness.able());
        result.put(
                "cannot_fire",
                liveness.unable().stream().map(RulesCheckCommand::unable).toList());
        return JsonMapper.shared().writeValueAsString(result);
    }

    private static Map<String, Object> unable(Liveness.Verdict verdict) {
        var unable = new LinkedHashMap<String, Object>();
        unable.put("file", verdict.about().file());
        unable.put("line", verdict.about().line());
        unable.put("kind", verdict.kind());
        unable.put("reason", verdict.reason());
        return unable;
    }

    static Map<String, Object> fault(ContentProblem problem) {
        var fault = new LinkedHashMap<String, Object>();
        fault.put("file", problem.file());
        fault.put("line", problem.line());
        fault.put("reason", problem.reason());
        return fault;
    }

    private static Map<String, Object> waiting(SigmaRule rule) {
        var waiting = new LinkedHashMap<String, Object>();
        waiting.put("file", rule.about().file());
        waiting.put("line", rule.about().line());
        waiting.put("lists", new TreeSet<>(rule.missingLists()));
        return waiting;
    }
}
