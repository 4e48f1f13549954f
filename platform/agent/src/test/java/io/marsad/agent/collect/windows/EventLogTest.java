package io.marsad.agent.collect.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.collect.Programs;
import io.marsad.agent.collect.Recordings;
import io.marsad.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class EventLogTest {
    static final String EVENTS = Recordings.of(EventLogTest.class, "events.xml");

    private final TestClock clock = new TestClock("2026-11-23T06:00:00Z");
    private final Log log = new Log();

    @TempDir
    private Path folder;

    /** A channel that answers as wevtutil does. */
    private static final class Log implements Programs {
        final List<Long> events = new ArrayList<>();
        final List<String> asked = new ArrayList<>();
        int most = 1_000;
        long refused;

        @Override
        public byte @Nullable [] at(List<String> command) {
            asked.add(String.join(" ", command.subList(1, command.size())));
            int count = Integer.parseInt(word(command, "/c:"));
            List<Long> answer;
            if (command.contains("/rd:true")) {
                answer = events.isEmpty() ? List.of() : List.of(events.getLast());
            } else {
                var query = word(command, "/q:*[System[(EventRecordID>");
                long after = Long.parseLong(query.substring(0, query.indexOf(')')));
                answer = events.stream().filter(id -> id > after).limit(count).toList();
            }
            if (answer.size() > most) {
                refused++;
                return null; // as what runs programs has it
            }
            return answer.stream()
                    .map(id -> "<Event xmlns='x'><System><EventID>1</EventID><EventRecordID>" + id
                            + "</EventRecordID></System></Event>")
                    .collect(Collectors.joining("\r\n", "<Events>", "</Events>"))
                    .getBytes(StandardCharsets.UTF_16LE);
        }

        private static String word(List<String> command, String begin) {
            return command.stream()
                    .filter(one -> one.startsWith(begin))
                    .map(one -> one.substring(begin.length()))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public long refusals() {
            return refused;
        }
    }

    private EventLogCollector collector() {
        return new EventLogCollector(List.of("Security"), folder.resolve("eventlog.json"), () -> log, clock);
    }

    private static List<Long> poll(EventLogCollector collector) {
        var found = new ArrayList<Long>();
        collector.poll(one ->
                found.add(one.path("Event").path("System").path("EventRecordID").asLong()));
        return found;
    }

    private static JsonNode event(int index) {
        return Objects.requireNonNull(EventXml.parse(EVENTS.getBytes(StandardCharsets.UTF_8))
                        .get(index)
                        .found())
                .path("Event");
    }

    @Test
    void anEventHasTheShapeOfThoseOutOfFiles() {
        assertThat(event(0).path("System").path("Provider").toString())
                .isEqualTo("{\"#attributes\":{\"Name\":\"Microsoft-Windows-Security-Auditing\","
                        + "\"Guid\":\"{54849625-5478-4994-a5ba-3e3b0328c30d}\"}}");
        assertThat(event(0).path("System").path("EventID").asString()).isEqualTo("4625");
        assertThat(event(0).path("EventData").toString())
                .isEqualTo("{\"TargetUserName\":\"dana & co\",\"LogonType\":\"3\",\"IpAddress\":\"203.0.113.9\"}");
        assertThat(event(1).path("UserData")
                        .path("LogFileCleared")
                        .path("SubjectUserName")
                        .asString())
                .isEqualTo("dana");
        assertThat(event(2).path("System").path("EventID").toString())
                .isEqualTo("{\"#text\":\"7\",\"#attributes\":{\"Qualifiers\":\"16384\"}}");
        assertThat(event(2).path("EventData").toString()).isEqualTo("{\"Data\":[\"one\",\"two\"],\"Binary\":\"00\"}");
    }

    @Test
    void aDamagedEventTakesNoOtherWithItAndNoEntityIsRead() {
        var damaged =
                EVENTS.replace("dana &amp; co", "dana \u0001 co").replace("<SubjectUserName>", "<SubjectUserName");
        var events = EventXml.parse(damaged.getBytes(StandardCharsets.UTF_16LE));
        assertThat(events).extracting(EventXml.Event::id).containsExactly(7001L, 7002L, 7003L);
        assertThat(events).extracting(one -> one.found() != null).containsExactly(true, false, true);
        assertThat(String.valueOf(events.getFirst().found())).contains("dana \ufffd co");
        var entity = EVENTS.replace("dana &amp; co", "&x;");
        assertThat(EventXml.parse(entity.getBytes(StandardCharsets.UTF_8))
                        .getFirst()
                        .found())
                .isNull();
    }

    @Test
    void goesOnWhereItWasAlsoWhenTheAgentBeginsAnew() {
        log.events.addAll(List.of(5L, 6L));
        var first = collector();
        assertThat(poll(first)).as("what was there is not new").isEmpty();
        log.events.add(7L);
        assertThat(poll(first)).containsExactly(7L);
        first.commit();
        log.events.add(8L);
        assertThat(poll(first)).containsExactly(8L);
        var second = collector();
        assertThat(poll(second)).as("8 was not durable yet").containsExactly(8L);
        assertThat(poll(second)).isEmpty();
        assertThat(log.asked)
                .contains("qe Security /q:*[System[(EventRecordID>8)]] /c:1000 /rd:false /f:xml /e:Events /uni:true");
    }

    @Test
    void aLogThatBeganAnewIsReadFromItsBeginning() {
        log.events.add(900L);
        var collector = collector();
        poll(collector);
        log.events.clear();
        log.events.addAll(List.of(1L, 2L));
        assertThat(poll(collector)).isEmpty();
        clock.advance(Duration.ofMinutes(1));
        assertThat(poll(collector)).isEmpty();
        assertThat(poll(collector)).containsExactly(1L, 2L);
    }

    @Test
    void lessIsAskedForWhenItIsTooMuchAtOnce() {
        var collector = collector();
        poll(collector);
        for (long i = 1; i <= 900; i++) {
            log.events.add(i);
        }
        log.most = 300;
        var found = new ArrayList<Long>();
        for (int i = 0; i < 40 && found.size() < 900; i++) {
            found.addAll(poll(collector));
        }
        assertThat(found).isEqualTo(log.events);
        assertThat(collector.refusals()).isPositive();
    }

    @Test
    void whatMakesNoSenseIsCountedAndReadOnce() {
        Programs broken = command -> "<Events><Event a='b'><EventRecordID>4</EventRecordID><x></Event></Events>"
                .getBytes(StandardCharsets.UTF_8);
        var collector = new EventLogCollector(List.of("A"), folder.resolve("kept"), () -> broken, clock);
        var found = new ArrayList<ObjectNode>();
        collector.poll(found::add);
        collector.poll(found::add);
        assertThat(found).isEmpty();
        assertThat(collector.refusals()).isEqualTo(1);
    }
}
