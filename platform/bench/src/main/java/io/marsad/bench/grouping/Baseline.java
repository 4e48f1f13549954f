package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one would do without thinking: join all alerts that name one host, or account, within some time, and what those are
 * joined with.
 */
enum Baseline {
    HOST_HOUR("host within 1 h", Set.of(Kind.HOST), Duration.ofHours(1)),
    ACCOUNT_DAY("account within 24 h", Set.of(Kind.ACCOUNT), Duration.ofHours(24)),
    EITHER_WEEK("host or account within 7 days", Set.of(Kind.HOST, Kind.ACCOUNT), Duration.ofDays(7));

    private final String title;
    private final Set<Kind> kinds;
    private final Duration window;

    Baseline(String title, Set<Kind> kinds, Duration window) {
        this.title = title;
        this.kinds = kinds;
        this.window = window;
    }

    String title() {
        return title;
    }

    int[] groups(List<AlertFact> facts) {
        var names = facts.stream().map(this::names).toList();
        var groups = new int[facts.size()];
        Arrays.setAll(groups, i -> i);
        for (int i = 0; i < groups.length; i++) {
            for (int j = 0; j < i; j++) {
                var gap = Duration.between(facts.get(i).start(), facts.get(j).start())
                        .abs();
                if (groups[i] != groups[j]
                        && gap.compareTo(window) <= 0
                        && !java.util.Collections.disjoint(names.get(i), names.get(j))) {
                    int from = groups[i];
                    int to = groups[j];
                    Arrays.setAll(groups, k -> groups[k] == from ? to : groups[k]);
                }
            }
        }
        return groups;
    }

    private Set<String> names(AlertFact fact) {
        var names = new HashSet<String>();
        for (Observable observable : fact.observables()) {
            if (kinds.contains(observable.kind())) {
                observable.keys().stream().filter(Observable.Key::certain).forEach(key -> names.add(key.text()));
            }
        }
        return names;
    }
}
