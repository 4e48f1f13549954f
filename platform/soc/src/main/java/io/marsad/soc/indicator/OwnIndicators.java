package io.marsad.soc.indicator;

import io.marsad.db.Database;
import io.marsad.db.DatabaseException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelAnswer;
import io.marsad.soc.intel.IntelAnswer.State;
import io.marsad.soc.intel.IntelSource;
import io.marsad.soc.intel.Signal;
import io.marsad.soc.intel.Signal.Scale;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        var value = new Listed.Value(indicator.type(), indicator.value());
        @Nullable Listed found;
        try {
            found = database.<@Nullable Listed>inTenant(
                    tenant,
                    connection -> IndicatorRows.find(
                            connection, tenant.value(), IndicatorRows.id(tenant.value(), value), false));
        } catch (DatabaseException e) {
            return IntelAnswer.failed(NAME, "the list cannot be read: " + e.getMessage(), null);
        }
        if (found == null || !found.state(at).equals("active")) {
            var notes = found == null ? List.<String>of() : List.of("it is listed, but " + found.state(at));
            return new IntelAnswer(NAME, State.NOT_FOUND, List.of(), notes, List.of(), null, null);
        }
        var confidence = BigDecimal.valueOf(found.about().confidence());
        var raw = StringNode.valueOf(value.text()).toString();
        var listed = new Signal(
                NAME, "listed", confidence.toPlainString(), Scale.SCORE_100, confidence.divide(HUNDRED), WEIGHT, raw);
        var said = "listed by " + found.about().source();
        var about = found.about().description();
        var notes = about.isBlank() ? List.of(said) : List.of(said, about);
        return new IntelAnswer(NAME, State.FOUND, List.of(listed), notes, List.of(), null, null);
    }
}
