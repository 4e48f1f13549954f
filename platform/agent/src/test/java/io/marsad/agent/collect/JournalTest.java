package io.marsad.agent.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.marsad.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Lines as journalctl writes them, by a process that ends again and again. */
final class JournalTest {
    static final String SAMPLE =
            "{\"__CURSOR\":\"s=1;i=1\",\"__REALTIME_TIMESTAMP\":\"1364481363243000\",\"_BOOT_ID\":\"b0\","
                    + "\"MESSAGE\":[104,105,255],\"PRIORITY\":\"6\",\"_PID\":\"42\",\"_COMM\":[\"sshd\",\"twice\"],\"_EXE\":null}";

    @Test
    void fieldsMayBeBytesOrListsOrNothing() {
        var entry = Objects.requireNonNull(JournalEntry.parse(SAMPLE.getBytes(StandardCharsets.UTF_8)));
        assertThat(entry.cursor()).isEqualTo("s=1;i=1");
        assertThat(entry.found().get("time").asLong()).isEqualTo(1364481363243L);
        assertThat(entry.found().get("message").stringValue()).isEqualTo("hi\ufffd");
        assertThat(entry.found().get("name").stringValue()).isEqualTo("sshd");
        assertThat(entry.found().has("path")).isFalse();
    }

    @Test
    void goesOnBehindTheLastCursorWhenItEnds(@TempDir Path folder) {
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var script = "n=0; case \"$0\" in *i=*) n=${0##*i=};; esac; n=$((n+1));"
                + " echo '{\"__CURSOR\":\"s=1;i='$n'\",\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"m'$n'\"}'; echo rubbish";
        var found = new ArrayList<ObjectNode>();
        var command = List.of("/bin/sh", "-c", script);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int life = 1; life <= 2; life++) {
                try (var collector = new JournalCollector(command, folder.resolve("cursor"), clock)) {
                    while (found.size() < 2 * life) {
                        collector.poll(found::add);
                        collector.commit();
                        clock.advance(Duration.ofSeconds(1));
                        Thread.onSpinWait();
                    }
                    assertThat(collector.refusals()).isPositive();
                }
            }
        });
        assertThat(found).extracting(f -> f.get("message").stringValue()).containsExactly("m1", "m2", "m3", "m4");
        assertThat(Files.exists(folder.resolve("cursor"))).isTrue();
    }
}
