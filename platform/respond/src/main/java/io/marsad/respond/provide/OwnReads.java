package io.marsad.respond.provide;

import io.marsad.kernel.problem.ProblemException;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.soc.alert.Alert;
import io.marsad.soc.alert.AlertFilter;
import io.marsad.soc.alert.AlertJson;
import io.marsad.soc.alert.Alerts;
import io.marsad.soc.intel.Indicator;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.RiskLevel;
import io.marsad.soc.intel.service.Intelligence;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the platform can say by itself: it changes nothing, so it may be asked as often as one likes. An order that is
 * simulated is answered, too, by what is here: nobody outside is asked. Thread-safe.
 */
public final class OwnReads implements Providers.Own {
    private static final String LOOK_UP = "look_up";
    private static final Set<String> ACTIONS = Set.of(LOOK_UP, "search", "query_alerts");
    private static final String ALERTS = "query_alerts";
    private static final long USUAL = 20;
    private static final long MOST_ROWS = 1_000;
    private static final long MOST_ALERTS = 100;
    private static final long DAY = 24;
    private static final long MOST_HOURS = 24 * 366;

    private final Intelligence intelligence;
    private final EventQuestions events;
    private final Alerts alerts;
    private final OwnEffects.OnBehalf onBehalf;

    public OwnReads(Intelligence intelligence, EventQuestions events, Alerts alerts, OwnEffects.OnBehalf onBehalf) {
        this.intelligence = intelligence;
        this.events = events;
        this.alerts = alerts;
        this.onBehalf = onBehalf;
    }

    @Override
    public boolean does(String action) {
        return ACTIONS.contains(action);
    }

    /** Alerts of a platform that is connected for it come before one's own. */
    @Override
    public boolean yields(String action) {
        return action.equals(ALERTS);
    }

    /** An answer out of what is here. @return null: it is not the platform's own, or a connection may go before it */
    public @Nullable Result here(Order order) {
        return does(order.action()) && !yields(order.action()) ? perform(order) : null;
    }

    @Override
    public boolean answers(String action) {
        return action.equals(LOOK_UP);
    }

    @Override
    public Result.@Nullable Completed answer(Order order) {
        var indicator = indicator(order);
        if (indicator.kind() == Indicator.Kind.UNKNOWN) {
            return null;
        }
        var here = intelligence.here(order.tenant(), indicator);
        return here.unasked().isEmpty() && answer(here.result(), null) instanceof Result.Completed completed
                ? completed
                : null;
    }

    private static Indicator indicator(Order order) {
        var type = text(order, "type");
        var value = text(order, "value");
        return Indicator.of(type == null ? "" : type, value == null ? "" : value);
    }

    @Override
    public Result perform(Order order) {
        try {
            return onBehalf.act(order.tenant(), () -> switch (order.action()) {
                case LOOK_UP -> lookUp(order);
                case "search" -> search(order);
                default -> alerts(order);
            });
        } catch (ProblemException e) {
            var faults = e.problem().errors().stream()
                    .map(fault -> "; " + fault.where() + " " + fault.reason())
                    .collect(Collectors.joining());
            return new Result.Failed(e.problem().detail() + faults, false);
        } catch (IllegalArgumentException e) {
            return new Result.Failed(order.action() + ": " + e.getMessage(), false);
        }
    }

    private Result lookUp(Order order) {
        var indicator = indicator(order);
        if (indicator.kind() == Indicator.Kind.UNKNOWN) {
            var fault = indicator.fault() == null ? "is of no type that can be looked up" : indicator.fault();
            return new Result.Failed("'" + indicator.value() + "' " + fault, false);
        }
        if (order.simulated()) {
            var here = intelligence.here(order.tenant(), indicator);
            var note = here.unasked().isEmpty() ? null : String.join(", ", here.unasked()) + " would be asked, too";
            return answer(here.result(), note);
        }
        return answer(intelligence.ask(order.tenant(), indicator), null);
    }

    /** As playbooks compare it, whoever answers. */
    private static String verdict(RiskLevel level) {
        return switch (level) {
            case CRITICAL, HIGH -> "malicious";
            case MEDIUM, LOW -> "suspicious";
            case UNKNOWN -> "unknown";
        };
    }

    private static Result answer(IntelResult result, @Nullable String note) {
        if (result.allFailed()) {
            return new Result.Failed(String.join("; ", result.reasons()), true);
        }
        var sources = JsonNodeFactory.instance.arrayNode();
        result.sourcesQueried().forEach(sources::add);
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        outputs.put("verdict", verdict(result.level()));
        outputs.put("confidence", result.confidence().toPlainString());
        outputs.put("sources", sources.toString());
        return new Result.Completed(outputs, note == null ? String.join("; ", result.reasons()) : note, false);
    }

    private Result search(Order order) {
        var query = text(order, "query");
        if (query == null) {
            throw new IllegalArgumentException("'query' is missing");
        }
        long hours = number(order, "hours", DAY, MOST_HOURS);
        int limit = (int) number(order, "limit", USUAL, MOST_ROWS);
        try {
            var answer = events.ask(order.tenant(), query, Duration.ofHours(hours), limit);
            Map<String, @Nullable String> outputs = new LinkedHashMap<>();
            outputs.put("count", Long.toString(answer.count()));
            outputs.put("rows", answer.rows());
            return new Result.Completed(outputs, answer.whole() ? null : "there is more than these rows", false);
        } catch (IOException e) {
            return new Result.Failed("the stored events could not be read: " + e.getMessage(), true);
        }
    }

    /** Those that name the value; if none does, those whose title has the words. */
    private Result alerts(Order order) {
        var query = text(order, "query");
        int limit = (int) number(order, "limit", USUAL, MOST_ALERTS);
        var page = alerts.list(named(query), limit, null);
        if (page.alerts().isEmpty() && query != null) {
            page = alerts.list(titled(query), limit, null);
        }
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        outputs.put("count", Long.toString(page.total()));
        outputs.put("alerts", json(page.alerts()));
        return new Result.Completed(outputs, "alerts of Marsad itself", false);
    }

    private static String json(List<Alert> alerts) {
        return alerts.stream().map(AlertJson::text).collect(Collectors.joining(",", "[", "]"));
    }

    private static AlertFilter named(@Nullable String value) {
        return new AlertFilter(Set.of(), Set.of(), null, value, null, null, null, null);
    }

    private static AlertFilter titled(String words) {
        return new AlertFilter(Set.of(), Set.of(), null, null, null, words, null, null);
    }

    private static long number(Order order, String name, long usual, long most) {
        var text = text(order, name);
        if (text == null) {
            return usual;
        }
        long number = Long.parseLong(text.strip());
        if (number < 1 || number > most) {
            throw new IllegalArgumentException("'" + name + "' is 1 to " + most);
        }
        return number;
    }

    private static @Nullable String text(Order order, String name) {
        var value = order.parameters().get(name);
        var text = value == null || value.isNull() ? "" : value.isString() ? value.stringValue() : value.toString();
        return text.isBlank() ? null : text;
    }
}
