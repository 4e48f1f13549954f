package io.marsad.connect.replay;

import io.marsad.connect.OutboundGuard;
import io.marsad.connect.OutboundHttp;
import io.marsad.connect.run.Message;
import io.marsad.connect.run.Transport;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A server of this machine that answers as recorded, and says what was asked otherwise. Thread-safe. */
final class ReplayServer implements Transport, AutoCloseable {
    private static final String ORIGIN = "x-replay-origin";
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int MOST_HEAD = 64 << 10;

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final OutboundHttp http;
    private final URI own;
    private final Object lock = new Object();
    private List<Recording.Request> script = List.of();
    private int next;
    private List<String> faults = new ArrayList<>();

    ReplayServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        threads.execute(this::serve);
        own = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        http = new OutboundHttp(
                new OutboundGuard(List.of(own.toString())),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                new OutboundHttp.Limits(Duration.ofSeconds(10), Duration.ofSeconds(20), 4 << 20));
    }

    /** What has to be asked from now on. */
    void expect(List<Recording.Request> requests) {
        synchronized (lock) {
            script = requests;
            next = 0;
            faults = new ArrayList<>();
        }
    }

    /** What was asked otherwise than recorded, or not at all. */
    List<String> faults() {
        synchronized (lock) {
            var all = new ArrayList<>(faults);
            for (int i = next; i < script.size(); i++) {
                all.add("was not asked: " + script.get(i).method() + " "
                        + script.get(i).url());
            }
            return all;
        }
    }

    @Override
    public OutboundHttp.Answer send(Message message) throws IOException {
        var to = message.uri();
        var query = to.getRawQuery() == null ? "" : "?" + to.getRawQuery();
        var headers = new LinkedHashMap<>(message.headers());
        headers.put(ORIGIN, to.getScheme() + "://" + to.getRawAuthority());
        return http.exchange(message.method(), URI.create(own + to.getRawPath() + query), headers, message.body());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(PATIENCE_MILLIS);
            var recorded = take(asked(new BufferedInputStream(connection.getInputStream())));
            if (recorded == null || !recorded.lost()) {
                connection.getOutputStream().write(answer(recorded));
            }
        } catch (IOException e) {
            synchronized (lock) {
                faults.add("a request could not be read: " + e.getMessage());
            }
        }
    }

    /** One request of our own client: its head, and a body whose length it says. */
    private static Asked asked(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0 || head.size() > MOST_HEAD) {
                throw new EOFException("a head without an end");
            }
            head.write(b);
        }
        var lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        var first = lines[0].split(" ");
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        var origin = String.valueOf(headers.remove(ORIGIN));
        return new Asked(first[0], origin + first[1], headers, body);
    }

    private static byte[] answer(Recording.@Nullable Request recorded) {
        var body = (recorded == null ? "" : recorded.answer()).getBytes(StandardCharsets.UTF_8);
        int status = recorded == null ? 599 : recorded.status();
        var head = new StringBuilder("HTTP/1.1 " + status + " Recorded\r\nConnection: close\r\n");
        if (recorded != null) {
            recorded.answerHeaders()
                    .forEach((name, value) ->
                            head.append(name).append(": ").append(value).append("\r\n"));
        }
        if (status != 204) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private Recording.@Nullable Request take(Asked asked) {
        synchronized (lock) {
            if (next >= script.size()) {
                faults.add("was asked and is not recorded: " + asked.method() + " " + asked.url());
                return null;
            }
            var recorded = script.get(next++);
            asked.differences(recorded)
                    .forEach(fault -> faults.add("line " + recorded.at().line() + ": " + fault));
            return recorded;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.close();
    }
}
