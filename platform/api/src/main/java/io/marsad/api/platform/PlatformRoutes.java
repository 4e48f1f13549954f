package io.marsad.api.platform;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /health}, {@code /ready} and {@code /metrics}. */
public final class PlatformRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformRoutes.class);
    private static final long FRESH = 1_000_000_000L;

    private final String version;
    private final List<Check> checks;
    private final Metrics metrics;
    private Map<String, Check.State> last = Map.of();
    private long asked;

    public PlatformRoutes(String version, List<Check> checks, Metrics metrics) {
        this.version = version;
        this.checks = List.copyOf(checks);
        this.metrics = metrics;
    }

    public List<Route> routes() {
        return List.of(
                new Route("health", exchange -> answer(exchange, 200, Check.Level.OK, Map.of())),
                new Route("ready", this::ready),
                new Route(
                        "metrics",
                        exchange -> exchange.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape())));
    }

    private void ready(Exchange exchange) {
        var states = states();
        var worst = Check.Level.OK;
        for (var state : states.values()) {
            worst = state.level().compareTo(worst) > 0 ? state.level() : worst;
        }
        answer(exchange, worst == Check.Level.DOWN ? 503 : 200, worst, states);
    }

    /** Anyone may ask, so the answer is kept for a moment. */
    private synchronized Map<String, Check.State> states() {
        long now = System.nanoTime();
        if (last.isEmpty() || now - asked > FRESH) {
            var states = new LinkedHashMap<String, Check.State>();
            for (Check check : checks) {
                states.put(check.name(), state(check));
            }
            last = states;
            asked = now;
        }
        return last;
    }

    private static Check.State state(Check check) {
        try {
            return check.state().get();
        } catch (RuntimeException e) {
            LOG.warn("the check {} failed", check.name(), e);
            return Check.State.down("cannot be asked");
        }
    }

    private void answer(Exchange exchange, int status, Check.Level level, Map<String, Check.State> states) {
        exchange.json(status, to -> {
            to.writeStartObject();
            to.writeStringProperty("status", name(level));
            to.writeStringProperty("version", version);
            to.writeObjectPropertyStart("checks");
            states.forEach((check, state) -> {
                to.writeObjectPropertyStart(check);
                to.writeStringProperty("status", name(state.level()));
                if (!state.detail().isEmpty()) {
                    to.writeStringProperty("detail", state.detail());
                }
                to.writeEndObject();
            });
            to.writeEndObject();
            to.writeEndObject();
        });
    }

    private static String name(Check.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
