package io.marsad.bench.grouping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.marsad.soc.correlate.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupingTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void thePublicSetIsGroupedBetterThanAnyNaiveWay() throws IOException {
        var file = data().resolve("grouping/alerts.ndjson");
        assumeThat(file)
                .as("the labelled alerts are not here: set MARSAD_SHARED_DATA")
                .exists();
        var set = LabelledAlerts.read(file);

        assertThat(set.faults()).isEmpty();
        var score = Score.of(Grouping.groups(set.facts(), Parameters.usual()), set.labels());
        assertThat(score.f1()).isGreaterThanOrEqualTo(0.8);
        for (Baseline baseline : Baseline.values()) {
            assertThat(score.f1())
                    .as(baseline.title())
                    .isGreaterThan(
                            Score.of(baseline.groups(set.facts()), set.labels()).f1());
        }
    }

    @Test
    void pairsAreCountedAsTheTaskSays() {
        var labels = List.of(Set.of("1"), Set.of("1", "2"), Set.of("2"), Set.of("3"), Set.<String>of());
        // Belong together: 0-1, 1-2. Grouped: 0-1, 0-3, 1-3, 2-4.
        var score = Score.of(new int[] {7, 7, 8, 7, 8}, labels);
        assertThat(score.precision()).isEqualTo(0.25);
        assertThat(score.recall()).isEqualTo(0.5);
        assertThat(score.json()).isEqualTo("{\"precision\":0.2500,\"recall\":0.5000,\"f1\":0.3333,\"groups\":2}");
    }

    @Test
    void labelsOfAnyFormAreReadAndUnreadableAlertsCountAsAlone() throws IOException {
        var file = Files.writeString(folder.resolve("alerts.ndjson"), """
                {"SystemAlertId":"a","StartTime":"2024-07-22T09:44:22Z","incidents":[5]}

                {"SystemAlertId":"a","StartTime":"2024-07-22T09:44:22Z","incidents":"5"}
                {"SystemAlertId":"b","incidents":["6"]}
                nothing
                """);
        var set = LabelledAlerts.read(file);
        assertThat(set.labels()).containsExactly(Set.of("5"), Set.of("5"), Set.of("6"), Set.of());
        assertThat(set.facts()).extracting(f -> f.id()).doesNotHaveDuplicates();
        assertThat(set.faults()).hasSize(2).allMatch(fault -> fault.startsWith("line "));
        assertThat(Grouping.groups(set.facts(), Parameters.usual())).containsExactly(2, 3, 0, 1);
    }

    private static Path data() {
        var named = System.getenv("MARSAD_SHARED_DATA");
        return named == null
                ? Path.of(System.getProperty("marsad.root", "."), "../shared/data")
                        .normalize()
                : Path.of(named);
    }
}
