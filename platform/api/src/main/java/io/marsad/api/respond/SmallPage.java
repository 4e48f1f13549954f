package io.marsad.api.respond;

import io.marsad.api.http.Exchange;
import io.marsad.respond.link.ApprovalText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page for who comes by a link and is not signed in: plain HTML, no script, nothing from elsewhere, in the colours of the
 * reader's system. Every text that is put into it is escaped. Not thread-safe.
 */
final class SmallPage {
    private static final String STYLE = """
            :root{color-scheme:light dark;--bg:#f5f7fa;--panel:#fff;--line:#d5dde7;--fg:#17202c;--muted:#4f5d6e;\
            --ok:#0a6640;--bad:#b3122b;--button:#fff}
            @media (prefers-color-scheme:dark){:root{--bg:#0c1016;--panel:#121821;--line:#3a475a;--fg:#e4e9f1;\
            --muted:#9aa6b8;--ok:#5fd39d;--bad:#ff7b86;--button:#0c1016}}
            body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
            main{max-width:44rem;margin:0 auto;padding:1.5rem 1rem 4rem}
            h1{font-size:1.35rem;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
            h2{font-size:1rem;margin:1.4rem 0 .4rem}
            .from{color:var(--muted);margin:0}
            dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.25rem 1rem;margin:0;padding:.8rem 1rem;\
            background:var(--panel);border:1px solid var(--line);border-radius:8px}
            dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
            .mono{font-family:ui-monospace,monospace;font-size:.9em}
            .said{padding:.7rem 1rem;border:2px solid currentColor;border-radius:8px;font-weight:600}
            .ok{color:var(--ok)}.bad{color:var(--bad)}
            textarea{box-sizing:border-box;width:100%;font:inherit;color:inherit;background:var(--panel);\
            border:1px solid var(--muted);border-radius:6px;padding:.5rem}
            label{display:block;margin:.8rem 0}
            button{font:inherit;font-weight:600;padding:.6rem 1.4rem;margin:.3rem .6rem .3rem 0;border-radius:6px;\
            border:1px solid currentColor;background:var(--panel);color:inherit;cursor:pointer}
            button.yes{background:var(--ok);color:var(--button);border-color:var(--ok)}
            button.no{color:var(--bad)}
            :focus-visible{outline:3px solid var(--muted);outline-offset:2px}
            """;
    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final StringBuilder body = new StringBuilder();
    private final String title;

    SmallPage(String title) {
        this.title = title;
        body.append("<p class=\"from\">Marsad</p><h1>").append(escaped(title)).append("</h1>\n");
    }

    /** What happened, or why not. */
    SmallPage said(String text, boolean good) {
        body.append("<p role=\"status\" class=\"said ")
                .append(good ? "ok" : "bad")
                .append("\">");
        body.append(escaped(text)).append("</p>\n");
        return this;
    }

    SmallPage text(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    SmallPage heading(String text) {
        body.append("<h2>").append(escaped(text)).append("</h2>\n");
        return this;
    }

    /** One line of a table. @param value null: there is no such line */
    record Line(String name, @Nullable String value, boolean exact) {}

    SmallPage lines(List<Line> lines) {
        body.append("<dl>");
        for (var one : lines) {
            if (one.value != null) {
                body.append("<dt>").append(escaped(one.name)).append("</dt><dd");
                body.append(one.exact ? " class=\"mono\">" : ">");
                body.append(escaped(one.value)).append("</dd>\n");
            }
        }
        body.append("</dl>\n");
        return this;
    }

    /** A button of a form. @param style {@code yes}, {@code no} or nothing */
    record Choice(String value, String words, String style) {}

    /**
     * What is asked, sent to the page's own address.
     *
     * @param comment what the field for words is called; null: there is none
     * @param check what has to be said to be sure of; null: nothing
     */
    SmallPage form(@Nullable String comment, @Nullable String check, List<Choice> choices) {
        body.append("<form method=\"post\">");
        if (comment != null) {
            body.append("<label>").append(escaped(comment));
            body.append("<textarea name=\"comment\" rows=\"3\" maxlength=\"2000\"></textarea></label>");
        }
        if (check != null) {
            body.append("<label><input type=\"checkbox\" name=\"seen\"> ")
                    .append(escaped(check))
                    .append("</label>");
        }
        for (var one : choices) {
            body.append("<button name=\"say\" value=\"")
                    .append(escaped(one.value))
                    .append("\" class=\"");
            body.append(one.style).append("\">").append(escaped(one.words)).append("</button>");
        }
        body.append("</form>\n");
        return this;
    }

    void send(Exchange exchange, int status) {
        exchange.header("Content-Security-Policy", POLICY);
        exchange.header("X-Robots-Tag", "noindex, nofollow");
        exchange.text(
                status,
                "text/html; charset=utf-8",
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                        + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escaped(title)
                        + " · Marsad</title><style>" + STYLE + "</style></head><body><main>\n" + body
                        + "</main></body></html>\n");
    }

    /** Nothing in it is markup, and nothing is there that cannot be seen. */
    static String escaped(String text) {
        return ApprovalText.visible(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
