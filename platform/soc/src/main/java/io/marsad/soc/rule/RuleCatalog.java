package io.marsad.soc.rule;

import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.sigma.Correlation;
import io.marsad.sigma.Level;
import io.marsad.sigma.SigmaDocument;
import io.marsad.sigma.SigmaRule;
import io.marsad.sigma.Status;
import io.marsad.soc.alert.RuleOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rules and correlations in use, as the caller's tenant has them. Thread-safe. */
public final class RuleCatalog {
    private static final Comparator<RuleEntry> ORDER =
            Comparator.comparing(RuleEntry::position, Comparator.naturalOrder());

    private final Supplier<LoadedRules> inUse;

    /** @param inUse the rules in use now */
    public RuleCatalog(Supplier<LoadedRules> inUse) {
        this.inUse = inUse;
    }

    /**
     * A rule or correlation.
     *
     * @param waiting it is not asked about the tenant's events, because it needs a list that the tenant does not have
     */
    public record RuleEntry(SigmaDocument document, RuleOrigin origin, boolean waiting) {
        /** Where it stands in a list. */
        public Position position() {
            return new Position(document.title().toLowerCase(Locale.ROOT), document.id());
        }
    }

    /** A place in the order by title. */
    public record Position(String title, String id) implements Comparable<Position> {
        @Override
        public int compareTo(Position other) {
            int c = title.compareTo(other.title);
            return c != 0 ? c : id.compareTo(other.id);
        }
    }

    /**
     * What is looked for.
     *
     * @param words each has to be in the title, the id, a tag or the log source, without regard to case
     * @param levels empty: all
     * @param statuses empty: all
     */
    public record Filter(List<String> words, List<Level> levels, List<Status> statuses) {
        public Filter {
            words = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
            levels = List.copyOf(levels);
            statuses = List.copyOf(statuses);
        }

        boolean takes(SigmaDocument document) {
            var about = document.about();
            if (!levels.isEmpty() && !levels.contains(about.level())
                    || !statuses.isEmpty() && !statuses.contains(about.status())) {
                return false;
            }
            if (words.isEmpty()) {
                return true;
            }
            var source = document instanceof SigmaRule rule ? rule.logSource().toString() : "correlation";
            var text = String.join("\n", about.title(), about.id(), String.join("\n", about.tags()), source)
                    .toLowerCase(Locale.ROOT);
            return words.stream().allMatch(text::contains);
        }
    }

    /**
     * Some of them, by title.
     *
     * @param total how many the filter takes
     * @param next behind which the next page begins, or null when there is none
     */
    public record Page(
            List<RuleEntry> rules, int total, @Nullable Position next) {
        public Page {
            rules = List.copyOf(rules);
        }
    }

    /** @param after behind which to begin, or null */
    public Page list(Filter filter, @Nullable Position after, int limit) {
        var found = new ArrayList<RuleEntry>();
        var loaded = inUse.get();
        for (SigmaRule rule : loaded.rules().rules()) {
            if (filter.takes(rule)) {
                found.add(entry(loaded, rule));
            }
        }
        for (Correlation one : loaded.rules().correlations()) {
            if (filter.takes(one.definition())) {
                found.add(entry(loaded, one.definition()));
            }
        }
        found.sort(ORDER);
        int first = 0;
        while (after != null
                && first < found.size()
                && found.get(first).position().compareTo(after) <= 0) {
            first++;
        }
        int end = Math.min(found.size(), first + limit);
        var some = found.subList(first, end);
        return new Page(some, found.size(), end < found.size() ? some.getLast().position() : null);
    }

    /** What the rule or correlation in use is called; null when there is none with the id. */
    public @Nullable String title(String id) {
        var document = inUse.get().rules().find(id);
        return document == null ? null : document.title();
    }

    /** @throws io.marsad.kernel.problem.ProblemException 404 when no rule or correlation in use has the id */
    public RuleEntry find(String id) {
        var loaded = inUse.get();
        var document = loaded.rules().find(id);
        if (document == null) {
            throw Problem.notFound("There is no rule or correlation with this id in use.")
                    .asException();
        }
        return entry(loaded, document);
    }

    /**
     * The rule as it is asked about the events of the caller's tenant.
     *
     * @throws io.marsad.kernel.problem.ProblemException 404 when there is none; 409 {@code rule-not-searchable} when it is a
     *     correlation or waits for a list
     */
    public SigmaRule searched(String id) {
        var loaded = inUse.get();
        var document = loaded.rules().find(id);
        var reading = document instanceof SigmaRule rule ? loaded.rules().reading(CallerScope.tenant(), rule) : null;
        if (reading == null) {
            find(id);
            throw Problem.conflict(
                            "rule-not-searchable",
                            document instanceof SigmaRule
                                    ? "This rule waits for a list that your tenant does not have."
                                    : "A correlation looks at several events at once and is no search: run it as a hunt.")
                    .asException();
        }
        return reading;
    }

    private static RuleEntry entry(LoadedRules loaded, SigmaDocument document) {
        boolean waiting =
                document instanceof SigmaRule rule && loaded.rules().reading(CallerScope.tenant(), rule) == null;
        return new RuleEntry(document, loaded.origin().apply(document.about()), waiting);
    }
}
