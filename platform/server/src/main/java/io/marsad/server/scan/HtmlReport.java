package io.marsad.server.scan;

import io.marsad.ingest.scan.Finding;
import io.marsad.ingest.scan.ScanResult;
import io.marsad.sigma.Level;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page that needs nothing else: no script, nothing fetched, and a policy that forbids both, as what it shows is an
 * attacker's. Light and dark as the reader's system is; prints.
 */
final class HtmlReport implements Report {
    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
            <title>Marsad scan</title><style>
            :root{color-scheme:light dark;--bg:#fff;--text:#1b2430;--dim:#5b6776;--line:#d9dfe6;--panel:#f5f7f9;
            --critical:#a4133c;--high:#b4470a;--medium:#7a5c00;--low:#1f5f8b;--informational:#5b6776}
            @media (prefers-color-scheme:dark){:root{--bg:#11161c;--text:#e4e9ef;--dim:#9aa7b5;--line:#2b3540;
            --panel:#19212a;--critical:#ff7c9c;--high:#ffab70;--medium:#e8c45a;--low:#7cc0f0;--informational:#9aa7b5}}
            *{box-sizing:border-box}body{margin:0 auto;max-width:90rem;padding:1.5rem;background:var(--bg);color:var(--text);
            font:15px/1.5 system-ui,sans-serif}h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}
            p{color:var(--dim);margin:.3rem 0}table{border-collapse:collapse;width:100%}th{text-align:start;color:var(--dim);
            font-weight:600}th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
            td{overflow-wrap:anywhere}td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}
            code{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap}time{white-space:nowrap}
            .level{font-weight:600;white-space:nowrap}.critical{color:var(--critical)}.high{color:var(--high)}
            .medium{color:var(--medium)}.low{color:var(--low)}.informational{color:var(--informational)}
            .sums{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0;padding:0;list-style:none}
            .sums li{background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .9rem}
            .sums b{display:block;font-size:1.3rem}dl{margin:.3rem 0 0;display:grid;grid-template-columns:max-content 1fr;
            gap:.1rem .8rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}summary{cursor:pointer;color:var(--dim)}
            @media print{details{display:block}}
            </style></head><body>
            """;

    @Override
    public void write(ScanResult result, Appendable out) throws IOException {
        var summary = Summary.of(result);
        out.append(HEAD).append("<header><h1>Marsad scan</h1><p>");
        out.append(TableReport.totals(result, summary)).append("</p></header>\n<ul class=\"sums\">");
        for (int i = Level.values().length - 1; i >= 0; i--) {
            var level = Level.values()[i];
            out.append("<li><b class=\"").append(level.text()).append("\">");
            out.append(Long.toString(summary.levels().getOrDefault(level, 0L)))
                    .append("</b>")
                    .append(level.text());
            out.append("</li>");
        }
        out.append("</ul>\n<main>");
        block("Rules", "Hosts", summary.rules(), out);
        block("Hosts", "Rules", summary.hosts(), out);
        block("ATT&CK techniques", "Rules", summary.techniques(), out);
        findings(result.findings(), out);
        unread(result.unread(), out);
        out.append("</main></body></html>\n");
    }

    private static void block(String title, String others, List<Summary.Line> lines, Appendable out)
            throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        out.append("<section><h2>");
        text(title, out);
        out.append(
                "</h2><div class=\"scroll\"><table><thead><tr><th>Name<th>Level<th class=\"n\">Detections<th class=\"n\">");
        out.append(others).append("</tr></thead><tbody>\n");
        for (Summary.Line line : lines) {
            out.append("<tr><td>");
            text(line.name(), out);
            level(line.level(), out);
            out.append("<td class=\"n\">").append(Long.toString(line.count()));
            out.append("<td class=\"n\">")
                    .append(Integer.toString(line.others()))
                    .append("</tr>\n");
        }
        out.append("</tbody></table></div></section>\n");
    }

    private static void level(Level level, Appendable out) throws IOException {
        out.append("<td class=\"level ").append(level.text()).append("\">").append(level.text());
    }

    private static void findings(List<Finding> findings, Appendable out) throws IOException {
        if (findings.isEmpty()) {
            return;
        }
        out.append(
                "<section><h2>Detections</h2><div class=\"scroll\"><table><thead><tr><th>Time<th>Level<th>Rule<th>Host");
        out.append("<th>Event</tr></thead><tbody>\n");
        for (Finding finding : findings) {
            var event = finding.event();
            out.append("<tr><td><time>")
                    .append(Instant.ofEpochMilli(event.time()).toString())
                    .append("</time>");
            level(finding.rule().level(), out);
            out.append("<td>");
            text(finding.rule().title(), out);
            evidence(finding, out);
            out.append("<td>");
            text(event.host() == null ? "" : event.host(), out);
            out.append("<td><code>");
            text(event.place().file(), out);
            out.append(" #").append(Long.toString(event.place().index())).append("</code></tr>\n");
        }
        out.append("</tbody></table></div></section>\n");
    }

    private static void evidence(Finding finding, Appendable out) throws IOException {
        out.append("<details><summary>Evidence</summary><dl>");
        for (Finding.Matched matched : finding.matched()) {
            out.append("<dt>");
            text(matched.field().isEmpty() ? "anywhere" : matched.field(), out);
            out.append("<dd><code>");
            text(matched.value() == null ? "(absent)" : matched.value(), out);
            out.append("</code>");
        }
        term("Event", finding.event().channel(), finding.event().eventId(), out);
        term("ATT&CK", String.join(" ", Attack.techniques(finding.rule())), null, out);
        term("Rule", finding.rule().id(), null, out);
        if (!finding.members().isEmpty()) {
            out.append("<dt>Events<dd>");
            for (Finding.Place place : finding.members()) {
                text(place.file(), out);
                out.append(" #").append(Long.toString(place.index())).append("<br>");
            }
        }
        out.append("</dl></details>");
    }

    private static void term(String name, @Nullable String value, @Nullable String more, Appendable out)
            throws IOException {
        if (value == null || value.isEmpty()) {
            return;
        }
        out.append("<dt>");
        text(name, out);
        out.append("<dd>");
        text(more == null ? value : value + " " + more, out);
    }

    private static void unread(List<ScanResult.Unread> unread, Appendable out) throws IOException {
        if (unread.isEmpty()) {
            return;
        }
        out.append("<section><h2>Could not be read</h2><div class=\"scroll\"><table><thead><tr><th>File<th>Reason");
        out.append("<th class=\"n\">Times</tr></thead><tbody>\n");
        for (ScanResult.Unread one : unread) {
            out.append("<tr><td>");
            text(one.file(), out);
            out.append("<td>");
            text(one.reason(), out);
            out.append("<td class=\"n\">").append(Long.toString(one.count())).append("</tr>\n");
        }
        out.append("</tbody></table></div></section>\n");
    }

    /** Text that stays text, whatever it holds; characters that turn lines around or that HTML does not have are shown as such. */
    private static void text(String value, Appendable out) throws IOException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\r', '\t' -> out.append(' ');
                default -> {
                    boolean pair = Character.isHighSurrogate(c)
                            && i + 1 < value.length()
                            && Character.isLowSurrogate(value.charAt(i + 1));
                    if (pair) {
                        out.append(c).append(value.charAt(++i));
                    } else if (Character.isISOControl(c)
                            || Character.isSurrogate(c)
                            || Character.getType(c) == Character.FORMAT
                            || c >= '\uFFFE') {
                        out.append('\uFFFD');
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
