package io.marsad.connect;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads one answer (RFC 9112), within bounds; what is said of itself in two ways is refused. */
final class HttpReply {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,7})\\s*(;.*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,10}");
    private static final int MOST_LINE = 16 << 10;
    private static final int MOST_FIELDS = 200;
    private static final int MOST_INTERIM = 10;

    private final InputStream in;
    private final int most;

    /** @param most bytes of the body */
    HttpReply(InputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    OutboundHttp.Answer read() throws IOException {
        for (int i = 0; i < MOST_INTERIM; i++) {
            var match = STATUS.matcher(line());
            if (!match.matches()) {
                throw new IOException("the answer is not HTTP");
            }
            int status = Integer.parseInt(match.group(1));
            var headers = fields();
            if (status >= 200) {
                return new OutboundHttp.Answer(status, Map.copyOf(headers), body(status, headers));
            }
        }
        throw new IOException("the answer does not begin");
    }

    private Map<String, String> fields() throws IOException {
        var fields = new HashMap<String, String>();
        for (int i = 0; i < MOST_FIELDS; i++) {
            var line = line();
            if (line.isEmpty()) {
                return fields;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("the answer's headers are not HTTP");
            }
            var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            var value = line.substring(colon + 1).strip();
            var before = fields.putIfAbsent(name, value);
            boolean framing = name.equals("content-length") || name.equals("transfer-encoding");
            if (framing && before != null && !before.equals(value)) {
                throw new IOException("the answer has two lengths");
            }
        }
        throw new IOException("the answer has more than " + MOST_FIELDS + " headers");
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        var coding = headers.get("transfer-encoding");
        var length = headers.get("content-length");
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked") || length != null) {
                throw new IOException("the answer's transfer coding is not understood");
            }
            return chunks();
        }
        if (length == null) {
            var all = in.readNBytes(most + 1);
            return bounded(all, all.length);
        }
        if (!LENGTH.matcher(length).matches()) {
            throw new IOException("the answer's length is none");
        }
        long announced = Long.parseLong(length);
        bounded(new byte[0], announced);
        var body = in.readNBytes((int) announced);
        if (body.length < announced) {
            throw new EOFException("the answer ended early");
        }
        return body;
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var match = CHUNK.matcher(line());
            if (!match.matches()) {
                throw new IOException("the answer's chunks are not HTTP");
            }
            int size = Integer.parseInt(match.group(1), 16);
            bounded(new byte[0], (long) body.size() + size);
            if (size == 0) {
                fields(); // trailers
                return body.toByteArray();
            }
            var chunk = in.readNBytes(size);
            if (chunk.length < size) {
                throw new EOFException("the answer ended early");
            }
            body.writeBytes(chunk);
            if (!line().isEmpty()) {
                throw new IOException("the answer's chunks are not HTTP");
            }
        }
    }

    private byte[] bounded(byte[] body, long size) throws IOException {
        if (size > most) {
            throw new IOException("the answer is larger than " + most + " bytes");
        }
        return body;
    }

    /** Without its end: a line feed, mostly after a carriage return. */
    private String line() throws IOException {
        var line = new ByteArrayOutputStream(80);
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the answer ended early");
            }
            if (b == '\n') {
                var text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() == MOST_LINE) {
                throw new IOException("the answer has a line longer than " + MOST_LINE + " bytes");
            }
            line.write(b);
        }
    }
}
