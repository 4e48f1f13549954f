package io.marsad.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.server.client.Replay;
import io.marsad.server.client.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Event logs of real attacks through {@code marsad replay}: nothing is lost on the way, and the rules see what they describe. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReplayTest {
    private static final String ATTACKS = "evtx/EVTX-ATTACK-SAMPLES/";
    private static final String DUMPED =
            ATTACKS + "Credential Access/sysmon_10_11_outlfank_dumpert_and_andrewspecial_memdump.evtx";
    private static final String INJECTED = ATTACKS + "Credential Access/sysmon_rdrleakdiag_lsass_dump.evtx";

    @Test
    void everyRecordIsAccountedForAndTheAttacksAreSeen() throws Exception {
        var dumped = shared(DUMPED);
        var injected = shared(INJECTED);
        var data = ChildNode.freshFolder("replay");
        var noLog = Files.writeString(data.resolveSibling("broken.log"), "{\"a\": 1}\n{\"b\": oops\n");
        try (var node = ChildNode.start(data);
                var client = node.client()) {
            var printed = new ByteArrayOutputStream();
            var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
            int exit = new Replay(client, new Terminal(System.err, false), "replay-test", null, 0)
                    .run(List.of(dumped, injected, noLog), out);
            var result = new JsonMapper().readTree(printed.toString(StandardCharsets.UTF_8));

            assertThat(exit).as(result.toString()).isZero();
            assertThat(result.path("balanced").asBoolean()).isTrue();
            assertThat(result.path("accepted").asLong())
                    .isEqualTo(result.path("records").asLong());
            assertThat(result.path("dead_lettered").asLong()).isEqualTo(1); // the line that is cut
            assertThat(result.path("stored").asLong()).isGreaterThan(10);
            assertThat(result.path("rules_fired").propertyNames())
                    .contains("LSASS is opened for reading its memory", "Thread is created inside LSASS");
            for (JsonNode alert : client.get("/v1/alerts").body().path("alerts")) {
                var detail =
                        client.get("/v1/alerts/" + alert.path("id").asString()).body();
                var event = detail.path("evidence").get(0);
                assertThat(event.path("matches").size()).isPositive();
                var raw = client.get("/v1/events/" + event.path("event_id").asString() + "/raw");
                assertThat(raw.body()
                                .path("Event")
                                .path("System")
                                .path("Channel")
                                .asString())
                        .isEqualTo("Microsoft-Windows-Sysmon/Operational");
            }
        }
        ChildNode.delete(data);
    }

    @Test
    void aPlatformThatHasStoppedWorkingIsNotWaitedForForEver() throws Exception {
        var data = ChildNode.freshFolder("stuck");
        var many = data.resolveSibling("many.ndjson");
        Files.write(
                many,
                IntStream.range(0, 30_000).mapToObj(i -> "{\"n\": " + i + "}").toList());
        try (var node = ChildNode.start(data);
                var client = node.client()) {
            var store = data.resolve("store");
            assertThat(store).isDirectory();
            try (var all = Files.walk(store)) {
                for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            Files.createFile(store);

            assertThatThrownBy(() -> new Replay(client, new Terminal(System.err, false), "stuck", null, 0)
                            .run(List.of(many), null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("to be worked through; they are safe in its log")
                    .hasMessageContaining("the worker has stopped");
        }
        ChildNode.delete(data);
    }

    private static Path shared(String name) {
        var env = System.getenv("MARSAD_SHARED_DATA");
        var folder = env == null ? Path.of(System.getProperty("marsad.root"), "..", "shared", "data") : Path.of(env);
        Assumptions.assumeTrue(Files.exists(folder.resolve(name)), "the shared data is not here: " + name);
        return folder.resolve(name);
    }
}
