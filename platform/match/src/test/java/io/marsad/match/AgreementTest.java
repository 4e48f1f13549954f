package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One predicate compiled, many compiled together and the plain meaning agree on random predicates and events. */
class AgreementTest {
    private static final Field[] FIELDS = {
        Field.of("process.cmd_line"), Field.of("process.file.path"), Field.unmapped("A"), Field.unmapped("B")
    };
    private static final LogSource[] SOURCES = {
        LogSource.NONE,
        LogSource.of("windows", null, null),
        LogSource.of("windows", "process_creation", null),
        LogSource.of("windows", "process_creation", "sysmon"),
        LogSource.of("linux", null, "sshd"),
    };
    private static final String[] WORDS = {
        "a",
        "B",
        "ab",
        "Cmd",
        ".exe",
        "\\",
        "powershell",
        "-enc",
        " ",
        "ä",
        "Ä",
        "ß",
        "ſ",
        "K",
        "😀",
        "😁",
        "x\ny",
        "*",
        "?",
        "abc",
        "abcd",
        "bcde",
        "1",
        "10",
        "10.5",
        "1e1",
        "10.1.2.3",
        "fe80::1",
        "2026-01-02T03:04:05Z",
        ""
    };

    private Random random = new Random(0);

    @Test
    void agreesWithThePlainMeaning() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        System.out.println("AgreementTest seed " + seed);
        random = new Random(seed);
        int pairs = 0;
        int fits = 0;
        while (pairs < 400_000) {
            var predicates = new ArrayList<Predicate>();
            var wanted = new ArrayList<LogSource>();
            var compiler = new MatcherCompiler();
            for (int i = 0; i < 200; i++) {
                wanted.add(pick(SOURCES));
                predicates.add(predicate(3));
                assertThat(compiler.add(wanted.get(i), predicates.get(i))).isEqualTo(i);
            }
            var singles = predicates.stream().map(CompiledPredicate::of).toList();
            var matcher = compiler.compile();
            var batch = new EventBatch(new TenantId("acme"));
            var hits = new Hits();
            for (int e = 0; e < 40; e++) {
                var event = event();
                add(event, batch);
                var expected = new HashSet<Integer>();
                for (int i = 0; i < predicates.size(); i++) {
                    boolean verdict = dialectsDiffer(predicates.get(i), event)
                            ? singles.get(i).test(batch, e)
                            : SlowOracle.test(predicates.get(i), event);
                    if (singles.get(i).test(batch, e) != verdict) {
                        throw new AssertionError("seed " + seed + ": alone, expected " + verdict + " for "
                                + predicates.get(i) + " on " + event);
                    }
                    if (verdict && batch.source(e).satisfies(wanted.get(i))) {
                        expected.add(i);
                    }
                    pairs++;
                    fits += verdict ? 1 : 0;
                }
                matcher.match(batch, e, hits);
                var found = Set.copyOf(Arrays.stream(hits.toArray()).boxed().toList());
                if (!found.equals(expected)) {
                    var wrong = new HashSet<>(expected);
                    wrong.removeAll(found);
                    wrong.addAll(
                            found.stream().filter(f -> !expected.contains(f)).toList());
                    throw new AssertionError("seed " + seed + ": together, "
                            + predicates.get(wrong.iterator().next()) + " on " + event);
                }
            }
        }
        System.out.println("AgreementTest pairs " + pairs + ", of which fit " + fits);
        assertThat(fits).isGreaterThan(pairs / 10).isLessThan(pairs * 9 / 10);
    }

    /**
     * Where the oracle's regular expressions and RE2's mean different things: without regard to case, RE2 counts as a word
     * character also what folds to one, such as the long s. There only the two engines are compared with each other.
     */
    private static boolean dialectsDiffer(Predicate predicate, SlowOracle.Event event) {
        var text = predicate.toString();
        return event.toString().indexOf('\u017f') >= 0
                && (text.contains("\\w") || text.contains("\\W") || text.contains("\\b") || text.contains("\\B"))
                && (text.contains("(?i") || text.contains("IGNORE_CASE"));
    }

    private Predicate predicate(int depth) {
        return switch (depth == 0 ? 3 : random.nextInt(7)) {
            case 0 -> new Predicate.And(several(depth - 1));
            case 1 -> new Predicate.Or(several(depth - 1));
            case 2 -> new Predicate.Not(predicate(depth - 1));
            case 3 -> atom();
            case 4 -> literals();
            default -> new Predicate.Text(field(), glob(), random.nextInt(5) == 0);
        };
    }

    private List<Predicate> several(int depth) {
        var list = new ArrayList<Predicate>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            list.add(predicate(depth));
        }
        return list;
    }

    /** As rules have them: many literals of one field. */
    private Predicate literals() {
        var field = field();
        boolean before = random.nextBoolean();
        boolean after = random.nextBoolean();
        var any = new ArrayList<Predicate>();
        for (int n = random.nextInt(20); n >= 0; n--) {
            any.add(new Predicate.Text(field, Glob.literal(text(2)).withStars(before, after), false));
        }
        return random.nextInt(4) == 0
                ? new Predicate.And(any.subList(0, Math.min(2, any.size())))
                : new Predicate.Or(any);
    }

    private Predicate atom() {
        var comparison = pick(Predicate.Comparison.values());
        return switch (random.nextInt(9)) {
            case 0 -> new Predicate.Exists(field());
            case 1 -> new Predicate.IsNull(pick(FIELDS));
            case 2 ->
                new Predicate.Regex(
                        field(),
                        regex(2),
                        random.nextInt(3) == 0
                                ? Set.of(Predicate.Regex.Flag.IGNORE_CASE)
                                : random.nextInt(3) == 0 ? Set.of(Predicate.Regex.Flag.DOTALL) : Set.of());
            case 3 ->
                new Predicate.Cidr(field(), pick(new String[] {
                    "10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "fe80::/10", "::/0", "10.1.2.2/31"
                }));
            case 4 -> new Predicate.Number(field(), comparison, pick(new Double[] {1.0, 10.0, 10.5, -3.0}));
            case 5 ->
                new Predicate.DatePart(field(), pick(Predicate.DatePart.Unit.values()), comparison, random.nextInt(6));
            case 7 -> {
                var source = pick(SOURCES);
                yield new Predicate.OfSource(
                        random.nextBoolean() ? source.product() : null,
                        source.categories().isEmpty() || random.nextBoolean()
                                ? null
                                : source.categories().getLast(),
                        random.nextBoolean() ? source.service() : null);
            }
            case 6 -> new Predicate.FieldRef(pick(FIELDS), pick(FIELDS), pick(Predicate.FieldRef.Relation.values()));
            default -> new Predicate.Text(field(), glob(), random.nextBoolean());
        };
    }

    private Field field() {
        int n = random.nextInt(12);
        return n == 0 ? Predicate.ANYWHERE : n == 1 ? Predicate.VALUES : pick(FIELDS);
    }

    private Glob glob() {
        var parts = new ArrayList<Glob.Part>();
        for (int n = random.nextInt(5); n > 0; n--) {
            switch (random.nextInt(4)) {
                case 0 -> parts.add(Glob.Part.Wild.ANY);
                case 1 -> parts.add(Glob.Part.Wild.ONE);
                default -> {
                    var text = pick(WORDS);
                    if (!text.isEmpty()) {
                        parts.add(new Glob.Part.Literal(text));
                    }
                }
            }
        }
        return new Glob(parts);
    }

    private String text(int words) {
        var text = new StringBuilder();
        for (int n = 1 + random.nextInt(words); n > 0; n--) {
            text.append(pick(WORDS));
        }
        return text.isEmpty() ? "a" : text.toString();
    }

    private String regex(int depth) {
        var regex = new StringBuilder();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            switch (random.nextInt(depth == 0 ? 6 : 9)) {
                case 0 -> regex.append(".");
                case 1 -> regex.append("[a-c]");
                case 2 -> regex.append("\\d");
                case 3 -> regex.append("\\\\");
                case 4, 5 ->
                    regex.append(pick(new String[] {
                        "a", "B", "ab", "Cmd", "\\.exe", "ä", "abc", "1", "power", "[^a-c]", "\\w", "\\s", "\\W",
                        "[^k]", "[\\w.-]", "\\b"
                    }));
                case 6 -> regex.append("(?:").append(regex(depth - 1)).append(")");
                case 7 ->
                    regex.append("(")
                            .append(regex(depth - 1))
                            .append("|")
                            .append(regex(depth - 1))
                            .append(")");
                default -> regex.append("(?i:").append(regex(0)).append(")");
            }
            // repeated groups would take the backtracking oracle for ever
            regex.append(
                    regex.charAt(regex.length() - 1) == ')'
                            ? pick(new String[] {"", "", "?"})
                            : pick(new String[] {"", "", "", "", "+", "*", "?", "{2}", "{0,2}", "{1,}", "*?"}));
        }
        return regex.toString();
    }

    private SlowOracle.Event event() {
        var pairs = new ArrayList<SlowOracle.Pair>();
        for (Field field : FIELDS) {
            for (int n = random.nextInt(5) == 0 ? random.nextInt(4) : random.nextInt(2); n > 0; n--) {
                pairs.add(new SlowOracle.Pair(
                        field, random.nextInt(10) == 0 ? null : random.nextInt(8) == 0 ? "" : text(6)));
            }
        }
        return new SlowOracle.Event(pairs, text(8), pick(SOURCES));
    }

    private void add(SlowOracle.Event event, EventBatch batch) {
        batch.beginRow(new EventId(1, 2), 0, 0, "test");
        batch.source(event.source());
        var raw = event.raw().getBytes(StandardCharsets.UTF_8);
        batch.raw(raw, 0, raw.length);
        for (SlowOracle.Pair pair : event.pairs()) {
            if (pair.value() == null) {
                batch.add(pair.field().id(), 0, 0, EventBatch.NULL);
            } else {
                batch.add(pair.field(), pair.value());
            }
        }
        batch.endRow();
    }

    private <T> T pick(T[] from) {
        return from[random.nextInt(from.length)];
    }
}
