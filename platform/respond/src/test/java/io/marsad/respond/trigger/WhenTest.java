package io.marsad.respond.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.db.Database;
import io.marsad.kernel.tenant.TenantId;
import io.marsad.respond.Examples;
import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.Finding;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.cacao.Trigger;
import io.marsad.respond.trial.PlaybookFolder;
import io.marsad.soc.alert.AlertReading;
import io.marsad.testkit.SharedDatabase;
import io.marsad.testkit.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which alerts start a playbook. */
class WhenTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/playbooks");
    private static final Pattern LABEL = Pattern.compile("attack\\.(t[0-9]{4}(\\.[0-9]{3})?)");

    private final Database database = SharedDatabase.database();
    private final TenantId tenant = SharedDatabase.newTenant();
    private final Alarms alarms = new Alarms(database, tenant, new TestClock("2026-11-22T08:00:00Z"));
    private final Map<String, UUID> known = new HashMap<>();
    private final When when = new When(Alarms.MQL);
    private final PlaybookReader reader = new PlaybookReader(Catalogue.standard(), Alarms.MQL);

    private UUID raised(String level, String technique) {
        return known.computeIfAbsent(level + " " + technique, _ -> alarms.raise(level, technique));
    }

    private boolean fits(String asked, UUID alert) {
        var reading = database.inTenant(tenant, connection -> AlertReading.of(connection, tenant, List.of(alert)))
                .getFirst();
        return when.fits(asked, When.row(tenant, reading));
    }

    /** What each is meant for is what its labels say: these are ATT&CK ids that `when` need not have. */
    @Test
    void everyShippedTriggerFitsWhatItsPlaybookIsForAndNothingElse() throws Exception {
        int tried = 0;
        var other = raised("critical", "T1499");
        for (var entry : PlaybookFolder.read(SHIPPED, reader)) {
            assertThat(entry.findings()).as(entry.file() + "").isEmpty();
            var labels = LABEL.matcher(Files.readAllLines(entry.file()).stream()
                    .filter(line -> line.startsWith("labels:"))
                    .findFirst()
                    .orElse(""));
            var techniques = new ArrayList<String>();
            while (labels.find()) {
                techniques.add(labels.group(1).toUpperCase(Locale.ROOT));
            }
            for (var trigger : Objects.requireNonNull(entry.playbook()).triggers()) {
                if (trigger.kind() == Trigger.Kind.ALERT) {
                    var asked = Objects.requireNonNull(trigger.when());
                    assertThat(techniques).as(entry.file() + "").isNotEmpty();
                    for (var technique : techniques) {
                        assertThat(fits(asked, raised("high", technique)))
                                .as(entry.file() + ": " + technique)
                                .isTrue();
                    }
                    assertThat(fits(asked, raised("low", techniques.getFirst())))
                            .as(entry.file() + ": low")
                            .isFalse();
                    assertThat(fits(asked, other)).as(entry.file() + ": other").isFalse();
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThanOrEqualTo(25);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "severity = high | true",
                "severity > high | false",
                "host = WS-1 and user in (alice, bob) | true",
                "ip in cidr(\"192.0.2.0/24\") | true",
                "logsource = windows/process_creation/* | true",
                "logsource = linux | false",
                "cmd contains \"-enc\" | true",
                "process = powershell.exe or image endswith \"powershell.exe\" | true",
                "escalated = true | false",
                "status = new or status = open | true",
                "attack = T1110* | true",
                "title ~ \"something of T[0-9]+\" | true",
                "kind = case | false",
                "tag exists | false",
                "bad.example | true",
                "nothing.like.it | false",
                "synthetic = false and firings >= 1 | true",
                "rule = rule-T1110.001-high | true",
            })
    void anAlertIsAskedAboutAsAnEventIs(String asked, boolean fits) {
        assertThat(fits(asked, raised("high", "T1110.001"))).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{on: alert, when: \"severity >= hihg\"} | 'when': column 13-16: 'hihg' is no severity",
                "{on: case, when: \"(severity >= high\"} | 'when': column",
                "{on: schedule, cron: \"0 6 * *\"} | 'cron': Cron expression contains 4 parts",
                "{on: schedule, cron: \"0 6 30 2 *\"} | 'cron': no time ever fits",
            })
    void whatCannotBeReadIsSaidWithItsLine(String trigger, String reason) throws Exception {
        var text = Examples.yaml("playbook_extensions:\n"
                + "  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:\n    triggers:\n    - " + trigger
                + "\n"
                + "workflow:\n  start--1: {type: start, on_completion: end--1}\n  end--1: {type: end}\n");
        var reading = reader.read("x.yaml", Examples.whole(text));
        assertThat(reading.playbook()).isNull();
        assertThat(reading.findings())
                .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.problem().reason()).startsWith(reason);
                    assertThat(finding.problem().line())
                            .isEqualTo(text.lines().toList().indexOf("    - " + trigger) + 1);
                });
    }
}
