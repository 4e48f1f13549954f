package io.marsad.soc.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.soc.cases.CaseAct.Kind;
import io.marsad.soc.cases.CaseAct.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is done to cases in whatever order: no alert is lost, none is in two, and the acts tell all of it. */
class CaseBookTest {
    private static final int SEQUENCES = 10_000;
    private static final int STEPS = 40;
    private static final int ALERTS = 12;

    @Test
    void tenThousandSequencesLoseNothing() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("CaseBookTest seed " + seed);
        var random = new SplittableRandom(seed);
        var done = new TreeMap<String, Integer>();
        for (int i = 0; i < SEQUENCES; i++) {
            new Sequence(random.split(), done).run();
        }
        System.out.println("CaseBookTest " + SEQUENCES + " sequences: " + done);
        for (Kind kind : Kind.values()) {
            assertThat(done.getOrDefault(kind.word(), 0)).as(kind.word()).isGreaterThan(1_000);
        }
        assertThat(done.getOrDefault("reopened", 0)).isGreaterThan(1_000);
    }

    private static final class Sequence {
        private final SplittableRandom random;
        private final Map<String, Integer> done;
        private final List<CaseAct> acts = new ArrayList<>();
        private final Set<EventId> cases = new HashSet<>();
        private long last;
        private final CaseBook book = new CaseBook(() -> new EventId(1, ++last));

        Sequence(SplittableRandom random, Map<String, Integer> done) {
            this.random = random;
            this.done = done;
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                var before = replay(acts);
                var act = step();
                if (act == null) {
                    assertThat(where()).as("what is refused changes nothing").isEqualTo(before.where);
                } else {
                    acts.add(act);
                    done.merge(act.kind().word(), 1, Integer::sum);
                    check(act, before);
                }
            }
        }

        private @Nullable CaseAct step() {
            try {
                return switch (random.nextInt(9)) {
                    case 0 -> book.open(some(null));
                    case 1 -> book.group(kase(), some(null));
                    case 2 -> book.join(kase(), kase());
                    case 3 -> book.link(kase(), List.of(alert(), alert()));
                    case 4 -> book.unlink(kase(), List.of(alert()));
                    case 5 -> book.merge(kase(), Set.of(kase()));
                    case 6 -> split();
                    case 7 -> book.undo(kase());
                    default -> move();
                };
            } catch (ProblemException | IllegalArgumentException refused) {
                return null;
            }
        }

        private CaseAct split() {
            var kase = kase();
            return book.split(kase, some(kase));
        }

        private CaseAct move() {
            var kase = kase();
            boolean ended = !book.standing(kase).status().active();
            var act = book.move(kase, CaseStatus.values()[random.nextInt(CaseStatus.values().length)]);
            if (ended && book.standing(kase).status().active()) {
                done.merge("reopened", 1, Integer::sum);
            }
            return act;
        }

        private void check(CaseAct act, Replay before) {
            var after = replay(acts);
            assertThat(where())
                    .as("history tells where every alert is, after %s", act)
                    .isEqualTo(after.where);
            cases.addAll(act.cases());
            int members = 0;
            for (EventId kase : cases) {
                assertThat(book.standing(kase))
                        .as("history tells of every case")
                        .isEqualTo(after.standing.get(kase));
                members += book.members(kase).size();
                if (book.standing(kase).mergedInto() != null) {
                    assertThat(book.members(kase))
                            .as("what was merged has nothing left")
                            .isEmpty();
                }
            }
            assertThat(members).as("each alert once").isEqualTo(after.where.size());
            var lost = new HashSet<>(before.where.keySet());
            lost.removeAll(after.where.keySet());
            if (!lost.isEmpty()) {
                assertThat(act.kind()).as("only who takes them out").isIn(Kind.UNLINKED, Kind.UNDONE);
            }
            if (act.kind() == Kind.GROUPED || act.kind() == Kind.OPENED) {
                assertThat(before.standing
                                .getOrDefault(act.kase(), Standing.OPEN)
                                .takes())
                        .isTrue();
                act.moves().forEach(move -> assertThat(move.from()).isNull());
            }
            if (act.kind() == Kind.GROUPED) {
                act.moves()
                        .forEach(move -> assertThat(handOut(move.alert(), act.kase()))
                                .as("what a person took out stays out")
                                .isFalse());
            }
            if (act.kind() == Kind.UNDONE) {
                var undone = acts.stream()
                        .filter(one -> one.id().equals(act.undoes()))
                        .findFirst()
                        .orElseThrow();
                undone.moves()
                        .forEach(move ->
                                assertThat(after.where.get(move.alert())).isEqualTo(move.from()));
            }
        }

        /** Whether the last word of a person about the two was to part them. */
        private boolean handOut(EventId alert, EventId kase) {
            boolean out = false;
            for (CaseAct act : acts.subList(0, acts.size() - 1)) {
                for (var move : act.moves()) {
                    if (move.alert().equals(alert)) {
                        boolean taken = kase.equals(move.from()) && act.kind() == Kind.UNLINKED;
                        out = taken || out && !kase.equals(move.to());
                    }
                }
            }
            return out;
        }

        private Map<EventId, EventId> where() {
            var where = new HashMap<EventId, EventId>();
            for (int i = 0; i < ALERTS; i++) {
                var alert = new EventId(2, i);
                var kase = book.caseOf(alert);
                if (kase != null) {
                    where.put(alert, kase);
                    assertThat(book.members(kase)).contains(alert);
                }
            }
            return where;
        }

        private EventId alert() {
            return new EventId(2, random.nextInt(ALERTS));
        }

        private EventId kase() {
            var all = new ArrayList<>(cases);
            all.sort(java.util.Comparator.comparing(EventId::toString));
            return all.isEmpty() ? new EventId(9, 9) : all.get(random.nextInt(all.size()));
        }

        /** Alerts that are in the case, or in none. */
        private List<EventId> some(@Nullable EventId kase) {
            var some = new ArrayList<EventId>();
            for (int i = 0; i < ALERTS; i++) {
                var alert = new EventId(2, i);
                if (java.util.Objects.equals(book.caseOf(alert), kase) && random.nextInt(3) == 0) {
                    some.add(alert);
                }
            }
            return some;
        }
    }

    private record Replay(Map<EventId, EventId> where, Map<EventId, Standing> standing) {}

    /** What the acts alone say; each has to begin where the ones before it ended. */
    private static Replay replay(List<CaseAct> acts) {
        var replay = new Replay(new HashMap<>(), new HashMap<>());
        for (CaseAct act : acts) {
            for (var shift : act.shifts()) {
                assertThat(replay.standing.put(shift.kase(), shift.after())).isEqualTo(shift.before());
            }
            for (var move : act.moves()) {
                var from = move.to() == null
                        ? replay.where.remove(move.alert())
                        : replay.where.put(move.alert(), move.to());
                assertThat(from).isEqualTo(move.from());
            }
        }
        return replay;
    }
}
