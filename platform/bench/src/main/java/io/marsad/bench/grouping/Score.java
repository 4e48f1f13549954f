package io.marsad.bench.grouping;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How groups compare with labels, over all pairs of alerts. Two alerts belong together when they have a label in common.
 *
 * @param precision of the pairs in one group, the part that belongs together; 1 when there are none
 * @param recall of the pairs that belong together, the part in one group; 1 when there are none
 * @param groups how many groups there are, those of one alert too
 */
record Score(double precision, double recall, int groups) {
    /** @param groups a number for each alert, the same for those of one group */
    static Score of(int[] groups, List<Set<String>> labels) {
        return of(groups, labels, groups.length);
    }

    /** @param first only pairs count of which one is among so many first alerts; what others are among themselves is not known */
    static Score of(int[] groups, List<Set<String>> labels, int first) {
        long together = 0;
        long grouped = 0;
        long both = 0;
        for (int i = 0; i < first; i++) {
            for (int j = i + 1; j < groups.length; j++) {
                boolean belong = !Collections.disjoint(labels.get(i), labels.get(j));
                boolean same = groups[i] == groups[j];
                together += belong ? 1 : 0;
                grouped += same ? 1 : 0;
                both += belong && same ? 1 : 0;
            }
        }
        return new Score(grouped == 0 ? 1 : (double) both / grouped, together == 0 ? 1 : (double) both / together, (int)
                java.util.Arrays.stream(groups).distinct().count());
    }

    double f1() {
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"precision\":%.4f,\"recall\":%.4f,\"f1\":%.4f,\"groups\":%d}",
                precision,
                recall,
                f1(),
                groups);
    }

    String words() {
        return String.format(
                Locale.ROOT, "precision %.3f  recall %.3f  F1 %.3f  groups %d", precision, recall, f1(), groups);
    }
}
