package io.marsad.respond.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.run.StepChange.Status;
import io.marsad.testkit.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Random workflows, whose steps end in any order, with every state written down and read again in between. */
class InterpreterPropertyTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final int PLAYBOOKS = Integer.getInteger("marsad.playbooks", 500);

    @Test
    void everyRunDoesWhatItsTreeSaysOnceAndEnds() throws ContentException {
        var random = Seed.of("InterpreterPropertyTest").random();
        int failed = 0;
        for (int i = 0; i < PLAYBOOKS; i++) {
            var playbook = new RandomPlaybook(random.split());
            failed += new OneRun(playbook, random.split()).check() ? 0 : 1;
        }
        assertThat(failed).isBetween(PLAYBOOKS / 20, PLAYBOOKS * 3 / 4); // both ends are met
    }

    /** A run of it, gone through step by step. */
    private static final class OneRun {
        private final RandomPlaybook random;
        private final SplittableRandom order;
        private final Interpreter interpreter;
        private final List<RunEffect> open = new ArrayList<>();
        private final Map<String, Integer> asked = new HashMap<>();
        private final Map<Integer, Status> ends = new HashMap<>();
        private final HashSet<Integer> begun = new HashSet<>();
        private RunState state;

        OneRun(RandomPlaybook random, SplittableRandom order) throws ContentException {
            this.random = random;
            this.order = order;
            var playbook = random.playbook();
            this.interpreter = new Interpreter(playbook);
            this.state = RunState.begin(new UUID(0, 1), playbook, Map.of(), NOW.plus(Duration.ofDays(1)));
        }

        boolean check() {
            advance(List.of());
            while (!state.status().isEnded()) {
                assertThat(open)
                        .as("it waits for nothing, and has not ended\n" + random.text())
                        .isNotEmpty();
                var effect = open.remove(order.nextInt(open.size()));
                var event = answer((RunEffect.Carry) effect);
                var before = state;
                advance(List.of(event));
                assertThat(interpreter.advance(state, List.of(event), NOW).state())
                        .as("said twice")
                        .isEqualTo(state);
                assertThat(interpreter.advance(before, List.of(event), NOW).state())
                        .as("the same again")
                        .isEqualTo(state);
            }
            var expected = random.expected();
            assertThat(asked.keySet()).as(random.text()).isEqualTo(expected.getKey());
            assertThat(asked.values()).as(random.text()).allMatch(times -> times == 1);
            assertThat(state.status() == RunStatus.SUCCEEDED).as(random.text()).isEqualTo(expected.getValue());
            assertThat(ends.keySet()).as("every step that began has ended").isEqualTo(begun);
            assertThat(open).as("nothing is wanted any more").isEmpty();
            return expected.getValue();
        }

        private RunEvent answer(RunEffect.Carry effect) {
            return random.fails(effect.step())
                    ? new RunEvent.Failed(effect.visit(), effect.attempt(), "no", false)
                    : new RunEvent.Done(effect.visit(), effect.attempt(), new HashMap<>(random.gives(effect.step())));
        }

        private void advance(List<RunEvent> events) {
            var advance = interpreter.advance(RunStateJson.read(RunStateJson.write(state)), events, NOW);
            state = advance.state();
            for (var effect : advance.effects()) {
                if (effect instanceof RunEffect.Withdraw withdraw) {
                    open.removeIf(one -> one.visit() == withdraw.visit());
                } else {
                    open.add(effect);
                    asked.merge(((RunEffect.Carry) effect).step(), 1, Integer::sum);
                }
            }
            for (var change : advance.changes()) {
                if (change.status() == Status.RUNNING) {
                    begun.add(change.visit());
                } else {
                    assertThat(ends.put(change.visit(), change.status()))
                            .as("ended once")
                            .isNull();
                }
            }
        }
    }
}
