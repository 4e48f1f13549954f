package io.marsad.respond.run;

import static io.marsad.respond.Examples.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.Examples;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.run.StepChange.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every type of step, and what each does when something fails. */
class InterpreterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private final List<StepChange> changes = new ArrayList<>();
    private final List<RunEffect> effects = new ArrayList<>();
    private Instant now = NOW;

    private RunState begin(Playbook playbook, Map<String, String> given) {
        return go(
                playbook,
                RunState.begin(new UUID(0, 1), playbook, new HashMap<>(given), NOW.plus(Duration.ofDays(30))));
    }

    private RunState go(Playbook playbook, RunState state, RunEvent... events) {
        var advance =
                new Interpreter(playbook).advance(RunStateJson.read(RunStateJson.write(state)), List.of(events), now);
        changes.addAll(advance.changes());
        effects.addAll(advance.effects());
        return advance.state();
    }

    private static RunEvent done(RunEffect of, Map<String, String> outputs) {
        return new RunEvent.Done(of.visit(), of.attempt(), new HashMap<>(outputs));
    }

    private static String action(int id, String next) {
        return "  action--" + id + ": {type: action, name: A" + id
                + ", agent: group--1, commands: [{type: manual, command: do it}], " + next + "}\n";
    }

    private List<String> ended(Status status) {
        return changes.stream()
                .filter(change -> change.status() == status)
                .map(StepChange::step)
                .toList();
    }

    @Test
    void goesFromStepToStepAndKeepsWhatComes() throws ContentException {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __score__: {type: integer, value: "0"}
                workflow:
                  start--1: {type: start, on_completion: action--1}
                  action--1: {type: action, agent: group--1, out_args: [__score__], on_completion: action--2,
                    commands: [{type: manual, command: one}, {type: manual, command: "two __score__:value"}]}
                  action--2: {type: action, agent: group--1, commands: [{type: manual, command: "score __score__:value"}], on_completion: end--1}
                  end--1: {type: end}
                """);
        var state = begin(playbook, Map.of());
        assertThat(effects).hasSize(1);
        state = go(playbook, state, done(effects.getFirst(), Map.of("__score__", "7", "__other__", "left aside")));
        assertThat(((RunEffect.Carry) effects.get(1)).text()).isEqualTo("two 7");
        state = go(playbook, state, done(effects.get(0), Map.of())); // said twice: the first command again
        assertThat(effects).hasSize(2);
        state = go(playbook, state, done(effects.get(1), Map.of("__score__", "88")));
        assertThat(((RunEffect.Carry) effects.get(2)).text()).isEqualTo("score 88");
        state = go(playbook, state, done(effects.get(2), Map.of()));
        assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(state.values()).containsEntry("__score__", "88");
        assertThat(state.wakeAt()).isNull();
    }

    @Test
    void aValueOfAnotherTypeFailsTheStep() throws ContentException {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __score__: {type: integer, value: "0"}
                workflow:
                  start--1: {type: start, on_completion: action--1}
                  action--1: {type: action, agent: group--1, out_args: [__score__], commands: [{type: manual, command: one}], on_completion: end--1}
                  end--1: {type: end}
                """);
        var state = begin(playbook, Map.of());
        state = go(playbook, state, done(effects.getFirst(), Map.of("__score__", "high")));
        assertThat(state.status()).isEqualTo(RunStatus.FAILED);
        assertThat(state.reason()).contains("what came for __score__ is not a whole number");
    }

    private static final String BRANCHES = """
            workflow_exception: end--9
            playbook_variables:
              __n__: {type: integer, external: true}
            workflow:
              start--1: {type: start, on_completion: parallel--1}
              parallel--1: {type: parallel, next_steps: [action--1, action--2], on_success: action--3, on_failure: action--4}
            """ + action(1, "on_completion: end--1") + action(2, "on_completion: end--2")
            + action(3, "on_completion: end--3") + action(4, "on_completion: end--4") + """
              end--1: {type: end}
              end--2: {type: end}
              end--3: {type: end}
              end--4: {type: end}
              end--9: {type: end}
            """;

    @Test
    void branchesAreWaitedForAllOfThem() throws ContentException {
        var playbook = Examples.playbook(BRANCHES);
        var state = begin(playbook, Map.of());
        assertThat(effects).hasSize(2);
        state = go(playbook, state, done(effects.get(1), Map.of()));
        assertThat(effects).hasSize(2);
        state = go(playbook, state, done(effects.get(0), Map.of()));
        assertThat(((RunEffect.Carry) effects.get(2)).step()).isEqualTo(whole("action--3"));
        state = go(playbook, state, done(effects.get(2), Map.of()));
        assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void aBranchThatFailsFailsTheStepWhenTheOthersAreThrough() throws ContentException {
        var playbook = Examples.playbook(BRANCHES);
        var state = begin(playbook, Map.of());
        state = go(playbook, state, new RunEvent.Failed(effects.get(0).visit(), 1, "no route", false));
        assertThat(effects).hasSize(2);
        state = go(playbook, state, done(effects.get(1), Map.of()));
        assertThat(((RunEffect.Carry) effects.get(2)).step()).isEqualTo(whole("action--4"));
        assertThat(ended(Status.FAILED)).containsExactly(whole("action--1"), whole("parallel--1"));
        state = go(playbook, state, done(effects.get(2), Map.of()));
        assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED); // what failed was seen to
    }

    @Test
    void whatNobodySeesToGoesToTheExceptionAndFailsTheRun() throws ContentException {
        var playbook =
                Examples.playbook("""
                workflow_exception: action--9
                workflow:
                  start--1: {type: start, on_completion: action--1}
                """ + action(1, "on_completion: end--1") + action(9, "on_completion: end--9") + """
                  end--1: {type: end}
                  end--9: {type: end}
                """);
        var state = begin(playbook, Map.of());
        state = go(playbook, state, new RunEvent.Failed(2, 1, "refused", true));
        assertThat(state.status()).isEqualTo(RunStatus.RUNNING);
        state = go(playbook, state, done(effects.get(1), Map.of()));
        assertThat(state.status()).isEqualTo(RunStatus.FAILED);
        assertThat(state.reason()).isEqualTo("'A1' failed: refused");
    }

    @Test
    void chooses() throws ContentException {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __n__: {type: integer, external: true}
                workflow:
                  start--1: {type: start, on_completion: if-condition--1}
                  if-condition--1: {type: if-condition, condition: "__n__:value > 1", on_true: action--1, on_false: action--2, on_completion: switch-condition--1}
                  switch-condition--1: {type: switch-condition, switch: "__n__:value", cases: {"1": action--3, "2": action--4, default: action--5}, on_completion: end--9}
                """ + action(1, "on_completion: end--1") + action(2, "on_completion: end--1")
                + action(3, "on_completion: end--1") + action(4, "on_completion: end--1")
                + action(5, "on_completion: end--1") + "  end--1: {type: end}\n  end--9: {type: end}\n");
        for (var expected : Map.of("1", "23", "2", "14", "3", "15").entrySet()) {
            effects.clear();
            var state = begin(playbook, Map.of("__n__", expected.getKey()));
            state = go(playbook, state, done(effects.get(0), Map.of()));
            state = go(playbook, state, done(effects.get(1), Map.of()));
            assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(effects.stream().map(effect -> ((RunEffect.Carry) effect).step()))
                    .containsExactly(
                            whole("action--" + expected.getValue().charAt(0)),
                            whole("action--" + expected.getValue().charAt(1)));
        }
        var unknown = begin(playbook, Map.of());
        assertThat(unknown.status()).isEqualTo(RunStatus.FAILED);
        assertThat(unknown.reason()).contains("__n__ has no value");
    }

    @Test
    void repeatsAndEnds() throws ContentException {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __open__: {type: bool, value: "true"}
                workflow:
                  start--1: {type: start, on_completion: while-condition--1}
                  while-condition--1: {type: while-condition, condition: "__open__:value = true", on_true: action--1, on_completion: end--9}
                  action--1: {type: action, agent: group--1, out_args: [__open__], commands: [{type: manual, command: look}], on_completion: end--1}
                  end--1: {type: end}
                  end--9: {type: end}
                """);
        var state = begin(playbook, Map.of());
        state = go(playbook, state, done(effects.get(0), Map.of("__open__", "true")));
        state = go(playbook, state, done(effects.get(1), Map.of("__open__", "false")));
        assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED);
        effects.clear();
        state = begin(playbook, Map.of());
        for (int i = 0; state.status() == RunStatus.RUNNING; i++) {
            state = go(playbook, state, done(effects.get(i), Map.of()));
        }
        assertThat(effects).hasSize(Interpreter.MOST_ITERATIONS);
        assertThat(state.reason()).contains("more than 100 times round");
    }

    @Test
    void callsAnotherPlaybook() throws ContentException {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __ip__: {type: ipv4-addr, value: 192.0.2.1}
                  __verdict__: {type: string}
                workflow:
                  start--1: {type: start, on_completion: playbook-action--1}
                  playbook-action--1: {type: playbook-action, playbook_id: playbook--2, in_args: [__ip__], out_args: [__verdict__], on_completion: end--1}
                  end--1: {type: end}
                """);
        var state = begin(playbook, Map.of());
        var call = (RunEffect.Call) effects.getFirst();
        assertThat(call.given()).containsExactly(Map.entry("__ip__", "192.0.2.1"));
        state = go(playbook, state, done(call, Map.of("__verdict__", "bad", "__ip__", "192.0.2.9")));
        assertThat(state.values()).containsEntry("__verdict__", "bad").containsEntry("__ip__", "192.0.2.1");
        assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void waitsAndTimesOutAndTriesAgain() throws ContentException {
        var playbook = Examples.playbook("""
                workflow:
                  start--1: {type: start, on_completion: action--1}
                  action--1:
                    type: action
                    agent: group--1
                    delay: 60000
                    timeout: 30000
                    commands: [{type: manual, command: look}]
                    step_extensions:
                      extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960: {action: x, retry: {max: 2, backoff: 10000}}
                    on_success: end--1
                    on_failure: end--2
                  end--1: {type: end}
                  end--2: {type: end}
                """);
        var state = begin(playbook, Map.of());
        assertThat(effects).isEmpty();
        assertThat(state.wakeAt()).isEqualTo(NOW.plusSeconds(60));
        now = NOW.plusSeconds(60);
        state = go(playbook, state);
        assertThat(effects).hasSize(1);
        state = go(playbook, state, new RunEvent.Failed(2, 1, "busy", true));
        assertThat(state.wakeAt()).isEqualTo(NOW.plusSeconds(70));
        now = NOW.plusSeconds(70);
        state = go(playbook, state);
        assertThat(effects.get(1).attempt()).isEqualTo(2);
        state = go(playbook, state, new RunEvent.Done(2, 1, Map.of())); // of the first try, too late
        assertThat(state.wakeAt()).isEqualTo(NOW.plusSeconds(90));
        now = NOW.plusSeconds(90);
        state = go(playbook, state);
        assertThat(effects.get(2)).isInstanceOf(RunEffect.Withdraw.class);
        assertThat(ended(Status.TIMED_OUT)).containsExactly(whole("action--1"));
        assertThat(changes.stream()
                        .filter(change -> change.status() == Status.TIMED_OUT)
                        .findFirst()
                        .orElseThrow()
                        .detail())
                .startsWith("ACTION_TIMEOUT of action--");
        assertThat(state.status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void aTimeoutAroundBranchesEndsThem() throws ContentException {
        var playbook = Examples.playbook(BRANCHES.replace("type: parallel,", "type: parallel, timeout: 1000,"));
        var state = begin(playbook, Map.of());
        now = NOW.plusSeconds(1);
        state = go(playbook, state);
        assertThat(effects.stream().filter(RunEffect.Withdraw.class::isInstance))
                .hasSize(2);
        assertThat(ended(Status.CANCELLED)).containsExactlyInAnyOrder(whole("action--1"), whole("action--2"));
        assertThat(state.tokens())
                .singleElement()
                .satisfies(token -> assertThat(token.step()).isEqualTo(whole("action--4")));
    }

    @Test
    void isCancelledAndGivenUp() throws ContentException {
        var playbook = Examples.playbook(BRANCHES);
        var state = go(playbook, begin(playbook, Map.of()), new RunEvent.Cancelled("Dana: false alarm"));
        assertThat(state.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(effects.stream().filter(RunEffect.Withdraw.class::isInstance))
                .hasSize(2);
        assertThat(go(playbook, state, done(effects.get(0), Map.of()))).isEqualTo(state);
        var late = begin(playbook, Map.of());
        now = NOW.plus(Duration.ofDays(30));
        assertThat(go(playbook, late).status()).isEqualTo(RunStatus.FAILED);
    }

    /** What an attacker wrote into an event stays one value, wherever it is put. */
    @Test
    void valuesStayValues() throws ContentException {
        var playbook = Examples.playbook("""
                playbook_variables:
                  __v__: {type: string, external: true}
                  __n__: {type: integer, value: "5"}
                workflow:
                  start--1: {type: start, on_completion: action--1}
                  action--1:
                    type: action
                    agent: http-api--1
                    commands:
                      - {type: http-api, command: "POST /users/__v__:value?q=__v__:value HTTP/1.1", headers: {Content-Type: [application/json]}, content: '{"name": "hi __v__:value", "n": __n__:value, "raw": __v__:value}'}
                      - {type: http-api, command: "POST /f HTTP/1.1", headers: {Content-Type: [application/x-www-form-urlencoded]}, content: "a=__v__:value&b=1"}
                      - {type: bash, command: "ls __v__:value"}
                      - {type: powershell, command: "ls __v__:value"}
                      - {type: http-api, command: "GET / HTTP/1.1", headers: {X-Name: ["__v__:value"]}}
                    on_completion: end--1
                  end--1: {type: end}
                """);
        var evil = "../x?a=1&b=2#c d\", \"admin\": \"'; rm -rf /; echo '\u2019\r\nX-Evil: 1 __n__:value";
        var state = begin(playbook, Map.of("__v__", evil));
        for (int i = 0; i < 4; i++) {
            state = go(playbook, state, done(effects.get(i), Map.of()));
        }
        var first = (RunEffect.Carry) effects.get(0);
        assertThat(first.text().split(" ")).hasSize(3);
        assertThat(first.text())
                .startsWith("POST /users/..%2Fx%3Fa%3D1%26b%3D2%23c%20d%22")
                .doesNotContain("\r", "\n");
        var body = tools.jackson.databind.json.JsonMapper.shared()
                .readTree(java.util.Objects.requireNonNull(first.content()));
        assertThat(body.propertyNames()).containsExactly("name", "n", "raw");
        assertThat(body.get("name").stringValue()).isEqualTo("hi " + evil);
        assertThat(body.get("n").intValue()).isEqualTo(5);
        assertThat(body.get("raw").stringValue()).isEqualTo(evil);
        assertThat(String.valueOf(((RunEffect.Carry) effects.get(1)).content()).split("&"))
                .hasSize(2);
        assertThat(((RunEffect.Carry) effects.get(2)).text()).startsWith("ls '").contains("'\\''; rm");
        assertThat(((RunEffect.Carry) effects.get(3)).text()).contains("\u2019\u2019", "''; rm");
        assertThat(state.status()).isEqualTo(RunStatus.FAILED); // the header
        assertThat(state.reason()).contains("would break the header X-Name");
    }
}
