package io.marsad.soc.decision;

import io.marsad.soc.alert.Confidence;
import io.marsad.soc.alert.Severity;
import io.marsad.soc.intel.IntelResult;
import io.marsad.soc.intel.RiskLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be true, whoever wants it, before an alert is closed without a person: the second key. It rests on facts
 * alone, never on what a judge says.
 */
final class CloseGuard {
    private CloseGuard() {}

    /** Why the alert is not closed without a person; empty when it may be. */
    static List<String> objections(
            SubmittedAlert alert, IntelResult intel, Confidence confidence, List<String> signs, Thresholds thresholds) {
        var objections = new ArrayList<String>();
        if (!thresholds.autoClose()) {
            objections.add("closing without a person is switched off");
        }
        if (alert.severity().compareTo(Severity.HIGH) >= 0) {
            objections.add("the severity is " + alert.severity().word());
        }
        if (intel.signals().isEmpty()) {
            objections.add("no source knows the indicator, and that is not the same as clean");
        }
        var medium = RiskLevel.MEDIUM.from();
        if (intel.confidence().compareTo(medium) >= 0 || confidence.fraction().compareTo(medium) >= 0) {
            objections.add("the confidence is not below " + medium);
        }
        intel.sourcesAt(RiskLevel.HIGH).forEach(source -> objections.add(source + " alone rates it high"));
        if (alert.context().critical()) {
            objections.add("an important system or account is concerned");
        }
        if (!signs.isEmpty()) {
            objections.add("the alert has text that speaks to a model (" + String.join(", ", signs) + ")");
        }
        return List.copyOf(objections);
    }
}
