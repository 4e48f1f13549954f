package io.marsad.connect;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 requests to servers that a tenant named: no redirects, no proxy, nothing kept open, bounded in time and size
 * whatever the server does. Certificates are checked against the machine's, and their names against the host's.
 * Thread-safe.
 */
public final class OutboundHttp {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    private final OutboundGuard guard;
    private final SSLSocketFactory tls;
    private final Limits limits;

    /**
     * How far we go with a server.
     *
     * @param connect until it is connected
     * @param whole until all of its answer is there
     * @param bytes of an answer's body
     */
    public record Limits(Duration connect, Duration whole, int bytes) {
        /** 5 s, 15 s, 1 MiB. */
        public static Limits standard() {
            return new Limits(Duration.ofSeconds(5), Duration.ofSeconds(15), 1 << 20);
        }
    }

    /**
     * What came.
     *
     * @param headers by name in lower case; of several with one name the first
     */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        /** As UTF-8. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    public OutboundHttp(OutboundGuard guard, SSLSocketFactory tls, Limits limits) {
        this.guard = guard;
        this.tls = tls;
        this.limits = limits;
    }

    public Answer get(URI uri, Map<String, String> headers) throws IOException {
        return send("GET", uri, headers, null, new Departure());
    }

    /** @param headers with the body's Content-Type */
    public Answer post(URI uri, Map<String, String> headers, byte[] body) throws IOException {
        return send("POST", uri, headers, body, new Departure());
    }

    /**
     * A request of any method, for who has to know whether it may have arrived.
     *
     * @throws OutboundRefused when it is not to be talked to
     * @throws OutboundLost when something of it was sent and no whole answer came
     * @throws IOException when nothing of it was sent
     */
    public Answer exchange(String method, URI uri, Map<String, String> headers, byte @Nullable [] body)
            throws IOException {
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException(method + " is none of " + METHODS);
        }
        var departure = new Departure();
        try {
            return send(method, uri, headers, body, departure);
        } catch (IOException e) {
            throw departure.begun ? new OutboundLost(e) : e;
        }
    }

    /** Whether a request has begun to leave. Of one thread. */
    private static final class Departure {
        private boolean begun;
    }

    /**
     * @throws OutboundRefused when it is not to be talked to
     * @throws SocketTimeoutException when it takes too long
     * @throws IOException when it cannot be reached, says too much or something that is not HTTP
     */
    private Answer send(
            String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Departure departure)
            throws IOException {
        guard.require(uri);
        var head = head(method, uri, headers, body);
        var host = OutboundGuard.unbracketed(uri.getHost());
        var plain = guard.connect(host, OutboundGuard.port(uri), limits.connect);
        var deadline = new Deadline(plain, limits.whole);
        try (plain;
                deadline;
                var socket = "https".equals(uri.getScheme())
                        ? OutboundTls.secure(tls, plain, host, OutboundGuard.port(uri))
                        : plain) {
            socket.setSoTimeout(Math.toIntExact(limits.whole.toMillis()));
            var out = socket.getOutputStream();
            departure.begun = true;
            out.write(head);
            if (body != null) {
                out.write(body);
            }
            out.flush();
            return new HttpReply(new BufferedInputStream(socket.getInputStream()), limits.bytes).read();
        } catch (IOException e) {
            if (deadline.passed()) {
                var late =
                        new SocketTimeoutException(host + " did not answer within " + limits.whole.toSeconds() + " s");
                late.initCause(e);
                throw late;
            }
            throw e;
        }
    }

    private static byte[] head(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var text = new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                .append(" HTTP/1.1\r\n");
        field(text, "Host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        field(text, "User-Agent", "Marsad");
        field(text, "Accept-Encoding", "identity");
        field(text, "Connection", "close");
        headers.forEach((name, value) -> field(text, name, value));
        if (body != null) {
            field(text, "Content-Length", Integer.toString(body.length));
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void field(StringBuilder to, String name, String value) {
        if (!TOKEN.matcher(name).matches() || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("this cannot be the header " + name);
        }
        to.append(name).append(": ").append(value).append("\r\n");
    }
}
