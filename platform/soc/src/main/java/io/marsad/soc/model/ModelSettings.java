package io.marsad.soc.model;

import io.marsad.connect.OutboundRefused;
import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.db.vault.SecretValue;
import io.marsad.db.vault.Vault;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Confidence;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.decision.AlertContext;
import io.marsad.soc.decision.JudgeQuestion;
import io.marsad.soc.decision.SubmittedAlert;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.record.Outcomes;
import io.marsad.soc.record.RuleRecord;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which model the caller's tenant has asked, and how much. Nobody is ever told the key. Thread-safe. */
public final class ModelSettings {
    private static final SubmittedAlert SAMPLE = new SubmittedAlert(
            EventId.derived("model-test"),
            "marsad",
            "test",
            "A test of the model: not an alert",
            Severity.LOW,
            Indicator.of("domain", "www.example.com"),
            AlertContext.NONE,
            "GET /index.html 200 from 192.0.2.7, a browser that everybody has");

    private final Database database;
    private final Vault vault;
    private final ModelClient client;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** @param random a secure source */
    public ModelSettings(
            Database database, Vault vault, ModelClient client, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.vault = vault;
        this.client = client;
        this.clock = clock;
        this.random = random;
    }

    /** Null when the tenant has set none up. */
    public @Nullable ModelSetting find() {
        var tenant = CallerScope.tenant();
        return database.<@Nullable ModelSetting>inCallerTenant(connection -> find(connection, tenant));
    }

    private @Nullable ModelSetting find(Connection connection, TenantId tenant) throws SQLException {
        boolean hasKey = vault.list(connection, tenant, Models.KEY.kind()).stream()
                .anyMatch(kept -> kept.name().equals(Models.KEY));
        return ModelRows.find(connection, tenant.value(), hasKey, now());
    }

    /**
     * Sets it up, or anew.
     *
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code address-refused}; {@code key-required} when there has to
     *     be one, or when the one that is kept would go to another server than it was given for
     */
    public ModelSetting set(ModelContent content) {
        var address = address(content);
        var caller = CallerScope.current();
        var tenant = caller.tenant();
        var now = now();
        return database.<ModelSetting>inCallerTenant(connection -> {
            @Nullable ModelSetting before = find(connection, tenant);
            requireKey(content, address, before);
            var key = content.key();
            if (key != null && key.isBlank()) {
                vault.remove(connection, tenant, Models.KEY);
            } else if (key != null) {
                try (var value = SecretValue.of(key.strip())) {
                    vault.put(connection, tenant, Models.KEY, value);
                }
            }
            ModelRows.put(connection, tenant.value(), content, now);
            var detail = AuditLog.detail(
                    connection,
                    "enabled",
                    Boolean.toString(content.enabled()),
                    "provider",
                    content.provider().word(),
                    "url",
                    content.url(),
                    "model",
                    content.model(),
                    "seconds",
                    Integer.toString(content.seconds()),
                    "calls_per_day",
                    Integer.toString(content.callsPerDay()),
                    "tokens_per_day",
                    Long.toString(content.tokensPerDay()),
                    "key",
                    key == null ? "as it was" : key.isBlank() ? "forgotten" : "new");
            AuditLog.append(
                    connection, tenant, new AuditLog.Entry(now, caller.subject(), "model.update", "model", detail));
            return Objects.requireNonNull(find(connection, tenant), "it was just written");
        });
    }

    /**
     * Forgets it and its key; the ledger of calls stays.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404
     */
    public void remove() {
        var caller = CallerScope.current();
        var now = now();
        database.inCallerTenant(connection -> {
            if (!ModelRows.remove(connection, caller.tenant().value())) {
                throw Problem.notFound("No model is set up.").asException();
            }
            vault.remove(connection, caller.tenant(), Models.KEY);
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(now, caller.subject(), "model.remove", "model", "{}"));
            return true;
        });
    }

    /**
     * Asks about an alert that is none, and keeps nothing but an audit entry, which is written before.
     *
     * @throws io.marsad.kernel.problem.ProblemException as {@link #set}
     */
    public ModelTest test(ModelContent content) {
        var address = address(content);
        var caller = CallerScope.current();
        var tenant = caller.tenant();
        var begun = now();
        @Nullable
        String key = database.<@Nullable String>inCallerTenant(connection -> {
            requireKey(content, address, find(connection, tenant));
            var detail = AuditLog.detail(
                    connection, "provider", content.provider().word(), "url", content.url(), "model", content.model());
            AuditLog.append(
                    connection, tenant, new AuditLog.Entry(begun, caller.subject(), "model.test", "model", detail));
            if (content.key() != null) {
                return content.key().isBlank() ? null : content.key().strip();
            }
            try (var secret = vault.read(connection, tenant, Models.KEY)) {
                return secret == null ? null : secret.text();
            }
        });
        var intel = IntelResult.of(SAMPLE.indicator(), List.of());
        var rule = new RuleRecord(SAMPLE.ruleId(), "", RuleRecord.Proof.UNKNOWN, Outcomes.NONE);
        var question = new JudgeQuestion(SAMPLE, intel, Confidence.measured(SAMPLE.severity(), rule, intel.signals()));
        var reply = client.ask(ModelTarget.of(content, key), Prompt.of(question, random));
        return ModelTest.of(reply, question, Duration.between(begun, now()));
    }

    private URI address(ModelContent content) {
        try {
            return client.address(content.url());
        } catch (OutboundRefused e) {
            throw Problem.badRequest("address-refused", "The model's address: " + e.getMessage() + ".")
                    .asException();
        }
    }

    /** What is kept goes to the server that it was given for, and nowhere else: else whoever may write could read it. */
    private static void requireKey(ModelContent content, URI address, @Nullable ModelSetting before) {
        boolean given = content.key() != null && !content.key().isBlank();
        @Nullable ModelSetting keeper = content.key() == null && before != null && before.hasKey() ? before : null;
        if (keeper != null && !sameServer(URI.create(keeper.content().url()), address)) {
            throw Problem.badRequest(
                            "key-required", "The address is another one: give the key again, or an empty one for none.")
                    .asException();
        }
        if (content.enabled() && content.provider() == ModelProvider.ANTHROPIC && !given && keeper == null) {
            throw Problem.badRequest("key-required", "Give the key that Anthropic knows you by.")
                    .asException();
        }
    }

    private static boolean sameServer(URI one, URI other) {
        return Objects.equals(one.getScheme(), other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
