package io.marsad.server.client;

import java.io.PrintStream;
import java.util.Locale;

/** What a person at a terminal sees: lines, and one line that moves while something long is going on. */
public final class Terminal {
    private static final int BAR = 28;

    private final PrintStream out;
    private final boolean interactive;
    private boolean moving;

    public Terminal(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    /** Fit for a terminal: cut to a length, with dots for characters that would steer it. */
    public static String plain(String text, int most) {
        var shown = text.length() > most ? text.substring(0, most - 1) + "…" : text;
        var out = new StringBuilder(shown.length());
        shown.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean steers = Character.isISOControl(c) || type == Character.FORMAT || type == Character.SURROGATE;
            out.appendCodePoint(steers ? '.' : c);
        });
        return out.toString();
    }

    public synchronized void line(String text) {
        if (moving) {
            out.print("\r\033[K");
            moving = false;
        }
        out.println(text);
    }

    /** A bar for a known whole; shown only where somebody watches. */
    public synchronized void progress(double done, String text) {
        if (!interactive) {
            return;
        }
        int filled = (int) Math.round(Math.clamp(done, 0, 1) * BAR);
        out.print("\r\033[K  [" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + text);
        out.flush();
        moving = true;
    }

    /** Takes the moving line away. */
    public synchronized void clear() {
        if (moving) {
            out.print("\r\033[K");
            out.flush();
            moving = false;
        }
    }

    /** Colours a severity where colours are understood. */
    public String severity(String level) {
        var padded = String.format(Locale.ROOT, "%-13s", level);
        if (!interactive) {
            return padded;
        }
        var colour = switch (level) {
            case "critical" -> "1;31";
            case "high" -> "31";
            case "medium" -> "33";
            case "low" -> "36";
            default -> "37";
        };
        return "\033[" + colour + "m" + padded + "\033[0m";
    }
}
