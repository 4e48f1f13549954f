package io.marsad.soc.decision.service;

import io.marsad.db.Database;
import io.marsad.db.audit.AuditLog;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.soc.alert.Actors;
import io.marsad.soc.decision.DecisionJson;
import io.marsad.soc.decision.Thresholds;
import io.marsad.soc.intel.IntelJson;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * By what is decided in the tenant of the running {@link CallerScope}: thresholds in versions, and the kill switch. Every
 * change is in the audit log and holds for the next decision. Thread-safe.
 */
public final class DecisionSettings {
    private static final int SHOWN = 50;

    private final Database database;
    private final InstantSource clock;

    public DecisionSettings(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What is in force, and the versions before, newest first. */
    public record Shown(Settings now, List<Settings> versions) {
        public Shown {
            versions = List.copyOf(versions);
        }
    }

    public Shown shown() {
        return database.inCallerTenant(connection -> new Shown(
                SettingsRows.now(connection, CallerScope.tenant()),
                SettingsRows.versions(connection, CallerScope.tenant(), SHOWN)));
    }

    /**
     * Puts others in force.
     *
     * @param version that the change is based on
     * @throws io.marsad.kernel.problem.ProblemException 400 {@code reason-required}; 409 {@code changed-meanwhile}
     */
    public Settings change(Thresholds thresholds, int samplePercent, String reason, int version) {
        Decisions.requireReason(reason);
        var caller = CallerScope.current();
        var at = now();
        return database.inCallerTenant(connection -> {
            SettingsRows.lock(connection, caller.tenant());
            var before = SettingsRows.now(connection, caller.tenant());
            if (before.version() != version) {
                throw Problem.conflict(
                                "changed-meanwhile",
                                "The thresholds were changed meanwhile: they have version " + before.version()
                                        + " now.")
                        .asException();
            }
            var me = Actors.name(connection, caller);
            var made = new Settings(version + 1, thresholds, samplePercent, reason, me, at, before.stop());
            SettingsRows.add(connection, caller.tenant(), made, caller.subject());
            var detail = DecisionJson.build(to -> {
                to.writeStartObject();
                to.writeStringProperty("reason", reason);
                settings(to, "before", before);
                settings(to, "after", made);
                to.writeEndObject();
            });
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(at, caller.subject(), "decision.thresholds", "decisions:thresholds", detail));
            return made;
        });
    }

    private static void settings(JsonGenerator to, String name, Settings one) {
        to.writeObjectPropertyStart(name);
        to.writeNumberProperty("version", one.version());
        IntelJson.number(to, "escalate", one.thresholds().escalate());
        IntelJson.number(to, "close", one.thresholds().close());
        IntelJson.number(to, "model", one.thresholds().model());
        to.writeBooleanProperty("auto_close", one.thresholds().autoClose());
        to.writeNumberProperty("sample_percent", one.samplePercent());
        to.writeEndObject();
    }

    /** From when this has returned nothing is closed without a person any more, until {@link #resume}. */
    public Settings stop(String reason) {
        return turn(true, reason);
    }

    /** What the thresholds say holds again. */
    public Settings resume(String reason) {
        return turn(false, reason);
    }

    private Settings turn(boolean stopped, String reason) {
        Decisions.requireReason(reason);
        var caller = CallerScope.current();
        var at = now();
        return database.inCallerTenant(connection -> {
            SettingsRows.lock(connection, caller.tenant());
            SettingsRows.turn(connection, caller.tenant(), stopped, reason, Actors.name(connection, caller), at);
            AuditLog.append(
                    connection,
                    caller.tenant(),
                    new AuditLog.Entry(
                            at,
                            caller.subject(),
                            stopped ? "decision.stop" : "decision.resume",
                            "decisions:auto_close",
                            AuditLog.detail(connection, "reason", reason)));
            return SettingsRows.now(connection, caller.tenant());
        });
    }

    /** What these would have decided in the last 30 days, beside what those in force do. Changes nothing. */
    public ThresholdPreview preview(Thresholds thresholds) {
        var tenant = CallerScope.tenant();
        var from = now().minus(Duration.ofDays(ThresholdPreview.DAYS));
        return database.inCallerTenant(connection ->
                ThresholdReplay.load(connection, tenant, from, null).preview(thresholds));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
