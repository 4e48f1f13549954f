package io.marsad.soc.indicator;

import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.soc.intel.IntelSource;
import io.marsad.soc.intel.Networks;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.intel.Signal.Scale;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/**
 * What a tenant lists itself, as a source: {@code listed}, weight 0.8, its confidence divided by 100. What is not listed is
 * not known: that says nothing. Thread-safe.
 */
public final class OwnIndicators implements IntelSource {
    private static final String NAME = "feed:indicators";
    private static final BigDecimal WEIGHT = new BigDecimal("0.8");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Database database;
    private final TenantId tenant;

    public OwnIndicators(Database database, TenantId tenant) {
        this.database = database;
        this.tenant = tenant;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean knows(Indicator indicator) {
        return indicator.kind() != Indicator.Kind.UNKNOWN;
    }

    @Override
    public IntelAnswer lookup(Indicator indicator, Instant at) {
        List<Listed> found;
        try {
            found = database.inTenant(tenant, connection -> found(connection, indicator));
        } catch (DatabaseException e) {
            return IntelAnswer.failed(NAME, "the list cannot be read: " + e.getMessage(), null);
        }
        var active =
                found.stream().filter(one -> one.state(at).equals("active")).findFirst();
        if (active.isEmpty()) {
            var notes = found.stream()
                    .map(one -> one.value().text() + " is listed, but " + one.state(at))
                    .toList();
            return new IntelAnswer(NAME, State.NOT_FOUND, List.of(), notes, List.of(), null, null);
        }
        return answer(active.get(), indicator);
    }

    /** What counts on the stream, too: the value itself, then the smallest network or the longest name that it is in. */
    private List<Listed> found(Connection connection, Indicator indicator) throws SQLException {
        var values = new ArrayList<Listed.Value>();
        values.add(new Listed.Value(indicator.type(), indicator.value()));
        if (indicator.kind() == Indicator.Kind.IP) {
            Networks.around(indicator.value()).forEach(one -> values.add(new Listed.Value(Listed.Value.NETWORK, one)));
        }
        var name = indicator.kind() == Indicator.Kind.DOMAIN ? indicator.value() : "";
        while (name.indexOf('.') != name.lastIndexOf('.')) {
            name = name.substring(name.indexOf('.') + 1);
            values.add(new Listed.Value(indicator.type(), name));
        }
        var ids = values.stream()
                .map(value -> IndicatorRows.id(tenant.value(), value))
                .toList();
        var found = new ArrayList<>(IndicatorRows.find(connection, tenant.value(), ids, false));
        found.sort(Comparator.comparingInt(one -> ids.indexOf(one.id())));
        return found;
    }

    private static IntelAnswer answer(Listed found, Indicator indicator) {
        var value = found.value();
        var confidence = BigDecimal.valueOf(found.about().confidence());
        var raw = StringNode.valueOf(value.text()).toString();
        var listed = new Signal(
                NAME, "listed", confidence.toPlainString(), Scale.SCORE_100, confidence.divide(HUNDRED), WEIGHT, raw);
        var what = value.text().equals(indicator.value()) ? "" : value.text() + " is ";
        var said = what + "listed by " + found.about().source();
        var about = found.about().description();
        var notes = about.isBlank() ? List.of(said) : List.of(said, about);
        return new IntelAnswer(NAME, State.FOUND, List.of(listed), notes, List.of(), null, null);
    }
}
