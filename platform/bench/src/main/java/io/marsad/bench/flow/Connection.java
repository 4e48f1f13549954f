package io.marsad.bench.flow;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection that posts; costs its machine next to nothing. One thread uses it. */
final class Connection implements AutoCloseable {
    private final URI base;
    private final String token;
    private final byte[] in = new byte[64 << 10];
    private @Nullable Socket socket;

    Connection(URI base, String token) {
        this.base = base;
        this.token = token;
    }

    /** What was answered. */
    record Answer(int status, int retryAfterSeconds, String body) {}

    /**
     * Sends a batch and waits for the answer.
     *
     * @param key idempotency key, or null
     */
    Answer post(Batch batch, @Nullable String key, boolean ids) throws IOException {
        var path = "/v1/ingest/batch?source_format=" + batch.format() + "&connector_id=bench-" + batch.origin()
                + (ids ? "&ids=true" : "");
        return post(path, "application/x-ndjson", key, batch.body());
    }

    /** Sends JSON and waits for the answer. */
    Answer post(String path, byte[] json) throws IOException {
        return post(path, "application/json", null, json);
    }

    private Answer post(String path, String type, @Nullable String key, byte[] body) throws IOException {
        var head = "POST " + path + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: " + type + "\r\n"
                + (key == null ? "" : "Idempotency-Key: " + key + "\r\n")
                + "Content-Length: " + body.length + "\r\n\r\n";
        boolean whole = false;
        try {
            var open = socket();
            var out = open.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            var answer = read(open.getInputStream());
            whole = true;
            return answer;
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    private Socket socket() throws IOException {
        var open = socket;
        if (open == null) {
            open = new Socket(base.getHost(), base.getPort());
            open.setTcpNoDelay(true);
            open.setSoTimeout(60_000);
            socket = open;
        }
        return open;
    }

    private Answer read(InputStream from) throws IOException {
        int size = 0;
        int end = -1;
        while (end < 0) {
            size += more(from, size);
            end = blankLine(size);
        }
        var head = new String(in, 0, end, StandardCharsets.ISO_8859_1);
        int length = number(head, "content-length", 0);
        while (size < end + 4 + length) {
            size += more(from, size);
        }
        if (head.toLowerCase(Locale.ROOT).contains("connection: close")) {
            close();
        }
        return new Answer(
                Integer.parseInt(head.substring(9, 12)),
                number(head, "retry-after", 1),
                new String(in, end + 4, length, StandardCharsets.UTF_8));
    }

    private int more(InputStream from, int size) throws IOException {
        int n = from.read(in, size, in.length - size);
        if (n <= 0) {
            throw new EOFException("the answer ended early");
        }
        return n;
    }

    private int blankLine(int size) {
        for (int i = 3; i < size; i++) {
            if (in[i] == '\n' && in[i - 2] == '\n') {
                return i - 3;
            }
        }
        return -1;
    }

    private static int number(String head, String name, int otherwise) {
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return Integer.parseInt(line.substring(name.length() + 1).strip());
            }
        }
        return otherwise;
    }

    @Override
    public void close() throws IOException {
        var open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
