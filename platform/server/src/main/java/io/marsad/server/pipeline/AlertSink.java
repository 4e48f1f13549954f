package io.marsad.server.pipeline;

import io.marsad.ingest.worker.Finding;
import io.marsad.ingest.worker.FindingSink;
import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.store.EventStore;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.SigmaRule;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.rule.LoadedRules;
import io.marsad.soc.stage.Staging;
import io.marsad.soc.suppression.Firing;
import io.marsad.soc.suppression.Hiding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Findings become alerts, in the worker's transaction. Thread-safe. */
public final class AlertSink implements FindingSink {
    private final Alerts alerts;
    private final Hiding hiding;
    private final EventStore store;
    private final Supplier<LoadedRules> rules;
    private final InstantSource clock;

    /** @param rules those that are in use */
    public AlertSink(Alerts alerts, Hiding hiding, EventStore store, Supplier<LoadedRules> rules, InstantSource clock) {
        this.alerts = alerts;
        this.hiding = hiding;
        this.store = store;
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public void raise(Connection connection, TenantId tenant, List<Finding> findings) throws SQLException {
        var loaded = rules.get();
        var staging = Staging.of(connection, tenant, rules(findings));
        var making = new Detections(loaded.origin());
        var raised = new ArrayList<Firing>(findings.size());
        var matches = new LinkedHashMap<EventId, Finding.OnEvents>();
        var revised = new HashSet<EventId>();
        var listed = new ArrayList<Finding.OnListed>();
        for (Finding finding : findings) {
            switch (finding) {
                case Finding.OnEvent one when staging.disabled(one.rule().id()) -> {}
                case Finding.OnEvents many
                when staging.disabled(many.match().rule().id()) -> {}
                case Finding.OnEvent one ->
                    raised.add(new Firing(
                            making.onEvent(one.rule(), one.events(), one.row()),
                            () -> List.of(new Firing.Place(one.events(), one.row()))));
                case Finding.OnListed one -> listed.add(one);
                case Finding.OnEvents many -> {
                    matches.put(many.match().id(), many); // the last word counts
                    if (many.match().revised()) {
                        revised.add(many.match().id());
                    }
                }
            }
        }
        raised.addAll(ListedFirings.of(connection, tenant, listed, Instant.ofEpochMilli(clock.millis())));
        var changed = new ArrayList<Detection>(revised.size());
        for (Finding.OnEvents many : matches.values()) {
            var match = many.match();
            var members = members(loaded, tenant, match.rule().id());
            var detection = making.onCorrelation(match, members, many.events(), id -> find(tenant, id));
            raised.add(new Firing(detection, () -> events(tenant, many)));
            if (revised.contains(match.id())) {
                changed.add(detection);
            }
        }
        var heard = staging.heard(hiding.hide(connection, tenant, raised));
        alerts.raise(connection, tenant, heard, changed);
    }

    private static Set<String> rules(List<Finding> findings) {
        var ids = new HashSet<String>();
        for (Finding finding : findings) {
            switch (finding) {
                case Finding.OnEvent one -> ids.add(one.rule().id());
                case Finding.OnEvents many -> ids.add(many.match().rule().id());
                case Finding.OnListed _ -> {}
            }
        }
        return ids;
    }

    /** What a correlation counted, as far as it is still there. */
    private List<Firing.Place> events(TenantId tenant, Finding.OnEvents many) {
        var places = new ArrayList<Firing.Place>();
        for (EventId id : many.match().events()) {
            var event = find(tenant, id);
            if (event != null && event.rows() > 0) {
                places.add(new Firing.Place(event, 0));
            }
        }
        return places;
    }

    private static List<SigmaRule> members(LoadedRules loaded, TenantId tenant, String correlation) {
        for (Correlation one : loaded.rules().correlations()) {
            if (one.definition().id().equals(correlation)) {
                var members = new ArrayList<SigmaRule>();
                for (SigmaRule rule : one.rules()) {
                    var reading = loaded.rules().reading(tenant, rule);
                    if (reading != null) {
                        members.add(reading);
                    }
                }
                return members;
            }
        }
        return List.of(); // replaced a moment ago: the evidence is named, not explained
    }

    private @Nullable EventBatch find(TenantId tenant, EventId id) {
        try {
            return store.find(tenant, id);
        } catch (IOException e) {
            throw new UncheckedIOException("the evidence of an alert cannot be read", e);
        }
    }
}
