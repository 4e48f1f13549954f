package io.marsad.respond.provide;

import io.marsad.db.Database;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.durable.ActionProvider.Order;
import io.marsad.respond.durable.ActionProvider.Result;
import io.marsad.soc.alert.Act;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.alert.Triage;
import io.marsad.soc.cases.CaseStatus;
import io.marsad.soc.cases.CaseWork;
import io.marsad.soc.indicator.Indicators;
import io.marsad.soc.indicator.Listed;
import io.marsad.soc.indicator.Tlp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the platform changes of its own: cases, alerts, indicators. The change and the mark that this action made it are one
 * transaction, so that it happens once whatever dies. Thread-safe.
 */
public final class OwnEffects implements Providers.Own {
    private static final Set<String> ACTIONS =
            Set.of("add_note", "create_case", "update_case", "close_case", "tag_alert", "add_intel", "remove_intel");
    private static final int CONFIDENCE = 80;

    private final Database database;
    private final CaseWork cases;
    private final Triage triage;
    private final Indicators indicators;
    private final OnBehalf onBehalf;
    private final InstantSource clock;

    /** Who acts is said at the doors of the platform only. */
    public interface OnBehalf {
        /** Does it as the platform itself, on the data of a tenant. */
        Result act(TenantId tenant, Supplier<Result> what);
    }

    /** What it is done with. */
    public record Desks(CaseWork cases, Triage triage, Indicators indicators) {}

    public OwnEffects(Database database, Desks desks, OnBehalf onBehalf, InstantSource clock) {
        this.database = database;
        this.onBehalf = onBehalf;
        this.cases = desks.cases();
        this.triage = desks.triage();
        this.indicators = desks.indicators();
        this.clock = clock;
    }

    @Override
    public boolean does(String action) {
        return ACTIONS.contains(action);
    }

    @Override
    public Result perform(Order order) {
        var now = Instant.ofEpochMilli(clock.millis());
        try {
            return onBehalf.act(
                    order.tenant(),
                    () -> database.<Result>inOneTransaction(order.tenant(), connection -> {
                        CallRows.lock(connection, order.id());
                        var before = CallRows.find(connection, order.tenant(), order.id());
                        var made = before == null ? null : before.outputs();
                        if (made != null) {
                            return completed(made);
                        }
                        var outputs = change(order, now);
                        var parameters = JsonNodeFactory.instance.objectNode();
                        order.parameters().forEach(parameters::set);
                        var call = new CallRows.Call(null, order.action(), parameters, outputs);
                        CallRows.begin(connection, order.tenant(), order.id(), call, "Marsad", now);
                        return completed(outputs);
                    }));
        } catch (ProblemException e) {
            return new Result.Failed(e.problem().detail(), false);
        } catch (IllegalArgumentException e) {
            return new Result.Failed(order.action() + ": " + e.getMessage(), false);
        }
    }

    private static Result completed(ObjectNode outputs) {
        Map<String, @Nullable String> given = new LinkedHashMap<>();
        outputs.forEachEntry(
                (name, value) -> given.put(name, value.isString() ? value.stringValue() : value.toString()));
        return new Result.Completed(given);
    }

    /** @return what it gives */
    private ObjectNode change(Order order, Instant now) {
        var with = new With(order.parameters());
        var outputs = JsonNodeFactory.instance.objectNode();
        switch (order.action()) {
            case "add_note" -> cases.comment(with.id("case"), with.text("text"));
            case "create_case" -> {
                var severity = with.maybe("severity");
                var alert = with.maybe("alert");
                var kase = cases.open(
                        with.text("title"),
                        severity == null ? Severity.MEDIUM : Severity.ofWord(severity),
                        alert == null ? List.of() : List.of(with.id("alert")));
                outputs.put("case", kase.toString());
            }
            case "update_case" -> update(with);
            case "close_case" -> {
                var resolution = with.text("resolution").toLowerCase(Locale.ROOT);
                boolean harmless = resolution.equals(CaseStatus.FALSE_POSITIVE.word());
                var said = harmless ? with.text("reason") : resolution + ": " + with.text("reason");
                cases.move(with.id("case"), harmless ? CaseStatus.FALSE_POSITIVE : CaseStatus.CLOSED, said, null);
            }
            case "tag_alert" -> {
                var alert = triage.act(with.id("alert"), new Act.Tag(Set.of(with.text("tag")), Set.of()), null, null);
                var tags = outputs.putArray("tags");
                alert.tags().stream().sorted().forEach(tags::add);
            }
            case "add_intel" -> {
                var listed = indicators.put(new Indicators.Wanted(value(with), about(with, now), false));
                outputs.put("indicator", listed.id().toString());
            }
            case "remove_intel" -> remove(with);
            default -> throw new IllegalArgumentException("it is none of the platform's own");
        }
        return outputs;
    }

    private void update(With with) {
        var kase = with.id("case");
        var severity = with.maybe("severity");
        var assignee = with.maybe("assignee");
        var state = with.maybe("state");
        if (severity != null || assignee != null) {
            cases.edit(
                    kase, new CaseWork.Edit(null, severity == null ? null : Severity.ofWord(severity), assignee), null);
        }
        if (state != null) {
            cases.move(kase, CaseStatus.ofWord(state), "", null);
        }
    }

    private static Listed.Value value(With with) {
        return Listed.Value.of(with.text("type"), with.text("value"));
    }

    private static Listed.About about(With with, Instant now) {
        var days = with.maybe("days");
        var list = with.maybe("list");
        var reason = with.maybe("reason");
        return new Listed.About(
                CONFIDENCE,
                Tlp.AMBER,
                "playbook",
                reason == null ? "" : reason,
                list == null ? List.of() : List.of(list),
                now,
                days == null ? null : now.plus(Duration.ofDays(Long.parseLong(days))),
                false);
    }

    /** What is not listed is not: so it stays when it is asked for again. */
    private void remove(With with) {
        indicators.remove(value(with));
    }

    /** The parameters; they were checked when it was asked for. */
    private record With(Map<String, JsonNode> values) {
        @Nullable
        String maybe(String name) {
            var value = values.get(name);
            return value == null || value.isNull() ? null : value.isString() ? value.stringValue() : value.toString();
        }

        String text(String name) {
            var value = maybe(name);
            if (value == null) {
                throw new IllegalArgumentException("'" + name + "' is missing");
            }
            return value;
        }

        EventId id(String name) {
            var uuid = UUID.fromString(text(name));
            return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
    }
}
