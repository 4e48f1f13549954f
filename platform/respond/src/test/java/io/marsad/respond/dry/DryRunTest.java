package io.marsad.respond.dry;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.respond.Examples;
import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.ActionPolicy;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.dry.DryRun.Assumed;
import io.marsad.respond.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a dry run tells, and that it asks nobody but {@link Inside}. */
class DryRunTest {
    private static final String PLAYBOOK = """
            playbook_variables:
              __host__: {type: string, external: true}
              __case__: {type: uuid}
              __verdict__: {type: string, value: unknown}
            workflow:
              start--1: {type: start, on_completion: action--1}
              action--1:
                type: action
                name: Look
                agent: group--1
                commands: [{type: manual, command: look}]
                out_args: [__verdict__]
                step_extensions:
                  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                    {action: look_up, with: {type: x, value: y}, outputs: {verdict: __verdict__}}
                on_completion: action--2
              action--2:
                type: action
                name: Isolate
                delay: 60000
                agent: group--1
                commands: [{type: manual, command: isolate}]
                in_args: [__host__]
                step_extensions:
                  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                    {action: isolate_host, with: {host: "__host__:value"}, approval: two}
                on_success: action--3
                on_failure: end--1
              action--3:
                type: action
                name: Open
                agent: group--1
                commands: [{type: manual, command: open}]
                out_args: [__case__]
                step_extensions:
                  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
                    {action: create_case, with: {title: t}, outputs: {case: __case__}}
                on_completion: action--4
              action--4:
                type: action
                name: Ask
                agent: group--1
                commands: [{type: manual, command: "Is __verdict__:value of __case__:value right?"}]
                on_completion: end--1
              end--1: {type: end}
            """;

    private final Catalogue catalogue = Catalogue.standard();
    private final List<String> asked = new ArrayList<>();

    private static final Household HOUSEHOLD = new Household() {
        @Override
        public ActionPolicy.Verdict judge(ActionKind kind, String target, ActionPolicy.Consent atLeast) {
            return ActionPolicy.standard().decide(new ActionPolicy.Request(kind, target, false, atLeast));
        }

        @Override
        public @Nullable Playbook called(UUID playbook, @Nullable String modified) {
            return null;
        }
    };

    private final Inside inside = new Inside() {
        @Override
        public @Nullable Read read(String action, Map<String, JsonNode> parameters) {
            asked.add(action);
            return new Read(Map.of("verdict", "malicious"), null);
        }

        @Override
        public Would would(String action, Map<String, JsonNode> parameters) {
            return action.equals("isolate_host")
                    ? new Would("CrowdStrike (edr)", "POST https://edr.example/contain", null)
                    : new Would("Marsad", null, null);
        }
    };

    private DryRun.Result dry(Map<String, @Nullable String> given, Map<String, List<Assumed>> assumed)
            throws Exception {
        var reading = new PlaybookReader(catalogue).read("x.yaml", Examples.yaml(PLAYBOOK));
        var playbook = Objects.requireNonNull(reading.playbook(), reading.findings()::toString);
        return DryRun.run(
                new DryRun.Wanted(playbook, new LinkedHashMap<>(given), assumed, Instant.parse("2026-11-22T08:00:00Z")),
                catalogue,
                inside,
                HOUSEHOLD);
    }

    private static DryStep.Asked of(DryRun.Result result, String name) {
        return Objects.requireNonNull(result.steps().stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow()
                .asked());
    }

    @Test
    void everyStepIsShownWithItsInputsAndWhoWouldHaveToAgree() throws Exception {
        var result = dry(Map.of("__host__", "ws-1"), Map.of());
        assertThat(result.end().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(result.steps())
                .extracting(DryStep::name)
                .startsWith("start 00000000-0000-4000-8000-000000000001", "Look", "Isolate", "Open", "Ask");
        assertThat(of(result, "Look").read()).isTrue();
        var isolate = of(result, "Isolate");
        assertThat(isolate.parameters().get("host")).asString().contains("ws-1");
        assertThat(isolate.target()).isEqualTo("ws-1");
        assertThat(isolate.assumed()).isTrue();
        assertThat(isolate.by()).isEqualTo("CrowdStrike (edr)");
        assertThat(isolate.would()).contains("https://edr.example");
        assertThat(Objects.requireNonNull(isolate.verdict()).consent()).isEqualTo(ActionPolicy.Consent.TWO_PEOPLE);
        assertThat(result.steps().get(3).at()).isEqualTo(Duration.ofMinutes(1));
        assertThat(of(result, "Ask").parameters().get("text"))
                .asString()
                .contains("malicious", "00000000-0000-0000-0000-000000000000");
        assertThat(asked).containsExactly("look_up");
        assertThat(result.missing()).isEmpty();
    }

    @Test
    void whatIsSaidToFailFailsAndWhatNobodyGivesIsNamed() throws Exception {
        var step = Examples.whole("action--2");
        var refused = dry(Map.of("__host__", "ws-1"), Map.of(step, List.of(Assumed.FAILED)));
        assertThat(refused.steps()).extracting(DryStep::name).doesNotContain("Open");
        var lacking = dry(Map.of(), Map.of());
        assertThat(lacking.missing()).containsExactly(new DryRun.Missing(step, "__host__", "nobody gives it a value"));
        assertThat(lacking.steps()).extracting(DryStep::name).doesNotContain("Open");
    }
}
