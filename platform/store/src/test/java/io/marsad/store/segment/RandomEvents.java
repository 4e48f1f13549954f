package io.marsad.store.segment;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Events and questions of every odd kind, from a seed. */
final class RandomEvents {
    static final long BASE = 1_790_000_000_000L;
    static final long SPAN = 3_600_000;

    private static final List<String> WORDS = List.of(
            "powershell.exe",
            "cmd.exe",
            "C:\\Windows\\System32\\",
            "admin",
            "10.20.30.40",
            "MaſK",
            "straße",
            "Ünïcode",
            "\uD83D\uDE00",
            "{\"a\":\"b\\\"c\"}",
            "true",
            "42",
            "-7.5",
            "",
            " ",
            "\n",
            "failed password",
            "K",
            "2026-05-04T10:11:12Z",
            "192.168.1.77",
            "fe80::1",
            "mimikatz",
            "sekurlsa::logonpasswords");

    final Random random;
    private final List<Field> fields = new ArrayList<>();
    private final List<LogSource> sources = List.of(
            LogSource.NONE, LogSource.of("windows", "process_creation", null), LogSource.of("linux", null, "sshd"));

    RandomEvents(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 25; i++) {
            fields.add(Field.of("f" + i + ".path"));
        }
        fields.add(Field.unmapped("Odd name é"));
        fields.add(Field.of("activity_name")); // says the kind: any_value does not stand for it
    }

    /** Adds a row with the given log offset. */
    void add(EventBatch batch, long logOffset) {
        long received = BASE + random.nextLong(SPAN);
        batch.beginRow(
                EventId.atTime(received, random.nextLong(), random.nextLong()),
                received,
                logOffset,
                List.of("door", "token-é", "syslog-udp").get(random.nextInt(3)));
        var raw = new StringBuilder();
        int entries = random.nextInt(8) == 0 ? 0 : random.nextInt(12);
        var values = new ArrayList<String>();
        boolean json = random.nextInt(3) == 0;
        for (int i = 0; i < entries; i++) {
            values.add(value());
            if (json) {
                raw.append(",\"key")
                        .append(i)
                        .append("\":\"")
                        .append(escaped(values.getLast()))
                        .append('"');
            } else {
                raw.append(random.nextBoolean() ? "key" + i + "=" : "|").append(values.getLast());
            }
        }
        var bytes = random.nextInt(10) == 0
                ? random(random.nextInt(50))
                : raw.toString().getBytes(StandardCharsets.UTF_8);
        int rawAt = random.nextInt(20) == 0 ? -1 : batch.raw(bytes, 0, bytes.length);
        for (int i = 0; i < entries; i++) {
            int field = fields.get(Math.abs((int) (random.nextGaussian() * 6)) % fields.size())
                    .id();
            byte type = (byte) (random.nextInt(12) == 0 ? EventBatch.NULL : 1 + random.nextInt(3));
            int kind = random.nextInt(10);
            if (kind < 5 && rawAt >= 0 && bytes.length > 0) {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(Math.min(30, bytes.length - from) + 1);
                batch.add(field, rawAt + from, length, type);
            } else {
                var value = values.get(i).getBytes(StandardCharsets.UTF_8);
                batch.add(field, batch.put(value, 0, value.length), value.length, type);
            }
        }
        if (random.nextInt(4) != 0) {
            batch.time(random.nextInt(6) == 0 ? BASE + random.nextInt(20) : BASE + random.nextLong(SPAN));
        }
        batch.source(sources.get(random.nextInt(3)));
        batch.endRow();
    }

    /** As JSON has it, mostly the usual way. */
    private String escaped(String value) {
        boolean usual = random.nextInt(6) > 0;
        return value.replace("\\", "\\\\")
                .replace("\"", usual ? "\\\"" : "\\u0022")
                .replace("\n", usual ? "\\n" : "\n")
                .replace("\t", "\\t")
                .replace("/", usual ? "/" : "\\/");
    }

    private byte[] random(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String value() {
        return switch (random.nextInt(12)) {
            case 0 -> Long.toString(random.nextInt(1000));
            case 1 -> Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
            case 2 -> WORDS.get(random.nextInt(WORDS.size())) + random.nextInt(50);
            case 3 -> WORDS.get(random.nextInt(WORDS.size())).repeat(random.nextInt(4));
            case 4 ->
                random.nextInt(60) == 0
                        ? "x".repeat(random.nextInt(40_000)) + random.nextInt()
                        : "10." + random.nextInt(3) + ".0." + random.nextInt(9);
            case 5, 6 ->
                WORDS.get(random.nextInt(WORDS.size()))
                        + List.of("\\", "\n", "\t", "\"", "/", "\\\\", "\b").get(random.nextInt(7))
                        + (random.nextBoolean() ? WORDS.get(random.nextInt(WORDS.size())) : "");
            default -> WORDS.get(random.nextInt(WORDS.size()));
        };
    }

    Predicate predicate(int depth, EventBatch seen) {
        if (depth > 0 && random.nextInt(3) > 0) {
            var parts = new ArrayList<Predicate>();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                parts.add(predicate(depth - 1, seen));
            }
            return switch (random.nextInt(3)) {
                case 0 -> new Predicate.And(parts);
                case 1 -> new Predicate.Or(parts);
                default -> new Predicate.Not(parts.getFirst());
            };
        }
        var field = switch (random.nextInt(10)) {
            case 0, 1 -> Predicate.ANYWHERE;
            case 2 -> Predicate.VALUES;
            default -> field();
        };
        return switch (random.nextInt(12)) {
            case 0 -> new Predicate.Exists(field);
            case 1 -> new Predicate.IsNull(field);
            case 2 ->
                new Predicate.Cidr(
                        field, List.of("10.0.0.0/8", "10.1.0.0/16", "fe80::/10").get(random.nextInt(3)));
            case 3 ->
                new Predicate.Number(field, Predicate.Comparison.values()[random.nextInt(5)], random.nextInt(1000));
            case 4 ->
                new Predicate.Regex(
                        field,
                        List.of("^10\\.", "[0-9a-f]{6}", "mask", "xe\\d+$").get(random.nextInt(4)),
                        random.nextBoolean() ? Set.of() : Set.of(Predicate.Regex.Flag.IGNORE_CASE));
            case 6 -> {
                var source = sources.get(random.nextInt(3));
                yield new Predicate.OfSource(
                        source.product(), source.category(), random.nextBoolean() ? source.service() : null);
            }
            case 5 ->
                new Predicate.FieldRef(
                        fields.get(0),
                        fields.get(1 + random.nextInt(3)),
                        Predicate.FieldRef.Relation.values()[random.nextInt(4)]);
            default -> new Predicate.Text(field, glob(seen), random.nextInt(4) == 0);
        };
    }

    Field field() {
        return fields.get(random.nextInt(fields.size()));
    }

    private Glob glob(EventBatch seen) {
        var text = value();
        if (seen.rows() > 0 && random.nextInt(3) > 0) {
            int row = random.nextInt(seen.rows());
            int from = seen.first(row);
            int n = seen.end(row) - from;
            text = n > 0 && random.nextInt(4) > 0
                    ? seen.text(from + random.nextInt(n))
                    : new String(seen.raw(row), StandardCharsets.UTF_8);
        }
        if (random.nextBoolean() && text.length() > 4) {
            int from = random.nextInt(text.length() - 3);
            text = text.substring(from, from + 1 + random.nextInt(Math.min(20, text.length() - from - 1)));
        }
        text = switch (random.nextInt(4)) {
            case 0 -> text.toUpperCase(java.util.Locale.ROOT);
            case 1 -> text.replace('K', 'k').replace('ſ', 's');
            default -> text;
        };
        var glob = Glob.literal(text);
        return switch (random.nextInt(5)) {
            case 0 -> glob;
            case 1 -> glob.withStars(true, false);
            case 2 -> glob.withStars(false, true);
            case 3 ->
                text.length() < 2
                        ? glob
                        : new Glob(List.of(
                                new Glob.Part.Literal(text.substring(0, 1)),
                                Glob.Part.Wild.ANY,
                                new Glob.Part.Literal(text.substring(1))));
            default -> glob.withStars(true, true);
        };
    }

    /** The row with everything that it has, as text: equal rows have equal texts. */
    static String describe(EventBatch batch, int row) {
        var text = new StringBuilder();
        text.append(batch.id(row))
                .append(' ')
                .append(batch.time(row))
                .append(' ')
                .append(batch.received(row));
        text.append(' ')
                .append(batch.logOffset(row))
                .append(' ')
                .append(batch.origin(row))
                .append(' ')
                .append(batch.source(row));
        text.append(' ').append(new String(batch.raw(row), StandardCharsets.ISO_8859_1));
        for (int e = batch.first(row); e < batch.end(row); e++) {
            text.append('\u0001')
                    .append(Field.byId(batch.field(e)))
                    .append(':')
                    .append(batch.type(e))
                    .append(':');
            text.append(new String(batch.arena(), batch.offset(e), batch.length(e), StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    static EventBatch batch(String tenant) {
        return new EventBatch(new TenantId(tenant));
    }
}
