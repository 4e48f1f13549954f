package io.marsad.soc.cases;

import io.marsad.kernel.event.EventId;
import io.marsad.soc.cases.CaseAct.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** What an act was for each of its cases, in words for the history. */
final class CaseWords {
    private CaseWords() {}

    /** Whoever did something, as people call them: parts of the platform by what they do. */
    static String person(String actor) {
        return actor.startsWith("system:") ? actor.substring("system:".length()).replace('-', ' ') : actor;
    }

    /**
     * Entries by their action, in order.
     *
     * @param numbers of the cases
     */
    static Map<String, String> lines(CaseAct act, EventId kase, Map<EventId, Long> numbers, String comment) {
        var lines = new LinkedHashMap<String, String>();
        long came = act.moves().stream().filter(m -> kase.equals(m.to())).count();
        long went = act.moves().stream().filter(m -> kase.equals(m.from())).count();
        var others = new TreeSet<String>();
        act.cases().stream()
                .filter(other -> !other.equals(kase))
                .forEach(other -> others.add("#" + numbers.getOrDefault(other, 0L)));
        var named = String.join(", ", others);
        boolean isMain = kase.equals(act.kase());
        var what = switch (act.kind()) {
            case OPENED -> "with " + alerts(came);
            case GROUPED, LINKED ->
                isMain
                        ? alerts(came) + " came in" + (named.isEmpty() ? "" : " from " + named)
                        : alerts(went) + " went to " + named;
            case UNLINKED -> alerts(went) + " taken out";
            case MERGED ->
                isMain
                        ? named + " became part of it, with " + alerts(came)
                        : "became part of #" + numbers.getOrDefault(act.kase(), 0L) + ", with " + alerts(went);
            case SPLIT ->
                isMain
                        ? alerts(went) + " became " + named
                        : alerts(came) + " of #" + numbers.getOrDefault(act.kase(), 0L);
            case MOVED -> status(act, kase);
            case UNDONE -> undone(came, went, named);
        };
        lines.put(action(act, kase), what + (comment.isEmpty() ? "" : ": " + comment));
        return lines;
    }

    /** As the history has it: ways through the lifecycle by where they lead. */
    private static String action(CaseAct act, EventId kase) {
        if (act.kind() != Kind.MOVED) {
            return act.kind().word();
        }
        for (var shift : act.shifts()) {
            var before = shift.before();
            if (shift.kase().equals(kase) && before != null) {
                boolean isBack =
                        !before.status().active() && shift.after().status().active();
                return isBack ? "reopened" : shift.after().status().word();
            }
        }
        return act.kind().word();
    }

    private static String status(CaseAct act, EventId kase) {
        for (var shift : act.shifts()) {
            var before = shift.before();
            if (shift.kase().equals(kase) && before != null) {
                return "from " + before.status().word() + " to "
                        + shift.after().status().word();
            }
        }
        return "";
    }

    private static String undone(long came, long went, String named) {
        var way = came > 0 && went > 0
                ? alerts(came) + " back, " + alerts(went) + " gone"
                : came > 0 ? alerts(came) + " back" : alerts(went) + " gone";
        return "the last act undone: " + way + (named.isEmpty() ? "" : " (with " + named + ")");
    }

    static String alerts(long count) {
        return count == 1 ? "1 alert" : count + " alerts";
    }
}
