package io.marsad.testkit.sigma;

import java.util.List;

/** Something that is true of an event or not. */
@FunctionalInterface
interface Check {
    boolean holds(ReferenceEvent event);

    static Check all(List<Check> checks) {
        return event -> {
            for (Check check : checks) {
                if (!check.holds(event)) {
                    return false;
                }
            }
            return true;
        };
    }

    static Check any(List<Check> checks) {
        return event -> {
            for (Check check : checks) {
                if (check.holds(event)) {
                    return true;
                }
            }
            return false;
        };
    }

    default Check not() {
        return event -> !holds(event);
    }
}
