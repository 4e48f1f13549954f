package io.marsad.soc.report;

import io.marsad.soc.decision.Ruling;
import io.marsad.soc.decision.service.Settings;
import io.marsad.soc.decision.service.ThresholdPreview.Change;
import io.marsad.soc.record.Tuning;
import io.marsad.soc.report.ThresholdAdvice.Suggested;
import io.marsad.soc.report.WeeklyReport.Counts;
import io.marsad.soc.report.WeeklyReport.Lane;
import io.marsad.soc.report.WeeklyReport.ModelUse;
import io.marsad.soc.report.WeeklyReport.RuleRow;
import io.marsad.soc.report.WeeklyReport.Times;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The report as a document; byte for byte the same for the same report. Numbers are written in no locale. */
public final class ReportMarkdown {
    private static final Set<Tuning.Lane> LOUD =
            Set.of(Tuning.Lane.DISABLE, Tuning.Lane.SUPPRESS, Tuning.Lane.THRESHOLD);
    private static final int SECOND = 1_000;

    private final StringBuilder text = new StringBuilder(8_192);

    private ReportMarkdown() {}

    /** What rules and people have written is escaped: it is text and never markup. */
    public static String of(WeeklyReport report) {
        var to = new ReportMarkdown();
        to.line("# Decisions in week " + report.week());
        to.line("");
        to.line("From " + report.week().from() + " to " + report.week().to()
                + " (UTC, the end exclusive), with what people have made of it by now."
                + (report.complete() ? "" : " **The week is not over.**"));
        to.decided(report.decided());
        to.closed(report.closed());
        to.rules(report.rules());
        to.tunings(report.rules());
        to.thresholds(report.thresholds());
        to.model(report.model());
        return to.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void section(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void header(String... columns) {
        row((Object[]) columns);
        line("|---".repeat(columns.length) + "|");
    }

    private void row(Object... cells) {
        for (Object cell : cells) {
            text.append("| ").append(cell).append(' ');
        }
        line("|");
    }

    private void decided(WeeklyReport.Decided decided) {
        section("What was decided");
        if (decided.lanes().isEmpty()) {
            line("Nothing, in this week and the one before. Here would stand how many alerts were escalated, closed or"
                    + " left to a person, by which rule, beside the week before, and how often people changed that.");
            return;
        }
        header("Decision", "Alerts", "Week before", "Looked at by people", "Changed", "Override rate");
        for (Ruling ruling : Ruling.values()) {
            counted(word(ruling), decided, ruling);
        }
        counted("all", decided, null);
        line("");
        header("By", "Decision", "Alerts", "Week before", "Looked at by people", "Changed", "Override rate");
        for (Lane lane : decided.lanes()) {
            row(
                    safe(lane.name()),
                    word(lane.ruling()),
                    lane.count(),
                    lane.before(),
                    lane.lookedAt(),
                    lane.changed(),
                    lane.overridden());
        }
        line("");
        line("Looked at: a person overrode the decision or gave a verdict on the alert. Changed: their last word is"
                + " another decision.");
        line("");
        line("From the alert to its decision: " + times(decided.times()) + "; in the week before: "
                + times(decided.timesBefore()) + ".");
    }

    private void counted(String name, WeeklyReport.Decided decided, @Nullable Ruling ruling) {
        row(
                name,
                decided.sum(ruling, Lane::count),
                decided.sum(ruling, Lane::before),
                decided.sum(ruling, Lane::lookedAt),
                decided.sum(ruling, Lane::changed),
                decided.overridden(ruling));
    }

    private static String times(@Nullable Times times) {
        return times == null
                ? "nothing was decided"
                : "median " + span(times.median()) + ", 95 of 100 within " + span(times.p95()) + ", at most "
                        + span(times.most());
    }

    private static String span(long millis) {
        return millis < SECOND
                ? millis + " ms"
                : millis < Duration.ofMinutes(2).toMillis()
                        ? BigDecimal.valueOf(millis, 3).toPlainString() + " s"
                        : Duration.ofMillis(millis).toMinutes() + " min";
    }

    private void closed(WeeklyReport.Closed closed) {
        section("What was closed without a person");
        if (closed.closed() + closed.sampled() == 0) {
            line("Nothing. When closing is on, some of what would be closed stays open to be checked; what these checks"
                    + " say of all that was closed would stand here.");
            return;
        }
        line("- Closed: " + closed.closed() + ", of which found to be attacks since: " + closed.closedAttacks());
        line("- Left open to be checked: " + closed.sampled());
        line("- Judged: " + closed.judged() + "; attacks among them: " + closed.missed());
        line(
                closed.judged() == 0
                        ? "- Nobody has judged one: any of the " + closed.closed() + " closed may have been wrong."
                        : "- So at most " + closed.atMost() + " of the " + closed.closed()
                                + " closed were attacks (upper end of the interval).");
    }

    private void rules(WeeklyReport.Rules rules) {
        section("Rules, by what they cost people");
        if (rules.all() == 0) {
            line("No rule fired in " + WeeklyReport.DAYS + " days. Each that does would stand here with how many of its"
                    + " alerts were false.");
            return;
        }
        header(
                "Rule",
                "Title",
                "Alerts",
                "Attacks",
                "Benign",
                "False",
                "In " + WeeklyReport.DAYS + " days",
                "False of these judged",
                "False alerts in the week");
        for (RuleRow one : rules.shown()) {
            var cost = one.falseAlerts();
            rule(safe(name(one)), safe(one.title()), one.week(), one.days(), cost == null ? "-" : cost.toPlainString());
        }
        if (rules.all() > rules.shown().size()) {
            long others = rules.all() - rules.shown().size();
            rule(others + " others", "", rules.othersInWeek(), rules.others(), "");
        }
        rule("all", "", rules.week(), rules.days(), "");
        line("");
        line("False alerts in the week: its alerts times the rate of " + WeeklyReport.DAYS
                + " days. Only verdicts of people count; without any it is not measured.");
    }

    private void rule(String name, String title, Counts week, Counts days, String cost) {
        var outcomes = week.outcomes();
        row(
                name,
                title,
                week.fired(),
                outcomes.truePositives(),
                outcomes.benign(),
                outcomes.falsePositives(),
                days.fired(),
                days.falsePositives(),
                cost);
    }

    private static String name(RuleRow one) {
        return one.version().version().isEmpty()
                ? one.version().ruleId()
                : one.version().ruleId() + '@' + one.version().version();
    }

    private void tunings(WeeklyReport.Rules rules) {
        section("Rules to be tuned");
        var loud = rules.shown().stream()
                .filter(one -> LOUD.contains(one.tuning().lane()))
                .toList();
        if (loud.isEmpty()) {
            line("None: no rule has at least a tenth false of at least 20 judged.");
        }
        for (RuleRow one : loud) {
            line("- **" + one.tuning().lane().word() + "** " + safe(name(one)) + " " + safe(one.title()) + ": "
                    + one.tuning().why());
        }
    }

    private void thresholds(ThresholdAdvice advice) {
        section("Thresholds");
        var now = advice.now().thresholds();
        line("In force: escalate from " + plain(now.escalate()) + ", close up to " + plain(now.close())
                + (closes(advice.now()) ? "" : " (closing is off)") + ", model at least " + plain(now.model()) + ".");
        line("");
        line("Tried on " + advice.looked() + " of " + advice.decided()
                + " decisions of the 30 days before the week's end, " + advice.judged() + " of them judged. "
                + ThresholdAdvice.CRITERION);
        line("");
        for (Suggested one : advice.suggested()) {
            line("- **" + one.name().word() + " from " + plain(one.from()) + " to " + plain(one.to()) + "**"
                    + (one.thresholds().autoClose() && !now.autoClose() ? ", with closing switched on" : "") + ": "
                    + one.why());
            for (Change change : one.effect().changes()) {
                line("  - " + word(change.from()) + " → " + word(change.to()) + ": " + change.alerts() + " ("
                        + change.truePositives() + " attacks, " + change.benign() + " benign, "
                        + change.falsePositives() + " false)");
            }
        }
        advice.notSuggested().forEach(one -> line("- " + one.name().word() + ": nothing is suggested; " + one.why()));
    }

    private static boolean closes(Settings settings) {
        return settings.inForce().autoClose();
    }

    private void model(List<ModelUse> model) {
        section("Model");
        if (model.isEmpty()) {
            line("None was asked.");
            return;
        }
        header("Model", "Prompt", "Asked", "Answered", "Failed", "Over budget", "Tokens", "Decided", "Override rate");
        for (ModelUse one : model) {
            row(
                    one.model().isEmpty() ? "unknown" : safe(one.model()),
                    safe(one.promptVersion()),
                    one.calls(),
                    one.said(),
                    one.failed(),
                    one.overBudget(),
                    one.tokens(),
                    one.verdicts(),
                    one.overridden());
        }
    }

    private static String word(Ruling ruling) {
        return ruling.word().replace('_', ' ');
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String safe(String text) {
        return text.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\`*_{}\\[\\]<>#|!~])", "\\\\$1");
    }
}
