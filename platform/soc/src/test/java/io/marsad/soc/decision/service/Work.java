package io.marsad.soc.decision.service;

import io.marsad.db.Database;
import io.marsad.db.outbox.Claim;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.json.FaultyJsonException;
import io.marsad.soc.json.UntrustedJson;
import io.marsad.testkit.SharedDatabase;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tenant whose alerts are decided about. */
final class Work {
    final TenantId tenant = SharedDatabase.newTenant();
    final Database database = SharedDatabase.database();

    /** What a source says of an address: a norm, or "failed". */
    final Map<String, String> intel = new ConcurrentHashMap<>();

    IntelResult ask(Indicator indicator) {
        return said(indicator, intel.get(indicator.value()));
    }

    /** @param norm null: nobody is asked */
    static IntelResult said(Indicator indicator, @Nullable String norm) {
        if (norm == null) {
            return IntelResult.of(indicator, List.of());
        }
        if (norm.equals("failed")) {
            return IntelResult.of(indicator, List.of(IntelAnswer.failed("one", "no answer", null)));
        }
        var signal =
                new Signal("one", "score", norm, Signal.Scale.SHARE, new BigDecimal(norm), new BigDecimal("0.5"), norm);
        return IntelResult.of(
                indicator,
                List.of(new IntelAnswer(
                        "one", IntelAnswer.State.FOUND, List.of(signal), List.of(), List.of(), "{}", null)));
    }

    <T> T as(String name, Callable<T> work) throws Exception {
        return CallerScope.callAs(Caller.system(tenant, name), work::call);
    }

    static JsonNode json(String text) {
        try {
            return UntrustedJson.read(text, 1 << 20);
        } catch (FaultyJsonException e) {
            throw new IllegalStateException(e);
        }
    }

    static String body(String severity, String address, String rawLog) {
        return "{\"source\":\"edr\",\"rule_id\":\"r1\",\"rule_name\":\"A beacon\",\"severity\":\"" + severity
                + "\",\"indicator\":{\"type\":\"ip\",\"value\":\"" + address + "\"},\"context\":{},\"raw_log\":\""
                + rawLog + "\"}";
    }

    EventId submit(Submissions submissions, String severity, String address) throws Exception {
        return as("sender", () -> submissions.take(json(body(severity, address, "connection")), null));
    }

    /** All that is to be decided about, taken from whoever had it. */
    Claim claim(Database by) {
        var token = UUID.randomUUID();
        return by.inTenant(tenant, connection -> {
            var items = new ArrayList<Claim.Item>();
            try (var update = connection.prepareStatement("UPDATE outbox SET claim = ? WHERE tenant_id = ?"
                    + " AND queue = 'decisions' AND NOT dead RETURNING item_id, subject, failures")) {
                update.setObject(1, token);
                update.setString(2, tenant.value());
                try (var rows = update.executeQuery()) {
                    while (rows.next()) {
                        items.add(new Claim.Item(rows.getLong(1), rows.getObject(2, UUID.class), rows.getInt(3)));
                    }
                }
            }
            return new Claim(tenant, "decisions", token, items);
        });
    }

    /** Until nothing is left to do. */
    void run(DecisionWorker worker) {
        for (var claim = claim(database); !claim.items().isEmpty(); claim = claim(database)) {
            worker.follow(claim);
        }
    }

    /** Reads rows of the tenant. */
    <T> List<T> rows(String sql, Row<T> read) {
        return database.inTenant(tenant, connection -> {
            var all = new ArrayList<T>();
            try (var select = connection.prepareStatement(sql)) {
                select.setString(1, tenant.value());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(read.of(rows));
                    }
                }
            }
            return all;
        });
    }

    long count(String sql) {
        return rows(sql, row -> row.getLong(1)).getFirst();
    }

    /** One row. */
    interface Row<T> {
        T of(ResultSet row) throws java.sql.SQLException;
    }
}
