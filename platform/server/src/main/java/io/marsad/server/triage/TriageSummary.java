package io.marsad.server.triage;

import io.marsad.soc.decision.Ruling;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What a run has come to. */
public final class TriageSummary {
    private final Map<Ruling, Integer> rulings = new EnumMap<>(Ruling.class);
    private int decided;
    private int models;
    private int unexpected;
    private int faults;

    TriageSummary() {}

    void add(OfflineTriage.Result result) {
        decided++;
        rulings.merge(result.decision().ruling(), 1, Integer::sum);
        models += result.decision().judgeAsked() ? 1 : 0;
        unexpected += result.broken().isEmpty() ? 0 : 1;
    }

    void fault() {
        faults++;
    }

    int decided() {
        return decided;
    }

    int of(Ruling ruling) {
        return rulings.getOrDefault(ruling, 0);
    }

    /** How often a model was asked. */
    int models() {
        return models;
    }

    int unexpected() {
        return unexpected;
    }

    int faults() {
        return faults;
    }

    /** Whether everything was read and decided as expected. */
    public boolean sound() {
        return faults == 0 && unexpected == 0;
    }

    /** In one line. */
    String text() {
        return String.format(
                Locale.ROOT,
                "%d decided: %d escalate, %d auto_close, %d human_review; a model was asked %d times%s%s",
                decided,
                of(Ruling.ESCALATE),
                of(Ruling.AUTO_CLOSE),
                of(Ruling.HUMAN_REVIEW),
                models,
                unexpected == 0 ? "" : "; " + unexpected + " NOT AS EXPECTED",
                faults == 0 ? "" : "; " + faults + " could not be read");
    }
}
