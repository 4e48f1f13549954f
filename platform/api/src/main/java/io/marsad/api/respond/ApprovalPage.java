package io.marsad.api.respond;

import io.marsad.respond.link.ApprovalLinks;
import io.marsad.respond.link.ApprovalText;
import io.marsad.respond.service.ActionView;
import io.marsad.soc.alert.AlertReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody is asked to agree to, as a page: everything that they agree to, and what it rests on. */
final class ApprovalPage {
    static final String APPROVE = "approve";
    private static final String REFUSE = "refuse";
    private static final Set<String> RISKY = Set.of("high", "critical");
    private static final int MOST_MATCHES = 8;
    private static final int LONGEST_COMMENT = 2_000;

    private ApprovalPage() {}

    /** Without what is asked. */
    static SmallPage of(ApprovalLinks.Looked looked) {
        var action = looked.action();
        var page = new SmallPage(action.title() + (action.target().isEmpty() ? "" : ": " + action.target()));
        page.text(action.requestedBy() + " asks for this. It is done only if somebody agrees.");
        page.heading("Parameters");
        var parameters = new ArrayList<SmallPage.Line>();
        action.parameters()
                .forEachEntry(
                        (name, value) -> parameters.add(new SmallPage.Line(name, ApprovalText.value(value), true)));
        page.lines(parameters);
        page.heading("What it means");
        page.lines(facts(action));
        var alert = looked.alert();
        if (alert != null) {
            page.heading("What it rests on");
            evidence(page, alert);
        }
        return page;
    }

    private static List<SmallPage.Line> facts(ActionView action) {
        var lines = new ArrayList<SmallPage.Line>();
        lines.add(new SmallPage.Line("A mistake reaches", action.radius(), false));
        lines.add(new SmallPage.Line("Taken back by", action.reverse() == null ? "nothing" : action.reverse(), false));
        lines.add(new SmallPage.Line("Asked because", String.join("; ", action.reasons()), false));
        lines.add(new SmallPage.Line("About", action.aboutTitle(), false));
        lines.add(new SmallPage.Line("Playbook", action.playbookName(), false));
        lines.add(new SmallPage.Line("Step", action.stepName(), false));
        lines.add(
                new SmallPage.Line("Asked at", ApprovalText.time(action.times().requested()), false));
        var expires = action.times().expires();
        lines.add(new SmallPage.Line("Until", expires == null ? null : ApprovalText.time(expires), false));
        for (var one : action.approvals()) {
            lines.add(new SmallPage.Line(one.agrees() ? "Agreed" : "Refused", one.person(), false));
        }
        lines.add(new SmallPage.Line("Hash", action.hash(), true));
        return lines;
    }

    private static void evidence(SmallPage page, AlertReading alert) {
        page.text(alert.alert().severity().word().toUpperCase(Locale.ROOT) + ": "
                + alert.alert().title());
        page.text(alert.narrative());
        var lines = new ArrayList<SmallPage.Line>();
        for (var one : alert.evidence()) {
            one.facts().forEach((name, value) -> {
                var line = new SmallPage.Line(name, value, true);
                if (lines.size() < MOST_MATCHES && !lines.contains(line)) {
                    lines.add(line);
                }
            });
        }
        if (!lines.isEmpty()) {
            page.lines(lines);
        }
    }

    static SmallPage ask(SmallPage page, ActionView action) {
        page.heading("Your answer");
        var check = RISKY.contains(action.radius())
                ? "I have looked at the target and the parameters (needed to approve)"
                : null;
        return page.form(
                "Comment (needed to refuse)",
                check,
                List.of(new SmallPage.Choice(APPROVE, "Approve", "yes"), new SmallPage.Choice(REFUSE, "Refuse", "no")));
    }

    /** Why nothing can be said by this link any more; null: it can. */
    static @Nullable String over(ApprovalLinks.Held held, ActionView action) {
        if (held.used() != null) {
            return "You have answered by this link already. The action is " + status(action) + ".";
        }
        if (!action.status().equals("awaiting_approval")) {
            return "Nobody waits for an answer any more. The action is " + status(action) + ".";
        }
        if (!action.hash().equals(held.hash())) {
            return "Its parameters are not those that you were asked about. Open the console to look again.";
        }
        return action.may().approve() ? null : action.whyNot();
    }

    private static String status(ActionView action) {
        return action.status().replace('_', ' ');
    }

    /** What is wrong with an answer; null: nothing. */
    static @Nullable String fault(Form form, ActionView action) {
        var said = form.text("say");
        if (form.text("comment").length() > LONGEST_COMMENT) {
            return "The comment is longer than " + LONGEST_COMMENT + " characters. Nothing was recorded.";
        }
        if (said.equals(REFUSE)) {
            return form.text("comment").isEmpty() ? "Say why: a refusal needs a comment. Nothing was recorded." : null;
        }
        if (!said.equals(APPROVE)) {
            return "Approve or refuse. Nothing was recorded.";
        }
        return RISKY.contains(action.radius()) && !form.text("seen").equals("on")
                ? "Tick that you have looked at the target and the parameters. Nothing was recorded."
                : null;
    }
}
