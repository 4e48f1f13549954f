package io.marsad.soc.intel;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * What all sources together say of an indicator; the same for any order of the answers.
 *
 * @param confidence that it is bad, 0 to 1 with four decimals ({@link Fusion}); 0 when nothing is known
 * @param signals of all answers, in {@link Signal#ORDER}
 * @param reasons in words, a source after the other
 * @param answers by the names of their sources
 */
public record IntelResult(
        Indicator indicator,
        BigDecimal confidence,
        RiskLevel level,
        List<Signal> signals,
        List<String> reasons,
        List<IntelAnswer> answers) {
    /** @throws IllegalArgumentException when a source answers twice */
    public static IntelResult of(Indicator indicator, List<IntelAnswer> answers) {
        var sorted = answers.stream()
                .sorted(Comparator.comparing(IntelAnswer::source))
                .toList();
        var sources = new HashSet<String>();
        var signals = new ArrayList<Signal>();
        var reasons = new ArrayList<String>();
        for (IntelAnswer answer : sorted) {
            if (!sources.add(answer.source())) {
                throw new IllegalArgumentException(answer.source() + " answers twice");
            }
            signals.addAll(answer.signals());
            reasons.addAll(reasons(answer));
        }
        var confidence = Fusion.confidence(signals);
        return new IntelResult(
                indicator, confidence, RiskLevel.of(confidence), List.copyOf(signals), List.copyOf(reasons), sorted);
    }

    private static List<String> reasons(IntelAnswer answer) {
        var reasons = new ArrayList<String>();
        switch (answer.state()) {
            case FAILED -> reasons.add(answer.source() + " failed: " + answer.failure());
            case NOT_FOUND -> {
                reasons.add(answer.source() + " does not know it");
                answer.notes().forEach(note -> reasons.add(answer.source() + ": " + note));
            }
            case FOUND -> {
                if (answer.signals().isEmpty()) {
                    reasons.add(answer.source() + " says nothing that counts");
                }
                for (Signal signal : answer.signals()) {
                    reasons.add(signal.source() + ": " + signal.field() + " is " + signal.value() + ", " + signal.norm()
                            + " × " + signal.weight());
                }
                answer.notes().forEach(note -> reasons.add(answer.source() + ": " + note));
            }
        }
        answer.faults().forEach(fault -> reasons.add(answer.source() + ": could not read that " + fault));
        return reasons;
    }

    /** Who was asked. */
    public List<String> sourcesQueried() {
        return answers.stream().map(IntelAnswer::source).toList();
    }

    /** Who has not answered. */
    public List<String> sourcesFailed() {
        return answers.stream()
                .filter(answer -> answer.state() == IntelAnswer.State.FAILED)
                .map(IntelAnswer::source)
                .toList();
    }

    /** Whether somebody was asked and nobody answered; a list of our own that does not have it is no answer. */
    public boolean allFailed() {
        return !sourcesFailed().isEmpty()
                && answers.stream()
                        .allMatch(answer -> answer.state() == IntelAnswer.State.FAILED || answer.isUnlisted());
    }

    /** Who alone would make it at least this level. */
    public List<String> sourcesAt(RiskLevel least) {
        return answers.stream()
                .filter(answer -> Fusion.confidence(answer.signals()).compareTo(least.from()) >= 0)
                .filter(answer -> !answer.signals().isEmpty())
                .map(IntelAnswer::source)
                .toList();
    }
}
