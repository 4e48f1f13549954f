package io.marsad.api.decisions;

import io.marsad.api.http.Exchange;
import io.marsad.api.http.Route;
import io.marsad.soc.report.ReportMarkdown;
import io.marsad.soc.report.Reports;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a week of decisions says, as data or as a document; always of the caller's tenant. */
public final class ReportRoutes {
    private static final String MARKDOWN = "text/markdown";

    private final Reports reports;

    public ReportRoutes(Reports reports) {
        this.reports = reports;
    }

    public List<Route> routes() {
        return List.of(new Route("getDecisionReport", this::report));
    }

    private void report(Exchange exchange) {
        var report = reports.of(exchange.query("week"));
        if (wantsMarkdown(exchange.header("Accept"))) {
            exchange.header("Content-Disposition", "inline; filename=\"decisions-" + report.week() + ".md\"");
            exchange.text(200, MARKDOWN + "; charset=utf-8", ReportMarkdown.of(report));
        } else {
            exchange.json(200, to -> ReportJsons.report(to, report));
        }
    }

    /** JSON is what everybody gets who does not name the other. */
    private static boolean wantsMarkdown(@Nullable String accept) {
        return accept != null && accept.toLowerCase(Locale.ROOT).contains(MARKDOWN);
    }
}
