package io.marsad.sigma;

import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules that do not say the same for every tenant, because they or their filters use lists that a tenant has of its own.
 * Immutable, thread-safe.
 *
 * @param varying ids of these rules
 * @param byTenant for each tenant with lists of its own, how each of these rules reads there, filters applied; a rule
 *     whose list has nothing there is not among them
 */
record TenantReadings(Set<String> varying, Map<TenantId, Map<String, SigmaRule>> byTenant) {
    static final TenantReadings NONE = new TenantReadings(Set.of(), Map.of());

    TenantReadings {
        varying = Set.copyOf(varying);
        byTenant = Map.copyOf(byTenant);
    }

    /**
     * @param rules as {@link TenantLists#common} has them read, filters not applied
     * @param filters read in the same way
     */
    static TenantReadings of(
            List<SigmaRule> rules, List<SigmaFilter> filters, FieldResolver fields, TenantLists lists) {
        if (lists.own().isEmpty()) {
            return NONE;
        }
        var varying = new HashSet<String>();
        var changed = new HashSet<String>();
        lists.own().values().forEach(own -> changed.addAll(own.lists().keySet()));
        var changing = filters.stream()
                .filter(f -> !Collections.disjoint(f.lists(), changed))
                .toList();
        for (SigmaRule rule : rules) {
            if (!Collections.disjoint(rule.lists(), changed)
                    || changing.stream().anyMatch(filter -> filter.appliesTo(rule))) {
                varying.add(rule.id());
            }
        }
        var readings = new HashMap<TenantId, Map<String, SigmaRule>>();
        var these = rules.stream().filter(r -> varying.contains(r.id())).toList();
        for (TenantId tenant : lists.own().keySet()) {
            readings.put(tenant, readings(these, filters, new SigmaReader(fields, lists.of(tenant))));
        }
        return new TenantReadings(varying, readings);
    }

    private static Map<String, SigmaRule> readings(
            List<SigmaRule> rules, List<SigmaFilter> filters, SigmaReader reader) {
        var itsFilters = new ArrayList<SigmaFilter>();
        for (SigmaFilter filter : filters) {
            if (filter.lists().isEmpty()) {
                itsFilters.add(filter);
            } else if (again(filter, reader) instanceof SigmaFilter own) {
                itsFilters.add(own);
            }
        }
        var readings = new LinkedHashMap<String, SigmaRule>();
        for (SigmaRule rule : rules) {
            var own = rule.lists().isEmpty()
                    ? rule
                    : again(rule, reader) instanceof SigmaRule read ? rule.readAs(read) : null;
            if (own != null && own.missingLists().isEmpty()) {
                readings.put(own.id(), filtered(own, itsFilters));
            }
        }
        return Collections.unmodifiableMap(readings);
    }

    /** Null when it cannot be read with these lists. */
    private static @Nullable SigmaDocument again(SigmaDocument document, SigmaReader reader) {
        var about = document.about();
        var documents = reader.read(about.file(), about.source()).documents();
        return documents.isEmpty() ? null : documents.getFirst();
    }

    /** A rule and not the filters that are for it. */
    static SigmaRule filtered(SigmaRule rule, List<SigmaFilter> filters) {
        var predicate = rule.predicate();
        for (SigmaFilter filter : filters) {
            if (filter.missingLists().isEmpty() && filter.appliesTo(rule)) {
                predicate = Predicate.and(List.of(predicate, new Predicate.Not(filter.predicate())));
            }
        }
        return rule.with(predicate);
    }

    boolean varies(SigmaRule rule) {
        return varying.contains(rule.id());
    }

    /** The rule as it reads for the tenant; null when it is not asked about the tenant's events. */
    @Nullable
    SigmaRule reading(TenantId tenant, SigmaRule rule) {
        var own = varies(rule) ? byTenant.get(tenant) : null;
        return own != null ? own.get(rule.id()) : rule.missingLists().isEmpty() ? rule : null;
    }

    /** No tenant with lists of its own has what the rule needs. */
    boolean isNobodys(SigmaRule rule) {
        return byTenant.values().stream().noneMatch(its -> its.containsKey(rule.id()));
    }

    /** What the rule is for each tenant with lists of its own that has what it needs. */
    Map<TenantId, Predicate> predicates(SigmaRule rule) {
        var predicates = new HashMap<TenantId, Predicate>();
        byTenant.forEach((tenant, its) -> {
            var own = its.get(rule.id());
            if (own != null) {
                predicates.put(tenant, own.predicate());
            }
        });
        return predicates;
    }

    /** The part that is about some rules. */
    TenantReadings only(Set<String> ids) {
        var readings = new HashMap<TenantId, Map<String, SigmaRule>>();
        byTenant.forEach((tenant, rules) -> {
            var kept = new LinkedHashMap<>(rules);
            kept.keySet().retainAll(ids);
            readings.put(tenant, Collections.unmodifiableMap(kept));
        });
        return new TenantReadings(varying, readings);
    }
}
