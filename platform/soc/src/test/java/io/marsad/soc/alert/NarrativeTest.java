package io.marsad.soc.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.kernel.event.EventId;
import io.marsad.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The same is told of the same evidence, byte by byte, in whatever order its parts come. */
class NarrativeTest {
    private static final List<String> FACTS = List.of(
            "host",
            "container",
            "account",
            "process",
            "operation",
            "user",
            "actor",
            "parent",
            "command",
            "service",
            "activity",
            "target_user",
            "file",
            "query",
            "source",
            "destination");

    private static String word(Random random) {
        var letters = "abcdeäß漢\u202e\n`\\ \"";
        var text = new StringBuilder();
        for (int n = random.nextInt(1, 12); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static Evidence evidence(Random random) {
        var facts = new LinkedHashMap<String, String>();
        for (String fact : FACTS) {
            if (random.nextInt(3) == 0) {
                facts.put(fact, word(random));
            }
        }
        var matches = new ArrayList<Match>();
        for (int n = random.nextInt(7); n > 0; n--) {
            matches.add(new Match(
                    random.nextInt(4) == 0 ? "*" : word(random), word(random), "selection" + n, word(random)));
        }
        return new Evidence(
                new EventId(random.nextLong(), random.nextLong()),
                Detections.TIME.plus(Duration.ofMillis(random.nextInt(3) * 1_000L)),
                matches,
                facts);
    }

    /** Other objects with the same content, in another order. */
    private static Evidence shuffled(Evidence one, Random random) {
        var matches = new ArrayList<>(one.matches());
        Collections.shuffle(matches, random);
        var names = new ArrayList<>(one.facts().keySet());
        Collections.shuffle(names, random);
        var facts = new LinkedHashMap<String, String>();
        names.forEach(name -> facts.put(name, one.facts().getOrDefault(name, "")));
        return new Evidence(one.event(), one.time(), matches, facts);
    }

    @Test
    void theSameIsToldInAnyOrder() {
        var random = new Random(Seed.of("NarrativeTest").value());
        var told = new java.util.HashSet<String>();
        for (int i = 0; i < 2_000; i++) {
            var evidence = new ArrayList<Evidence>();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                evidence.add(evidence(random));
            }
            var rule = Detections.rule("r" + i % 5, "high");
            var narrative = Narrative.of(rule, evidence, evidence.size());
            told.add(narrative);
            for (int again = 0; again < 3; again++) {
                var other = new ArrayList<>(
                        evidence.stream().map(one -> shuffled(one, random)).toList());
                Collections.shuffle(other, random);
                assertThat(Narrative.of(rule, other, other.size())).isEqualTo(narrative);
            }
        }
        assertThat(told).as("they are not all the same").hasSizeGreaterThan(1_000);
    }

    /** Whoever changes what is told has to give it another version. */
    @Test
    void whatIsToldChangesWithItsVersionOnly() {
        var one = new Evidence(
                new EventId(1, 1),
                Detections.TIME,
                List.of(
                        new Match("process.name", "powershell.exe", "selection", "*\\powershell.exe"),
                        new Match("process.cmd_line", "powershell -enc SQBFAFgA", "selection", "*-enc*")),
                java.util.Map.of("host", "ws-1", "process", "powershell.exe", "user", "alice"));
        assertThat(AlertDetail.NARRATIVE_VERSION + ": " + Narrative.of(Detections.rule("r", "high"), List.of(one), 1))
                .isEqualTo("2: At 2026-03-01 10:00:00 UTC on ws-1, powershell.exe run by alice matched “Encoded"
                        + " PowerShell r” because process.cmd_line is `powershell -enc SQBFAFgA` (the rule looks for"
                        + " `*-enc*`) and process.name is `powershell.exe` (the rule looks for `*\\powershell.exe`).");
    }
}
