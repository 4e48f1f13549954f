package io.marsad.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.agent.collect.ProgramLook;
import io.marsad.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostProgramTest {
    private static HostProgram shell(String script, Duration most, int bytes) {
        return new HostProgram(List.of("/bin/sh", "-c", script), "in", Map.of("WORD", "set"), most, bytes, false);
    }

    @Test
    void saysWhatItSaidAndHowItEnded() throws Exception {
        var ended = shell("cat; echo $WORD; echo no >&2; exit 3", Duration.ofSeconds(20), 100)
                .run();
        assertThat(ended.text()).isEqualTo("inset\n");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.cut()).isFalse();
    }

    @Test
    void moreThanIsTakenIsReadAndThrownAway() throws Exception {
        var ended = shell("head -c 3000000 /dev/zero; exit 0", Duration.ofSeconds(20), 100)
                .run();
        assertThat(ended.said()).hasSize(100);
        assertThat(ended.cut()).isTrue();
        assertThat(ended.code()).isZero();
    }

    @Test
    void whatDoesNotEndIsEndedWithItsChildren(@TempDir Path folder) throws Exception {
        var pid = folder.resolve("pid");
        var hanging = shell("sleep 1000 & echo $! > " + pid + "; wait", Duration.ofMillis(1500), 100);
        assertThatThrownBy(hanging::run).isInstanceOf(IOException.class).hasMessageContaining("did not end within");
        long child = Long.parseLong(Files.readString(pid).strip());
        var left = ProcessHandle.of(child);
        if (left.isPresent()) {
            left.get().onExit().get(20, java.util.concurrent.TimeUnit.SECONDS);
        }
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void aProgramThatIsNotThereIsAskedForRarely(@TempDir Path folder) throws Exception {
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var look = new ProgramLook(clock);
        var program = folder.resolve("program");
        var command = List.of(program.toString());
        assertThat(look.at(command)).isNull();
        Files.writeString(program, "#!/bin/sh\necho here\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(look.at(command)).isNull();
        clock.advance(Duration.ofMinutes(5));
        assertThat(look.at(command)).asString().isEqualTo("here\n");
        assertThat(look.refusals()).isZero();
    }

    @Test
    void halfOfAListIsNoneAndSoIsWhatEndedBadly() {
        var clock = new TestClock("2026-11-23T06:00:00Z");
        var look = new ProgramLook(clock);
        assertThat(look.at(List.of("/bin/sh", "-c", "head -c 9000000 /dev/zero")))
                .isNull();
        assertThat(look.refusals()).isEqualTo(1);
        assertThat(look.at(List.of("/bin/sh", "-c", "echo $LC_ALL $TZ")))
                .asString()
                .isEqualTo("C UTC\n");
        assertThat(look.at(List.of("/bin/sh", "-c", "echo some; exit 1"))).isNull();
        assertThat(new ProgramLook(clock, Duration.ofSeconds(20), 1).at(List.of("/bin/sh", "-c", "echo some; exit 1")))
                .asString()
                .isEqualTo("some\n");
        assertThat(look.refusals()).as("that it failed is no fault of the host").isEqualTo(1);
    }
}
