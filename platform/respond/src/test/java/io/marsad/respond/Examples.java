package io.marsad.respond;

import io.marsad.kernel.content.ContentException;
import io.marsad.respond.cacao.Playbook;
import io.marsad.respond.cacao.PlaybookReader;
import java.util.List;
import java.util.regex.Pattern;

/** Playbooks for tests, in YAML with short ids: {@code action--3} stands for the whole of it. */
public final class Examples {
    /** Takes every action. */
    public static final PlaybookReader READER = new PlaybookReader(action -> List.of());

    private static final Pattern SHORT = Pattern.compile("\\b([a-z]+(?:-[a-z]+)*--)([0-9]{1,4})\\b(?!-)");

    private Examples() {}

    /** The head of a playbook, and what is given. */
    public static String yaml(String rest) {
        return whole("""
                type: playbook
                spec_version: cacao-2.0
                id: playbook--1
                name: Example
                created_by: identity--1
                created: 2026-11-22T08:00:00.000Z
                modified: 2026-11-22T08:00:00.000Z
                workflow_start: start--1
                agent_definitions:
                  group--1: {type: group, name: SOC}
                  http-api--1: {type: http-api, name: API, address: {url: ["https://api.example"]}}
                """ + rest);
    }

    /** Makes short ids whole. */
    public static String whole(String text) {
        return SHORT.matcher(text)
                .replaceAll(found -> found.group(1) + "00000000-0000-4000-8000-"
                        + "0".repeat(12 - found.group(2).length()) + found.group(2));
    }

    /** One that can be run. */
    public static Playbook playbook(String rest) throws ContentException {
        var reading = READER.read("example.yaml", yaml(rest));
        if (reading.playbook() == null) {
            throw new AssertionError(reading.findings().toString());
        }
        return reading.playbook();
    }
}
