package io.marsad.soc.cases;

import java.util.List;

/**
 * A part of a list of cases: those that are late first, then by what has to be done next.
 *
 * @param total how many fit
 * @param mine of all active cases, those that the caller has; likewise the others
 */
public record CasePage(List<Case> cases, long total, long mine, long unassigned, long active, long breached) {
    public CasePage {
        cases = List.copyOf(cases);
    }
}
