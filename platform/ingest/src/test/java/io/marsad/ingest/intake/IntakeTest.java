package io.marsad.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.marsad.kernel.event.EventId;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.log.RecordBatch;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.store.log.LogConfig;
import io.marsad.store.log.SegmentLog;
import io.marsad.testkit.FaultyDisk;
import io.marsad.testkit.TestClock;
import io.marsad.testkit.TestRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IntakeTest {
    private static final Sender SENDER = new Sender(new TenantId("tenant-a"), "token one");

    private final FaultyDisk disk = new FaultyDisk();
    private final TestClock clock = new TestClock("2026-03-01T12:00:00Z");
    private SegmentLog log;
    private Intake intake;

    @BeforeEach
    void open() throws IOException {
        var config = LogConfig.in(Path.of("/log")).withMaxBytes(64 << 20).withReserveBytes(0);
        log = SegmentLog.open(config, disk, clock, new SplittableRandom(1), p -> 0);
        intake = new Intake(log, clock, new SplittableRandom(2));
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<RecordBatch> appended() throws Exception {
        var all = new ArrayList<RecordBatch>();
        try (var reader = log.read(0, 0)) {
            for (var batch = reader.poll(Duration.ZERO); batch != null; batch = reader.poll(Duration.ZERO)) {
                all.add(batch);
            }
        }
        return all;
    }

    @Test
    void anEventIsDurableWithItsSenderAndTime() throws Exception {
        var body = "{\"category\":\"auth\",\"severity\":5,\"outcome\":\"failure\",\"actor\":{\"type\":\"user\"}}";
        var id = intake.event(SENDER, bytes(body), null);
        var batch = appended().getFirst();
        assertThat(batch.tenant()).isEqualTo(SENDER.tenant());
        assertThat(batch.origin()).isEqualTo("token one");
        assertThat(batch.format()).isEqualTo("canonical");
        assertThat(batch.received()).isEqualTo(clock.millis());
        assertThat(batch.id(0)).isEqualTo(id);
        assertThat(batch.keyed(0)).isFalse();
        assertThat(id.uuid().version()).isEqualTo(7);
        assertThat(TestRecords.text(batch, 0)).isEqualTo(body);
        assertThat(intake.appended(SENDER.tenant())).isEqualTo(1);
    }

    @Test
    void linesAreRecords() throws Exception {
        var lines = intake.begin(SENDER, "syslog", null, false);
        lines.addLines(bytes("one\r\n\n  \ntwo\n\r\n three"));
        assertThat(lines.commit().accepted()).isEqualTo(3);
        var batch = appended().getFirst();
        assertThat(List.of(TestRecords.text(batch, 0), TestRecords.text(batch, 1), TestRecords.text(batch, 2)))
                .containsExactly("one", "two", " three");
        var many = intake.begin(SENDER, "syslog", null, false);
        many.addLines(bytes("x\n".repeat(Intake.MAX_RECORDS)));
        assertThatThrownBy(() -> many.addLines(bytes("x"))).hasMessageContaining("at most");
    }

    @Test
    void everyFaultOfAnEventIsNamed() throws Exception {
        var body = """
                {"severity": 11, "outcome": "maybe", "actor": {"type": "dog", "name": 3}, "tags": ["a", 1],
                 "timestamp": "yesterday", "attributes": [], "source": null, "event_id": ""}""";
        var problem = catchThrowableOfType(ProblemException.class, () -> intake.event(SENDER, bytes(body), null))
                .problem();
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.errors())
                .extracting(Fault::where)
                .containsExactlyInAnyOrder(
                        "/category",
                        "/severity",
                        "/outcome",
                        "/actor/type",
                        "/actor/name",
                        "/tags",
                        "/timestamp",
                        "/attributes",
                        "/event_id");
        for (var bad : List.of("", "[]", "42", "{\"category\":\"auth\"", "{\"category\":\"auth\"} x", "{'category'}")) {
            assertThatThrownBy(() -> intake.event(SENDER, bytes(bad), null))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("invalid-event");
        }
        assertThat(appended()).isEmpty();
    }

    @Test
    void theSameKeyIsTheSameEventWhoeverSends() throws Exception {
        var other = new Sender(SENDER.tenant(), "token two");
        var stranger = new Sender(new TenantId("tenant-b"), "token one");
        var body = bytes("{\"category\":\"auth\",\"event_id\":\"e-1\"}");
        var id = intake.event(SENDER, body, null);
        assertThat(intake.event(other, body, null)).isEqualTo(id);
        assertThat(intake.event(other, bytes("{\"category\":\"auth\"}"), "e-1")).isEqualTo(id);
        assertThat(intake.event(stranger, body, null)).isNotEqualTo(id);
        assertThat(intake.event(SENDER, body, "e-2")).as("the header wins").isNotEqualTo(id);
        assertThat(appended()).allSatisfy(b -> assertThat(b.keyed(0)).isTrue());
    }

    @Test
    void oneBadRecordDoesNotTouchTheOthers() throws Exception {
        var batch = intake.begin(SENDER, "canonical", null, true);
        for (var text : List.of("{\"category\":\"auth\"}", "{\"category\":\"x\"}", "{\"category\":\"ops\"}")) {
            batch.add(bytes(text), 0, text.length());
        }
        batch.reject("is a number");
        var result = batch.commit();
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.rejected()).isEqualTo(2);
        assertThat(result.errors()).extracting(IntakeResult.Rejection::index).containsExactly(1, 3);
        assertThat(result.errors().getFirst().reason()).startsWith("/category");
        var stored = appended().getFirst();
        assertThat(TestRecords.texts(stored)).containsExactly("{\"category\":\"auth\"}", "{\"category\":\"ops\"}");
        assertThat(stored.synthetic(0)).isTrue();
        assertThat(result.ids()).containsExactly(stored.id(0), stored.id(1)).doesNotHaveDuplicates();
    }

    @Test
    void aBatchSentTwiceWithItsKeyHasTheSameIds() throws Exception {
        var ids = new ArrayList<List<EventId>>();
        for (int i = 0; i < 2; i++) {
            var batch = intake.begin(SENDER, "json", "batch-7", false);
            batch.add(bytes("{\"a\":1}"), 0, 7);
            batch.add(bytes("{\"a\":1}"), 0, 7);
            ids.add(batch.commit().ids());
        }
        assertThat(ids.get(0)).isEqualTo(ids.get(1)).doesNotHaveDuplicates();
    }

    @Test
    void malformedJsonIsTakenForTheDeadLetters() throws Exception {
        var batch = intake.begin(SENDER, "json", null, false);
        batch.add(bytes("{\"a\":"), 0, 5);
        batch.add(bytes("  "), 0, 2);
        var result = batch.commit();
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.errors().getFirst().reason()).isEqualTo("is empty");
    }

    @Test
    void linesOfAnAuditEventBecomeOneRecord() throws Exception {
        var lines = List.of(
                "type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e",
                "type=CWD msg=audit(1364481363.243:24287): cwd=\"/home\"",
                "type=USER_LOGIN msg=audit(1364481364.000:24288): pid=1",
                "type=PATH msg=audit(1364481363.243:24287): item=0",
                "node=web type=PATH msg=audit(1364481363.243:24287): item=0",
                "<13>not audit");
        for (var format : List.of("auditd", "auto")) {
            var batch = intake.begin(SENDER, format, null, false);
            lines.forEach(l -> batch.add(bytes(l), 0, l.length()));
            var result = batch.commit();
            assertThat(result.accepted()).isEqualTo(6);
            assertThat(result.ids()).hasSize(4);
        }
        for (var batch : appended()) {
            assertThat(TestRecords.texts(batch))
                    .containsExactlyInAnyOrder(
                            lines.get(5),
                            lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(3),
                            lines.get(2),
                            lines.get(4));
        }
    }

    @Test
    void falcoIsUnderstoodWithAndWithoutEnvelope() throws Exception {
        var alert = "{\"rule\":\"R\",\"priority\":\"Notice\",\"output_fields\":{\"event\":{}},\"uuid\":\"u-1\"}";
        var plain = intake.falco(SENDER, bytes(alert));
        var wrapped = intake.falco(SENDER, bytes("{ \"event\": " + alert + ", \"outputs\": [\"webui\"] }"));
        assertThat(wrapped).as("the same uuid").isEqualTo(plain);
        assertThat(appended()).hasSize(2).allSatisfy(b -> {
            assertThat(b.format()).isEqualTo("falco");
            assertThat(TestRecords.text(b, 0)).isEqualTo(alert);
        });
        assertThatThrownBy(() -> intake.falco(SENDER, bytes("16:31:56 Warning shell")))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> intake.falco(SENDER, bytes("[]"))).isInstanceOf(ProblemException.class);
    }

    @Test
    void whatIsTooMuchIsRefused() throws Exception {
        var long1 = bytes("{\"category\":\"auth\",\"x\":\"" + "y".repeat(1 << 20) + "\"}");
        var single = catchThrowableOfType(ProblemException.class, () -> intake.event(SENDER, long1, null));
        assertThat(single.problem().status()).isEqualTo(413);
        var batch = intake.begin(SENDER, "json", null, false);
        batch.add(long1, 0, long1.length);
        batch.add(bytes("{}"), 0, 2);
        assertThat(batch.commit().errors()).hasSize(1);

        var many = intake.begin(SENDER, "json", null, false);
        for (int i = 0; i < 10_000; i++) {
            many.add(bytes("{}"), 0, 2);
        }
        assertThat(catchThrowableOfType(ProblemException.class, () -> many.add(bytes("{}"), 0, 2))
                        .problem()
                        .status())
                .isEqualTo(413);
    }

    @Test
    void aFullLogIsForTheSenderToKnow() throws Exception {
        var text = "{\"x\":\"" + "y".repeat(900_000) + "\"}";
        LogFullException full = null;
        for (int i = 0; i < 100 && full == null; i++) {
            var batch = intake.begin(SENDER, "json", null, false);
            batch.add(bytes(text), 0, text.length());
            try {
                batch.commit();
            } catch (LogFullException e) {
                full = e;
            }
        }
        assertThat(full).isNotNull();
        assertThat(intake.appended(SENDER.tenant())).isEqualTo(log.endOffset(0));
    }

    @Test
    void secretsDoNotReachTheLog() throws Exception {
        intake.event(SENDER, bytes("{\"category\":\"auth\",\"attributes\":{\"password\":\"hunter2\"}}"), null);
        assertThat(TestRecords.text(appended().getFirst(), 0))
                .isEqualTo("{\"category\":\"auth\",\"attributes\":{\"password\":\"[redacted]\"}}");
    }
}
