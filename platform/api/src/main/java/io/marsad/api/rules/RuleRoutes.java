package io.marsad.api.rules;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Changes of the rules in use. */
public final class RuleRoutes {
    private static final int MOST_NAMED = 100;

    private final Reloading rules;

    /** Puts the rules and lists as they are on disk in the place of those in use. */
    @FunctionalInterface
    public interface Reloading {
        /**
         * In the scope of the caller who asked.
         *
         * @throws io.marsad.kernel.problem.ProblemException 422 {@code rules-refused} with each new fault; nothing changed
         */
        Reloaded reload() throws IOException;
    }

    /** A rule or correlation. */
    public record Name(String id, String title) {}

    /**
     * What a reload changed.
     *
     * @param loaded rules and correlations in use
     * @param waiting rules that wait for a list
     * @param refused faults that were there before
     */
    public record Reloaded(
            int loaded,
            int waiting,
            int refused,
            List<Name> added,
            List<Name> changed,
            List<Name> removed,
            long milliseconds) {
        public Reloaded {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }
    }

    public RuleRoutes(Reloading rules) {
        this.rules = rules;
    }

    public List<Route> routes() {
        return List.of(new Route("reloadRules", this::reload));
    }

    private void reload(Exchange exchange) throws IOException {
        var done = rules.reload();
        exchange.json(200, to -> {
            to.writeStartObject();
            to.writeNumberProperty("loaded", done.loaded());
            to.writeNumberProperty("waiting", done.waiting());
            to.writeNumberProperty("refused", done.refused());
            names(to, "added", done.added());
            names(to, "changed", done.changed());
            names(to, "removed", done.removed());
            to.writeNumberProperty("milliseconds", done.milliseconds());
            to.writeEndObject();
        });
    }

    private static void names(JsonGenerator to, String property, List<Name> names) {
        to.writeObjectPropertyStart(property);
        to.writeNumberProperty("count", names.size());
        to.writeArrayPropertyStart("first");
        names.stream().limit(MOST_NAMED).forEach(name -> {
            to.writeStartObject();
            to.writeStringProperty("id", name.id());
            to.writeStringProperty("title", name.title());
            to.writeEndObject();
        });
        to.writeEndArray();
        to.writeEndObject();
    }
}
