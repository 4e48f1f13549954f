package io.marsad.match;

import java.util.Arrays;

/**
 * Adds up what predicates cost over a stretch of rows and compares it with the budget. Three stretches in a row have to
 * agree, as a thread that lost its core for a moment spoils one. One thread.
 */
final class BudgetWatch {
    /** How many rows a stretch has. */
    static final int ROWS = 1024;

    private static final int STRETCHES = 3;

    private final RuleBudget budget;
    private final RuleBudget.Listener listener;
    private final Quarantine quarantine;
    private final long[] spent;
    private final byte[] over;
    private int rows;

    BudgetWatch(RuleBudget budget, RuleBudget.Listener listener, int count, Quarantine quarantine) {
        this.budget = budget;
        this.listener = listener;
        this.quarantine = quarantine;
        spent = new long[count];
        over = new byte[count];
    }

    /** For another thread. */
    BudgetWatch copy() {
        return new BudgetWatch(budget, listener, spent.length, quarantine);
    }

    /** One of the measured evaluations. */
    void spent(int index, long nanos) {
        spent[index] += nanos;
    }

    /** A row is done. */
    void row() {
        if (++rows < ROWS) {
            return;
        }
        rows = 0;
        for (int i = 0; i < spent.length; i++) {
            long perEvent = spent[i] / (ROWS / Matcher.SAMPLE_EVERY);
            if (perEvent <= budget.nanosPerEvent()) {
                over[i] = 0;
            } else if (over[i] < STRETCHES && ++over[i] == STRETCHES && !quarantine.has(i)) {
                if (budget.quarantine()) {
                    quarantine.add(i);
                }
                listener.overBudget(i, perEvent, budget.quarantine());
            }
        }
        Arrays.fill(spent, 0);
    }
}
