package io.marsad.sigma;

import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.tenant.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rules that were loaded together, filters applied, and what was refused and why. Immutable, thread-safe.
 *
 * <p>A refused document does not keep the others from loading.
 */
public final class RuleSet {
    private final List<SigmaRule> rules;
    private final List<Correlation> correlations;
    private final List<ContentProblem> refusals;
    private final int files;
    private final List<SigmaFilter> filters;
    private final TenantReadings readings;
    private final Map<String, SigmaDocument> byId;

    private RuleSet(
            List<SigmaRule> rules,
            List<Correlation> correlations,
            List<SigmaFilter> filters,
            TenantReadings readings,
            List<ContentProblem> refusals,
            int files) {
        this.readings = readings;
        this.filters = List.copyOf(filters);
        this.rules = List.copyOf(rules);
        this.correlations = List.copyOf(correlations);
        this.refusals = List.copyOf(refusals);
        this.files = files;
        byId = new HashMap<>();
        this.rules.forEach(rule -> byId.put(rule.id(), rule));
        this.correlations.forEach(c -> byId.put(c.definition().id(), c.definition()));
    }

    /** {@link #load(List, FieldResolver, Placeholders)} without lists for placeholders. */
    public static RuleSet load(List<Path> folders, FieldResolver fields) throws IOException {
        return load(folders, fields, Placeholders.NONE);
    }

    /**
     * Reads every {@code .yml} and {@code .yaml} file under the folders (or the files named), in order; hidden files and
     * {@code *.test.yaml} are passed over.
     *
     * @throws IOException when a folder or file cannot be read at all
     */
    public static RuleSet load(List<Path> folders, FieldResolver fields, Placeholders placeholders) throws IOException {
        return load(folders, fields, placeholders, RuleCache.none());
    }

    /** The same with the help of a cache; files are read on all cores. */
    public static RuleSet load(List<Path> folders, FieldResolver fields, Placeholders placeholders, RuleCache cache)
            throws IOException {
        return load(folders, fields, TenantLists.of(placeholders), cache);
    }

    /** The same where tenants may have lists of their own. */
    public static RuleSet load(List<Path> folders, FieldResolver fields, TenantLists lists, RuleCache cache)
            throws IOException {
        var reader = new SigmaReader(fields, lists.common());
        var files = new ArrayList<Path>();
        for (Path folder : folders) {
            files.addAll(ContentFiles.under(folder));
        }
        List<SigmaReader.Result> results;
        try {
            results = files.parallelStream()
                    .map(file -> {
                        try {
                            return reader.read(file, cache);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        var loading = new Loading(reader);
        results.forEach(loading::add);
        return loading.done(fields, lists, files.size());
    }

    /** The rule set of one text, which may have several documents. */
    public static RuleSet of(String file, String text, FieldResolver fields) {
        var reader = new SigmaReader(fields, Placeholders.NONE);
        var loading = new Loading(reader);
        loading.add(reader.read(file, text));
        return loading.done(fields, TenantLists.of(Placeholders.NONE), 1);
    }

    public List<SigmaRule> rules() {
        return rules;
    }

    /** What others count comes before them. */
    public List<Correlation> correlations() {
        return correlations;
    }

    /** What takes events away from rules; applied to {@link #rules} already. */
    public List<SigmaFilter> filters() {
        return filters;
    }

    /** Documents that were not loaded: where and why. */
    public List<ContentProblem> refusals() {
        return refusals;
    }

    /** How many files were read. */
    public int files() {
        return files;
    }

    /** The rule or correlation with this id, or null. */
    public @Nullable SigmaDocument find(String id) {
        return byId.get(id);
    }

    /** The part that is about these documents: the rules and correlations named by id, and what the correlations count. */
    public RuleSet only(java.util.Set<String> ids) {
        var needed = new java.util.HashSet<>(ids);
        var kept = new ArrayList<Correlation>();
        for (Correlation correlation : correlations.reversed()) { // what counts comes after what it counts
            if (needed.contains(correlation.definition().id())) {
                kept.addFirst(correlation);
                correlation.members().forEach(m -> needed.add(m.rule().id()));
                correlation
                        .inners()
                        .forEach(i -> needed.add(i.correlation().definition().id()));
            }
        }
        return new RuleSet(
                rules.stream().filter(r -> needed.contains(r.id())).toList(),
                kept,
                filters,
                readings.only(needed),
                List.of(),
                files);
    }

    /**
     * The rule as it reads for a tenant, with the tenant's lists.
     *
     * @return null when it is not asked about the tenant's events, as it needs a list that the tenant does not have
     */
    public @Nullable SigmaRule reading(TenantId tenant, SigmaRule rule) {
        return readings.reading(tenant, rule);
    }

    /** The rules that are asked about nobody's events, because a list that they need has no values. */
    public List<SigmaRule> waiting() {
        return rules.stream()
                .filter(rule -> !rule.missingLists().isEmpty() && readings.isNobodys(rule))
                .toList();
    }

    /** How many rules and correlations are in use. */
    public int running() {
        return rules.size() + correlations.size() - waiting().size();
    }

    /** Whether a rule of this set reads for all tenants with lists of their own as one of another set does. */
    public boolean readsAlike(RuleSet other, SigmaRule rule, SigmaRule otherRule) {
        return readings.predicates(rule).equals(other.readings.predicates(otherRule));
    }

    /** How rules read where tenants have lists of their own. */
    TenantReadings readings() {
        return readings;
    }

    /** A rule that waits for lists is not asked. */
    public RuleMatcher compile() {
        return new RuleMatcher(this);
    }

    /** Puts documents together. */
    private static final class Loading {
        private final SigmaReader reader;
        private final List<SigmaRule> rules = new ArrayList<>();
        private final List<SigmaFilter> filters = new ArrayList<>();
        private final List<SigmaCorrelation> correlations = new ArrayList<>();
        private final List<ContentProblem> refusals = new ArrayList<>();
        private final Map<String, About> taken = new HashMap<>();

        Loading(SigmaReader reader) {
            this.reader = reader;
        }

        void add(SigmaReader.Result result) {
            refusals.addAll(result.problems());
            for (SigmaDocument document : result.documents()) {
                var about = document.about();
                var name = about.name();
                var first = taken.get(about.id());
                if (first == null && name != null) {
                    first = taken.get(name);
                }
                if (first != null) {
                    refuse(about, "the same id or name as " + first.file() + ":" + first.line());
                    continue;
                }
                taken.put(about.id(), about);
                if (name != null) {
                    taken.put(name, about);
                }
                switch (document) {
                    case SigmaRule rule -> rules.add(rule);
                    case SigmaFilter filter -> filters.add(filter);
                    case SigmaCorrelation correlation -> correlations.add(correlation);
                }
            }
        }

        RuleSet done(FieldResolver fields, TenantLists lists, int files) {
            var readings = TenantReadings.of(rules, filters, fields, lists);
            rules.replaceAll(rule -> TenantReadings.filtered(rule, filters));
            var ready = new CorrelationBinder(reader, rules, correlations, refusals).bind();
            return new RuleSet(rules, ready, filters, readings, refusals, files);
        }

        private void refuse(About about, String reason) {
            refusals.add(new ContentProblem(about.file(), about.line(), reason));
        }
    }
}
