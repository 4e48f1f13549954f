package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.risk.Promotion;
import io.marsad.soc.risk.Promotions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes cases of entities whose risk rose too far: their alerts that are in no case come into the oldest active one that has
 * some of them, or into a new one. What people took out of a case stays out. Thread-safe.
 */
public final class CasePromotions implements Promotions {
    private final InstantSource clock;
    private final RandomGenerator random;

    public CasePromotions(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public @Nullable EventId take(Connection connection, TenantId tenant, Promotion promotion) throws SQLException {
        CaseRows.lock(connection, tenant);
        var who = CaseChange.Who.system(CaseChange.Who.GROUPING, Instant.ofEpochMilli(clock.millis()));
        var sources = new CaseSources(connection, tenant);
        var alerts = sources.sources(promotion.alerts());
        var placed = sources.cases(alerts.keySet());
        var takenOut = sources.takenOut(alerts.keySet());
        var change = new CaseChange(connection, tenant, who);
        var book = change.rows().book(this::id, placed.values(), alerts.keySet());
        var fresh = new ArrayList<EventId>();
        alerts.forEach((id, alert) -> {
            if (alert.open() && !placed.containsKey(id) && !takenOut.contains(id)) {
                fresh.add(id);
            }
        });
        var numbers = sources.numbers(new LinkedHashSet<>(placed.values()));
        var home = numbers.keySet().stream()
                .filter(kase -> book.takes(kase, fresh.size()))
                .min(Comparator.comparing(kase -> numbers.getOrDefault(kase, Long.MAX_VALUE)))
                .orElse(null);
        if (fresh.isEmpty() && home == null) {
            return null; // people have dealt with all of it
        }
        var why = new HashMap<EventId, String>();
        var said = "The risk of " + promotion.value() + " rose to "
                + promotion.score().toPlainString() + ", and this alert counts towards it.";
        fresh.forEach(id -> why.put(id, said));
        if (!fresh.isEmpty()) {
            List<EventId> some = fresh.subList(0, Math.min(fresh.size(), CaseBook.MOST_GROUPED));
            var act = home == null ? book.open(some) : book.group(home, some);
            change.write(act, why, "the risk of " + promotion.value() + " rose");
            home = act.kase();
        }
        change.tell();
        return home;
    }

    private EventId id() {
        return EventId.atTime(clock.millis(), random.nextLong(), random.nextLong());
    }
}
