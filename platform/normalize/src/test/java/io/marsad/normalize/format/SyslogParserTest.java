package io.marsad.normalize.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SyslogParserTest {
    private static List<String> values(String line) {
        return Leaves.of(Leaves.parse(RecordFormat.SYSLOG, line));
    }

    private static final List<String> AUTH_CRIT =
            List.of("facility=#4", "facility_name=auth", "severity=#2", "severity_name=crit");

    private static String[] authCrit(String... more) {
        var all = new java.util.ArrayList<>(AUTH_CRIT);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void rfc5424() {
        assertThat(values("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed"))
                .containsExactly(authCrit(
                        "timestamp=2003-10-11T22:14:15.003Z",
                        "hostname=mymachine.example.com",
                        "app_name=su",
                        "msgid=ID47",
                        "message='su root' failed"));
        assertThat(
                        values(
                                "<34>1 2003-10-11T22:14:15+02:00 h a 1 m [ex@32473 iut=\"3\" src=\"a\\\"b\\]\\\\\"][origin] {\"json\":1}"))
                .containsExactly(authCrit(
                        "timestamp=2003-10-11T22:14:15+02:00",
                        "hostname=h",
                        "app_name=a",
                        "procid=1",
                        "msgid=m",
                        "sd.ex@32473.iut=3",
                        "sd.ex@32473.src=a\"b]\\",
                        "message={\"json\":1}"));
        assertThat(values("<34>1 - - - - - -")).containsExactly(authCrit());
        assertThat(values("<34>1 2003-10-11T22:14:15Z h a - - [broken k=v] x")).endsWith("message=[broken k=v] x");
    }

    @Test
    void rfc3164() {
        assertThat(values("<34>Oct 11 22:14:15 mymachine su[230]: 'su root' failed for lonvick on /dev/pts/8\n"))
                .containsExactly(authCrit(
                        "timestamp=2026-10-11T22:14:15Z",
                        "hostname=mymachine",
                        "app_name=su",
                        "procid=230",
                        "message='su root' failed for lonvick on /dev/pts/8"));
        assertThat(values("Feb  5 17:32:18 web sshd(pam_unix)[7]: session opened"))
                .containsExactly(
                        "timestamp=2026-02-05T17:32:18Z",
                        "hostname=web",
                        "app_name=sshd(pam_unix)",
                        "procid=7",
                        "message=session opened");
        assertThat(values("Feb  5 17:32:18 web last message repeated 3 times"))
                .containsExactly(
                        "timestamp=2026-02-05T17:32:18Z", "hostname=web", "message=last message repeated 3 times");
        assertThat(values("<34>su: root said: no")).containsExactly(authCrit("app_name=su", "message=root said: no"));
        assertThat(values("no header: at all")).containsExactly("message=no header: at all");
    }

    @Test
    void variants() {
        assertThat(values("<34>Oct 11 22:14:15 sshd[12]: no host"))
                .containsExactly(
                        authCrit("timestamp=2026-10-11T22:14:15Z", "app_name=sshd", "procid=12", "message=no host"));
        assertThat(values("2024-05-01T10:11:12.123456+02:00 host cron[5]: (root) CMD (x)"))
                .containsExactly(
                        "timestamp=2024-05-01T10:11:12.123456+02:00",
                        "hostname=host",
                        "app_name=cron",
                        "procid=5",
                        "message=(root) CMD (x)");
        assertThat(values("<34>45: sw1: *Mar  1 18:46:11.123 UTC: %SYS-5-CONFIG_I: Configured from console"))
                .containsExactly(authCrit(
                        "hostname=sw1",
                        "timestamp=2026-03-01T18:46:11.123Z",
                        "app_name=%SYS-5-CONFIG_I",
                        "message=Configured from console"));
        assertThat(values("<34>45: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: x"))
                .containsExactly(
                        authCrit("timestamp=2026-03-01T18:46:11.123Z", "app_name=%SYS-5-CONFIG_I", "message=x"));
        assertThat(values("<34>Mar 01 2021 18:46:11: %ASA-6-302013: Built"))
                .containsExactly(authCrit("timestamp=2021-03-01T18:46:11Z", "app_name=%ASA-6-302013", "message=Built"));
        assertThat(values("<34>Oct 11 22:14:15 fw CEF:0|V|P|1|2|n|3|src=1.1.1.1"))
                .containsExactly(authCrit(
                        "timestamp=2026-10-11T22:14:15Z", "hostname=fw", "message=CEF:0|V|P|1|2|n|3|src=1.1.1.1"));
        assertThat(Leaves.refusal(RecordFormat.SYSLOG, " \n")).isEqualTo("an empty line");
    }

    @Test
    void theYearIsTheNewestThatIsNotAheadByMoreThanADay() {
        assertThat(timestamp("Dec 31 23:59:59 h a: x", "2027-01-01T00:00:05Z")).isEqualTo("2026-12-31T23:59:59Z");
        assertThat(timestamp("Jan  1 00:30:00 h a: x", "2026-12-31T23:59:00Z")).isEqualTo("2027-01-01T00:30:00Z");
        assertThat(timestamp("Jan  3 00:30:00 h a: x", "2026-12-31T23:59:00Z")).isEqualTo("2026-01-03T00:30:00Z");
        assertThat(timestamp("Feb 29 00:30:00 h a: x", "2026-12-31T23:59:00Z")).isEqualTo("2024-02-29T00:30:00Z");
    }

    @Test
    void timesWithoutAZoneAreOfTheGivenOne() {
        var tape = new Tape(new PathTable());
        var line = "Jul  1 12:00:00 h a: x".getBytes(StandardCharsets.UTF_8);
        RecordFormat.SYSLOG.newParser(ZoneId.of("Europe/Berlin")).parse(line, 0, line.length, Leaves.RECEIVED, tape);
        assertThat(Leaves.of(tape)).first().isEqualTo("timestamp=2026-07-01T10:00:00Z");
    }

    private static String timestamp(String line, String received) {
        var tape = new Tape(new PathTable());
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        assertThat(RecordFormat.SYSLOG
                        .newParser()
                        .parse(bytes, 0, bytes.length, Instant.parse(received).toEpochMilli(), tape))
                .isNull();
        return tape.text(0);
    }

    @Test
    void neverFailsWhateverTheBytes() {
        long seed = Long.getLong("marsad.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var tape = new Tape(new PathTable());
        var parser = RecordFormat.SYSLOG.newParser();
        String[] pieces = {
            "<34>",
            "1 ",
            "Oct 11 22:14:15",
            " ",
            "2024-05-01T10:11:12",
            "[",
            "]",
            "a=\"",
            "\\",
            ": ",
            "*Mar  1 18:46:11",
            "-",
            "é",
            "host",
            "99"
        };
        for (int n = 0; n < 50_000; n++) {
            var line = new StringBuilder();
            for (int k = random.nextInt(12); k > 0; k--) {
                line.append(pieces[random.nextInt(pieces.length)]);
            }
            var bytes = line.toString().getBytes(StandardCharsets.UTF_8);
            for (int k = random.nextInt(3); k > 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var why = parser.parse(bytes, 0, bytes.length, Leaves.RECEIVED, tape);
            assertThat(why).as("seed %d: %s", seed, line).isIn(null, "an empty line");
            Leaves.of(tape);
        }
    }
}
