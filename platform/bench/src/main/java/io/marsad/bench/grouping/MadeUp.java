package io.marsad.bench.grouping;

import io.marsad.soc.correlate.AlertFact;
import io.marsad.soc.correlate.Kind;
import io.marsad.soc.correlate.Observable;
import io.marsad.soc.correlate.Observables;
import io.marsad.soc.correlate.Observables.AccountNames;
import io.marsad.soc.correlate.Observables.HostNames;
import io.marsad.soc.correlate.Role;
import io.marsad.soc.correlate.StopList;
import io.marsad.soc.correlate.Tactic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Alerts of a made-up organization that have nothing to do with each other, but for what machines, people, rules and addresses
 * have in common anywhere: few of each make most alerts, and one domain controller and some applications serve all.
 */
final class MadeUp {
    private static final int MACHINES = 2_000;
    private static final int RULES = 200;

    private final SplittableRandom random;
    private final Observables observables = new Observables(StopList.usual());
    private final String directory;

    MadeUp(long seed) {
        this(seed, "example.org");
    }

    /** @param directory whose machines and people they are */
    MadeUp(long seed, String directory) {
        this.random = new SplittableRandom(seed);
        this.directory = directory;
    }

    /** So many alerts, spread evenly over a time, in order. */
    List<AlertFact> alerts(int count, Instant begin, Duration span) {
        var alerts = new ArrayList<AlertFact>();
        var tactics = Tactic.values();
        for (int i = 0; i < count; i++) {
            var start = begin.plusMillis(span.toMillis() * i / Math.max(1, count));
            alerts.add(new AlertFact(
                    "made-up-" + i,
                    start,
                    start.plusSeconds(random.nextInt(600)),
                    "made up",
                    EnumSet.of(tactics[random.nextInt(tactics.length)]),
                    names(),
                    Set.of("198.51.100.1")));
        }
        return alerts;
    }

    private List<Observable> names() {
        int machine = few(MACHINES);
        var host = "m" + machine;
        var user = "u" + machine;
        var names = new ArrayList<Optional<Observable>>();
        names.add(observables.directory(List.of(directory), Role.INVOLVED));
        names.add(observables.named(Kind.DETECTION, "rule " + few(RULES), null, Role.INVOLVED));
        names.add(observables.account(
                new AccountNames(user, directory, user + "@" + directory, null, null), Role.INVOLVED));
        if (random.nextInt(10) > 0) {
            names.add(observables.host(new HostNames("id" + machine, host + "." + directory, host, null), Role.VICTIM));
            names.add(observables.file("c:\\users\\" + user, "f" + few(5_000) + ".exe", List.of(), Role.INVOLVED));
        } else {
            names.add(observables.named(Kind.APPLICATION, "app" + few(20), null, Role.INVOLVED));
        }
        if (random.nextInt(5) == 0) {
            names.add(observables.host(new HostNames(null, "dc1." + directory, "dc1", null), Role.INVOLVED));
        }
        if (random.nextInt(2) == 0) {
            int address = few(100_000);
            names.add(observables.ip(
                    String.format(Locale.ROOT, "203.%d.%d.%d", address >> 16, address >> 8 & 255, address & 255),
                    Role.INVOLVED));
        }
        return names.stream().flatMap(Optional::stream).toList();
    }

    /** A number below a bound, small ones far more often. */
    private int few(int bound) {
        return (int) (Math.pow(bound + 1.0, random.nextDouble()) - 1);
    }
}
