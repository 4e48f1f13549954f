package io.marsad.soc.correlate;

import io.marsad.soc.correlate.Observables.AccountNames;
import io.marsad.soc.correlate.Observables.HostNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Alerts for tests, one word for each thing that they name. */
final class Alerts {
    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    static final Observables OBSERVABLES = new Observables(StopList.usual());

    private Alerts() {}

    /** @param names {@code host:h1}, {@code user:u1}, {@code ip:10.0.0.1}, {@code file:x.exe}, {@code egress:1.2.3.4} … */
    static AlertFact alert(String id, Duration after, String... names) {
        return alert(id, after, Duration.ZERO, Set.of(), names);
    }

    static AlertFact alert(String id, Duration after, Duration lasting, Set<Tactic> tactics, String... names) {
        var observables = new ArrayList<Observable>();
        var egress = new HashSet<String>();
        for (String name : names) {
            int colon = name.indexOf(':');
            var value = name.substring(colon + 1);
            if (name.startsWith("egress:")) {
                egress.add(value);
            } else {
                observable(name.substring(0, colon), value).ifPresent(observables::add);
            }
        }
        var start = NOON.plus(after);
        var some = tactics.isEmpty() ? Set.<Tactic>of() : EnumSet.copyOf(tactics);
        return new AlertFact(id, start, start.plus(lasting), "alert " + id, some, observables, egress);
    }

    static Optional<Observable> observable(String kind, String value) {
        return switch (kind) {
            case "host" -> OBSERVABLES.host(new HostNames(null, value + ".example.org", value, null), Role.VICTIM);
            case "user" -> OBSERVABLES.account(new AccountNames(value, "EXAMPLE", null, null, null), Role.INVOLVED);
            case "context" -> OBSERVABLES.account(new AccountNames(value, "EXAMPLE", null, null, null), Role.RELATED);
            case "ip" -> OBSERVABLES.ip(value, Role.INVOLVED);
            case "file" -> OBSERVABLES.file("c:\\users\\public", value, List.of(), Role.INVOLVED);
            case "hash" -> OBSERVABLES.file(null, null, List.of(value), Role.INVOLVED);
            case "rule" -> OBSERVABLES.named(Kind.DETECTION, value, value, Role.INVOLVED);
            case "directory" -> OBSERVABLES.directory(List.of(value), Role.INVOLVED);
            case "url" -> OBSERVABLES.url(value, Role.INVOLVED);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    static Correlator correlator(AlertFact... facts) {
        var correlator = new Correlator(Parameters.usual());
        for (AlertFact fact : facts) {
            correlator.add(fact);
        }
        return correlator;
    }

    static List<List<String>> groups(Correlator correlator) {
        return correlator.groups().stream().map(Group::alerts).toList();
    }
}
