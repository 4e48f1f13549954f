package io.marsad.store.query.lists;

import io.marsad.kernel.content.ContentException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of comma-separated values (RFC 4180), one after the other, each with the line where it starts. One thread. */
final class Csv {
    private final String file;
    private final String text;
    private int at;
    private int line = 1;
    private int started = 1;

    Csv(String file, String text) {
        this.file = file;
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Where the last record starts, from 1. */
    int line() {
        return started;
    }

    /** The next record, or null behind the last; blank lines are passed over. */
    @Nullable
    List<String> next() throws ContentException {
        while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
            newLine();
        }
        if (at >= text.length()) {
            return null;
        }
        started = line;
        var cells = new ArrayList<String>();
        while (true) {
            cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return cells;
            }
            if (text.charAt(at) == ',') {
                at++;
            } else {
                newLine();
                return cells;
            }
        }
    }

    private void newLine() {
        if (text.charAt(at) == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
            at++;
        }
        at++;
        line++;
    }

    private String plain() {
        int from = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at).strip();
    }

    private String quoted() throws ContentException {
        var cell = new StringBuilder();
        at++;
        while (true) {
            if (at >= text.length()) {
                throw new ContentException(file, started, "a value that begins with \" has no end");
            }
            char c = text.charAt(at++);
            if (c != '"') {
                line += c == '\n' ? 1 : 0;
                cell.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                cell.append('"');
                at++;
            } else {
                break;
            }
        }
        if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            throw new ContentException(file, line, "a comma or the line's end is expected behind a value in \"");
        }
        return cell.toString();
    }
}
