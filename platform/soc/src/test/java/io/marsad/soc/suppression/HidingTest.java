package io.marsad.soc.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.db.Database;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.soc.alert.Detection;
import io.marsad.soc.alert.Detections;
import io.marsad.soc.suppression.Suppression.Content;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A query is a field here: events that have it fit. A detection's host is its number modulo ten. */
class HidingTest {
    private static final Conditions HAS = field -> new Predicate.Exists(Field.of(field));

    private final Database database = SharedDatabase.database();
    private final TestClock clock = new TestClock("2026-03-02T00:00:00Z");
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Suppressions suppressions = new Suppressions(database, (_, _) -> null, HAS, clock, new Random(3));
    private final Hiding hiding = new Hiding(clock, HAS);

    @Test
    void whatFitsAllThatIsGivenIsHiddenAndCountedOnce() throws Exception {
        assertThat(hide(1, 2)).hasSize(2);
        var made = as(() -> suppressions.create(content(List.of("r"), "process.cmd_line", "ws-1", 1)));
        assertThat(hide(1, 2)).containsExactly(detection(2));
        assertThat(hide(1, 2)).containsExactly(detection(2));
        assertThat(hide(11)).isEmpty();
        var detail = as(() -> suppressions.find(made.id()));
        assertThat(detail.suppression().hits()).isEqualTo(2);
        assertThat(detail.suppression().lastHit()).isEqualTo(clock.instant());
        assertThat(detail.newest()).extracting(hit -> hit.event().low()).containsExactlyInAnyOrder(1L, 11L);
        assertThat(detail.newest().getFirst().title()).isEqualTo("Encoded PowerShell r");
    }

    @Test
    void anotherRuleEntityOrEventIsNot() throws Exception {
        as(() -> suppressions.create(content(List.of("other"), "", null, 1)));
        as(() -> suppressions.create(content(List.of("r"), "", "ws-9", 1)));
        as(() -> suppressions.create(content(List.of(), "file.path", "ws-1", 1)));
        assertThat(hide(1)).hasSize(1);
    }

    @Test
    void aChangeCountsAtOnceAndSoDoesTheEnd() throws Exception {
        var made = as(() -> suppressions.create(content(List.of("r"), "", null, 1)));
        assertThat(hide(1)).isEmpty();
        var narrower = as(() -> suppressions.update(made.id(), content(List.of("r"), "", "ws-2", 1), 1));
        assertThat(hide(1)).hasSize(1);
        assertThat(hide(2)).isEmpty();
        clock.advance(Duration.ofDays(1));
        assertThat(hide(2)).as("expired").hasSize(1);
        assertThat(as(suppressions::list))
                .extracting(one -> one.state(clock.instant()))
                .containsExactly("expired");
        as(() -> suppressions.update(made.id(), content(List.of("r"), "", null, 1), narrower.version()));
        assertThat(hide(2)).isEmpty();
        as(() -> {
            suppressions.delete(made.id());
            return made;
        });
        assertThat(hide(2)).hasSize(1);
        assertThat(audited())
                .containsExactly(
                        "suppression.create", "suppression.update", "suppression.update", "suppression.delete");
    }

    @Test
    void itBeginsWhenItIsSaid() throws Exception {
        var later = clock.instant().plusSeconds(60);
        as(() -> suppressions.create(new Content(List.of("r"), "", null, "an exercise", later, later.plusSeconds(60))));
        assertThat(hide(1)).hasSize(1);
        clock.advance(Duration.ofSeconds(60));
        assertThat(hide(1)).isEmpty();
        clock.advance(Duration.ofSeconds(60));
        assertThat(hide(1)).hasSize(1);
    }

    @Test
    void itNeedsAReasonAnEndAndSomethingToHide() {
        refused("too-wide", content(List.of(), "", null, 1));
        refused("invalid-time", content(List.of("r"), "", null, 0));
        refused("invalid-time", content(List.of("r"), "", null, 400));
        var now = clock.instant();
        refused("reason-required", new Content(List.of("r"), "", null, " ", now, now.plusSeconds(9)));
    }

    @Test
    void anotherTenantsHideNothing() throws Exception {
        as(() -> suppressions.create(content(List.of("r"), "", null, 1)));
        var other = SharedDatabase.newTenant();
        var firings = List.of(firing(1));
        assertThat(database.<List<Detection>>inTenant(other, c -> hiding.hide(c, other, firings)))
                .hasSize(1);
    }

    private Content content(List<String> rules, String query, @Nullable String entity, int days) {
        var now = clock.instant();
        return new Content(rules, query, entity, "the backup", now, now.plus(Duration.ofDays(days)));
    }

    private List<Detection> hide(int... numbers) {
        var firings = IntStream.of(numbers).mapToObj(this::firing).toList();
        return database.<List<Detection>>inTenant(tenant, c -> hiding.hide(c, tenant, firings));
    }

    private Firing firing(int number) {
        var batch = Detections.batch(tenant, number);
        return new Firing(detection(number), () -> List.of(new Firing.Place(batch, 0)));
    }

    private Detection detection(int number) {
        return Detections.detection(tenant, "r", "low", number);
    }

    private List<String> audited() {
        return database.inTenant(tenant, c -> {
            try (var select = c.createStatement();
                    var rows = select.executeQuery("SELECT action FROM audit_log ORDER BY seq")) {
                var actions = new java.util.ArrayList<String>();
                while (rows.next()) {
                    actions.add(rows.getString(1));
                }
                return actions;
            }
        });
    }

    private void refused(String type, Content content) {
        assertThatThrownBy(() -> as(() -> suppressions.create(content)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(type));
    }

    private <R> R as(Callable<R> work) throws Exception {
        return CallerScope.<R, Exception>callAs(Caller.system(tenant, "test"), work::call);
    }
}
