package io.marsad.agent.collect.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.agent.collect.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever programs of Windows say, no parser throws. */
final class WindowsFuzzTest {
    private final Fuzz fuzz = new Fuzz();

    @Test
    void cim() {
        fuzz.fuzz(
                List.of(WindowsTest.FIVE, WindowsTest.SEVEN),
                b -> assertThat(Cim.processes(b)).isNotNull());
        fuzz.fuzz(
                List.of(WindowsTest.SERVICES), b -> assertThat(Cim.services(b)).isNotNull());
        fuzz.fuzz(
                List.of(WindowsTest.SESSIONS), b -> assertThat(Cim.sessions(b)).isNotNull());
    }

    @Test
    void netstat() {
        fuzz.fuzz(
                List.of(WindowsTest.NETSTAT, WindowsTest.GERMAN),
                b -> Netstat.parse(b)
                        .rows()
                        .keySet()
                        .forEach(one -> assertThat(one.localPort()).isBetween(0, 65_535)));
    }

    @Test
    void uninstallKeys() {
        fuzz.fuzz(
                List.of(WindowsTest.UNINSTALL),
                b -> assertThat(UninstallKeys.parse(b)).isNotNull());
    }

    @Test
    void events() {
        var wide = new String(EventLogTest.EVENTS.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_8);
        fuzz.fuzz(
                List.of(EventLogTest.EVENTS, wide),
                b -> EventXml.parse(b).forEach(one -> assertThat(one.id()).isGreaterThanOrEqualTo(-1)));
    }
}
