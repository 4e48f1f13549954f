package io.marsad.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.predicate.Predicate.Comparison;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.match.CompiledPredicate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Predicates written as queries and read again answer alike on random events. */
class RewritingTest {
    private static final List<Field> FIELDS = List.of(
            Field.of("message"),
            Field.of("host"),
            Field.of("process.cmd_line"),
            Field.unmapped("message"),
            Field.unmapped("Odd `name`"),
            Predicate.ANYWHERE,
            Predicate.VALUES);
    private static final List<String> VALUES =
            List.of("cmd /c WHOAMI", "10.1.2.3", "10.0.0.0/8", "5", "*", "a\\b", "a\nb", "", "it's \"x\"", "severity");

    private final long seed = Long.getLong("marsad.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private EventBatch events() {
        var batch = new EventBatch(new TenantId("test"));
        for (int i = 0; i < 60; i++) {
            batch.beginRow(new EventId(0, i), 0, 0, "test");
            batch.source(pick(List.of(
                    LogSource.NONE,
                    LogSource.of("windows", "process_creation,other", "sysmon"),
                    LogSource.of("linux", null, "sysmon"))));
            var raw = pick(VALUES).getBytes(StandardCharsets.UTF_8);
            batch.raw(raw, 0, raw.length);
            for (int n = random.nextInt(5); n > 0; n--) {
                batch.add(FIELDS.get(random.nextInt(5)), pick(VALUES));
            }
            batch.endRow();
        }
        return batch;
    }

    private Predicate predicate(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            var parts = new ArrayList<Predicate>();
            for (int n = random.nextInt(4); n > 0; n--) {
                parts.add(predicate(depth - 1));
            }
            return switch (random.nextInt(3)) {
                case 0 -> new Predicate.And(parts);
                case 1 -> new Predicate.Or(parts);
                default -> new Predicate.Not(predicate(depth - 1));
            };
        }
        var field = pick(FIELDS);
        var own = FIELDS.get(random.nextInt(5));
        return switch (random.nextInt(8)) {
            case 7 ->
                new Predicate.OfSource(
                        pick(List.of("windows", "linux")),
                        random.nextBoolean() ? "process_creation" : null,
                        random.nextBoolean() ? "sysmon" : null);
            case 0 -> new Predicate.Exists(own);
            case 1 -> new Predicate.IsNull(own);
            case 2 -> new Predicate.Cidr(own, "10.0.0.0/8");
            case 3 -> new Predicate.Number(own, Comparison.values()[1 + random.nextInt(4)], random.nextInt(10));
            case 4 ->
                new Predicate.Regex(
                        field,
                        pick(List.of("who[a-z]+", "^a.b$", "\"x\"", "'s", "^b")),
                        pick(List.of(
                                Set.of(),
                                Set.of(Predicate.Regex.Flag.IGNORE_CASE),
                                Set.of(Predicate.Regex.Flag.MULTILINE),
                                Set.of(Predicate.Regex.Flag.DOTALL, Predicate.Regex.Flag.IGNORE_CASE))));
            default -> {
                var literal = Glob.literal(pick(VALUES));
                var glob = switch (random.nextInt(5)) {
                    case 0 -> Glob.written("*c?d*", "\\*?");
                    case 1 -> literal.withStars(true, false);
                    case 2 -> literal.withStars(false, true);
                    case 3 -> literal.withStars(true, true);
                    default -> literal;
                };
                yield new Predicate.Text(field, glob, random.nextBoolean());
            }
        };
    }

    @Test
    void textAndPredicateFindTheSame() {
        var events = events();
        int found = 0;
        for (int i = 0; i < 2_000; i++) {
            var predicate = predicate(3);
            var translation = Query.of(predicate, LogSource.NONE);
            assertThat(translation.missing()).isEmpty();
            var text = translation.query().toString();
            var before = CompiledPredicate.of(predicate);
            var after = CompiledPredicate.of(Query.parse(text).predicate());
            for (int row = 0; row < events.rows(); row++) {
                boolean fits = before.test(events, row);
                found += fits ? 1 : 0;
                assertThat(after.test(events, row))
                        .as("seed %d: row %d, %s as %s", seed, row, predicate, text)
                        .isEqualTo(fits);
            }
        }
        assertThat(found).isBetween(2_000, 118_000);
    }

    @Test
    void whatCannotBeSaidIsNamedAndFindsMore() {
        var part = new Predicate.DatePart(Field.of("time_of"), Predicate.DatePart.Unit.HOUR, Comparison.EQUAL, 3);
        var word = new Predicate.Text(Field.of("process.name"), Glob.literal("cmd.exe"), false);
        var both = Query.of(new Predicate.And(List.of(part, word)), LogSource.of("windows", null, null));
        assertThat(both.query()).hasToString("logsource = windows and process.name = cmd.exe");
        assertThat(both.missing()).singleElement().asString().contains("time_of");
        var not = Query.of(new Predicate.Not(new Predicate.Or(List.of(part, word))), LogSource.NONE);
        assertThat(not.query()).hasToString("not (not * or process.name = cmd.exe)");
    }
}
