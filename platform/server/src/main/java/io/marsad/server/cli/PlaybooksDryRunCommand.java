package io.marsad.server.cli;

import io.marsad.api.suppressions.QueryConditions;
import io.marsad.kernel.content.ContentException;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.dry.DryRun;
import io.marsad.respond.dry.DryStep;
import io.marsad.respond.dry.Household;
import io.marsad.respond.dry.Inside;
import io.marsad.respond.run.RunStatus;
import io.marsad.respond.trial.PlaybookFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad playbooks dry-run}. */
@Command(
        name = "dry-run",
        description = {
            "Show every step that a playbook would go through, with what it would be told and who would have to agree: no"
                    + " server, nothing goes out, no time passes.",
            "",
            "What is asked or done outside is assumed to succeed and to say nothing. The policy is the one that a tenant"
                    + " begins with; playbooks that it calls are looked for in its folder.",
            "",
            "Exits 0 when the run would succeed, 1 when it would fail, 2 on wrong use."
        },
        footer = {
            "",
            "Example:",
            "  ./marsad playbooks dry-run content/playbooks/brute-force-ssh.yaml --given __source_ip__=192.0.2.7"
        },
        sortOptions = false)
final class PlaybooksDryRunCommand implements Callable<Integer> {
    /** How the run is printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The playbook, as JSON or YAML.")
    private Path file = Path.of("");

    @Option(names = "--given", paramLabel = "NAME=VALUE", description = "Value of a variable; several times.")
    private Map<String, String> given = new LinkedHashMap<>();

    @Option(
            names = "--fails",
            paramLabel = "STEP",
            description = "Name or id of a step that is to fail; several times.")
    private List<String> failing = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "table|json",
            description = "How to print the run (default: table); json is one line.")
    private Format format = Format.TABLE;

    @Override
    public Integer call() throws IOException, ContentException {
        var catalogue = Catalogue.standard();
        var reader = new PlaybookReader(catalogue, new QueryConditions());
        var entry = PlaybookFolder.read(file, reader).getFirst();
        var playbook = entry.playbook();
        if (playbook == null) {
            throw new ContentException(
                    entry.findings().stream().map(finding -> finding.problem()).toList());
        }
        for (var name : given.keySet()) {
            if (!playbook.variables().containsKey(name)) {
                throw new ParameterException(spec.commandLine(), "the playbook has no variable " + name);
            }
        }
        var wanted =
                new DryRun.Wanted(playbook, new LinkedHashMap<>(given), assumed(playbook), Instant.ofEpochMilli(0));
        var result = DryRun.run(wanted, catalogue, Inside.NOTHING, household(reader));
        switch (format) {
            case TABLE -> print(result);
            case JSON -> System.out.println(JsonMapper.shared().writeValueAsString(json(result)));
        }
        return result.end().status() == RunStatus.SUCCEEDED ? 0 : 1;
    }

    private Map<String, List<DryRun.Assumed>> assumed(Playbook playbook) {
        Map<String, List<DryRun.Assumed>> assumed = new LinkedHashMap<>();
        for (var name : failing) {
            var step = playbook.workflow().values().stream()
                    .filter(one -> one.id().equals(name) || one.title().equals(name))
                    .findFirst()
                    .map(Step::id)
                    .orElseThrow(() -> new ParameterException(spec.commandLine(), "there is no step '" + name + "'"));
            assumed.put(step, List.of(DryRun.Assumed.FAILED));
        }
        return assumed;
    }

    private Household household(PlaybookReader reader) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        var beside = folder == null ? List.<PlaybookFolder.Entry>of() : PlaybookFolder.read(folder, reader);
        return new Household() {
            @Override
            public ActionPolicy.Verdict judge(ActionKind kind, String target, ActionPolicy.Consent atLeast) {
                return ActionPolicy.standard().decide(new ActionPolicy.Request(kind, target, false, atLeast));
            }

            @Override
            public @Nullable Playbook called(UUID id, @Nullable String modified) {
                for (var one : beside) {
                    var playbook = one.playbook();
                    if (playbook != null && playbook.id().equals("playbook--" + id)) {
                        return playbook;
                    }
                }
                return null;
            }
        };
    }

    private static void print(DryRun.Result result) {
        for (var step : result.steps()) {
            var asked = step.asked();
            System.out.println(word(step.status()) + "  " + step.name()
                    + (step.detail() == null ? "" : "  (" + step.detail() + ")"));
            if (asked != null) {
                var verdict = asked.verdict();
                System.out.println("    " + asked.action() + parameters(asked)
                        + (verdict == null ? "" : "; consent: " + word(verdict.consent()))
                        + (asked.assumed() ? "; assumed" : "")
                        + (asked.would() == null ? "" : "; " + asked.would()));
            }
        }
        result.missing().forEach(one -> System.out.println("missing  " + one.name() + ": " + one.problem()));
        var end = result.end();
        System.out.println(result.steps().size() + " steps, " + word(end.status())
                + (end.reason() == null ? "" : ": " + end.reason()) + "; nothing was sent");
    }

    private static String parameters(DryStep.Asked asked) {
        var text = new StringBuilder();
        asked.parameters()
                .forEach((name, value) -> text.append(text.isEmpty() ? "  " : ", ")
                        .append(name)
                        .append(": ")
                        .append(value.isString() ? value.stringValue() : value.toString()));
        return text.toString();
    }

    private static Map<String, Object> json(DryRun.Result result) {
        var json = new LinkedHashMap<String, Object>();
        json.put("status", word(result.end().status()));
        json.put("reason", result.end().reason());
        json.put("outbound", 0);
        json.put(
                "steps",
                result.steps().stream().map(PlaybooksDryRunCommand::json).toList());
        json.put(
                "missing",
                result.missing().stream()
                        .map(one -> Map.of("step", one.step(), "name", one.name(), "problem", one.problem()))
                        .toList());
        return json;
    }

    private static Map<String, @Nullable Object> json(DryStep step) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("visit", step.visit());
        json.put("parent", step.parent());
        json.put("step", step.step());
        json.put("name", step.name());
        json.put("type", step.type());
        json.put("status", word(step.status()));
        json.put("detail", step.detail());
        json.put("at", step.at().toMillis());
        json.put("values", step.values());
        var asked = step.asked();
        if (asked != null) {
            var verdict = asked.verdict();
            json.put("action", asked.action());
            json.put("parameters", asked.parameters());
            json.put("target", asked.target());
            json.put("radius", verdict == null ? null : word(verdict.radius()));
            json.put(
                    "consent", verdict == null ? null : verdict.consent().name().toLowerCase(Locale.ROOT));
            json.put("reasons", verdict == null ? List.of() : verdict.reasons());
            json.put("assumed", asked.assumed());
            json.put("would", asked.would());
        }
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
