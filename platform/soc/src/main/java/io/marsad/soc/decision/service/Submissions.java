package io.marsad.soc.decision.service;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Entity;
import io.marsad.soc.alert.HandedIn;
import io.marsad.soc.alert.RuleOrigin;
import io.marsad.soc.alert.RuleSnapshot;
import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.SubmittedAlert;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes in alerts that other products raise, into the tenant of the running {@link CallerScope}. Thread-safe. */
public final class Submissions {
    private static final int LONGEST_RULE = 128;
    private static final int LONGEST_ENTITY = 512;

    private final Database database;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Submissions(Database database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Keeps the alert as it was handed in, puts it into the queue and has it decided about; when this returns, it is kept.
     *
     * @param key the same key again is the same alert; null: every one is new
     * @return its id, which is ours: what the sender calls it is not used
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code invalid-alert}; 409 {@code idempotency-key-reused} when
     *     another alert came with the key
     */
    public EventId take(JsonNode json, @Nullable String key) {
        var now = Instant.ofEpochMilli(clock.millis());
        var caller = CallerScope.current();
        var id = EventId.atTime(now.toEpochMilli(), random.nextLong(), random.nextLong());
        var alert = SubmittedAlert.read(id, json);
        var body = body(alert, json);
        requireReadable(body);
        var hash = hash(body);
        return database.inCallerTenant(connection -> {
            lock(connection, caller);
            var before = key == null ? null : known(connection, caller, key, hash);
            if (before != null) {
                return before;
            }
            var handedIn = new HandedIn(id, rule(alert), entities(alert.indicator()), alert.source());
            handedIn.raise(connection, caller.tenant(), now);
            try (var insert =
                    connection.prepareStatement("INSERT INTO submitted_alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setString(1, caller.tenant().value());
                insert.setObject(2, id.uuid());
                insert.setString(3, alert.source().replace('\0', '\uFFFD'));
                insert.setString(4, body);
                insert.setBytes(5, hash);
                insert.setString(6, key);
                insert.setString(7, caller.subject());
                insert.setTimestamp(8, Timestamp.from(now));
                insert.executeUpdate();
            }
            return id;
        });
    }

    /** What is kept must be read again when it is decided about: what is too deep or has too large numbers is refused here. */
    private static void requireReadable(String body) {
        try {
            UntrustedJson.read(body, Subject.LONGEST_BODY);
        } catch (FaultyJsonException e) {
            throw Problem.badRequest("invalid-alert", "The alert is " + e.getMessage() + ".")
                    .asException();
        }
    }

    /** Of two with one key the second finds what the first has made. */
    private static void lock(Connection connection, Caller caller) throws SQLException {
        try (var lock = connection.prepareStatement(
                "SELECT pg_advisory_xact_lock(hashtextextended('marsad.submissions ' || ?, 0))")) {
            lock.setString(1, caller.tenant().value());
            lock.execute();
        }
    }

    private static @Nullable EventId known(Connection connection, Caller caller, String key, byte[] hash)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT alert_id, body_hash FROM submitted_alerts WHERE tenant_id = ? AND idempotency_key = ?")) {
            select.setString(1, caller.tenant().value());
            select.setString(2, key);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                if (!MessageDigest.isEqual(hash, rows.getBytes(2))) {
                    throw Problem.conflict(
                                    "idempotency-key-reused",
                                    "Another alert came with this Idempotency-Key before: use a key once.")
                            .asException();
                }
                var uuid = rows.getObject(1, UUID.class);
                return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            }
        }
    }

    /** What is used of it, so that it is read again as it was read now. */
    private static String body(SubmittedAlert alert, JsonNode json) {
        var context = json.get("context");
        return DecisionJson.build(to -> {
            to.writeStartObject();
            to.writeStringProperty("source", alert.source());
            to.writeStringProperty("rule_id", alert.ruleId());
            to.writeStringProperty("rule_name", alert.ruleName());
            to.writeStringProperty("severity", alert.severity().word());
            to.writeObjectPropertyStart("indicator");
            to.writeStringProperty("type", json.path("indicator").get("type").stringValue());
            to.writeStringProperty("value", json.path("indicator").get("value").stringValue());
            to.writeEndObject();
            if (context != null && context.isObject()) {
                to.writeName("context");
                to.writeRawValue(context.toString());
            }
            to.writeStringProperty("raw_log", alert.rawLog());
            to.writeEndObject();
        });
    }

    private static RuleSnapshot rule(SubmittedAlert alert) {
        var id = clean(alert.source()) + ':' + clean(alert.ruleId());
        if (id.length() > LONGEST_RULE) {
            var end = '#' + HexFormat.of().formatHex(hash(id), 0, 8);
            id = id.substring(0, LONGEST_RULE - end.length()) + end;
        }
        return new RuleSnapshot(
                id,
                clean(alert.ruleName()),
                alert.severity().word(),
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                "",
                new RuleOrigin(clean(alert.source()), "", "", ""));
    }

    /** Without what PostgreSQL does not keep in a text. */
    private static String clean(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static List<Entity> entities(Indicator indicator) {
        var kind = switch (indicator.kind()) {
            case IP -> Entity.Kind.IP;
            case DOMAIN -> Entity.Kind.DOMAIN;
            case HASH -> Entity.Kind.HASH;
            case URL -> Entity.Kind.URL;
            case EMAIL -> Entity.Kind.EMAIL;
            case NETWORK, UNKNOWN -> null;
        };
        var value = clean(indicator.value());
        return kind == null
                ? List.of()
                : List.of(new Entity(kind, value.substring(0, Math.min(LONGEST_ENTITY, value.length())), "indicator"));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
