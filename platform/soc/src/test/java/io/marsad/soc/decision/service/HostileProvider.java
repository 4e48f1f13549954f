package io.marsad.soc.decision.service;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server of a model on a real socket that says whatever it is told to, in HTTP or not. */
final class HostileProvider implements AutoCloseable {
    private final ServerSocket server;
    private final Function<String, Answer> says;
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * What it does.
     *
     * @param bytes from the status line on
     * @param dripping one byte at a time, for ever
     * @param silent says nothing, and leaves the connection open
     */
    record Answer(byte[] bytes, boolean dripping, boolean silent) {
        static final Answer SILENCE = new Answer(new byte[0], false, true);

        static Answer raw(String text) {
            return new Answer(text.getBytes(StandardCharsets.UTF_8), false, false);
        }

        static Answer http(int status, String headers, String body) {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            return raw("HTTP/1.1 " + status + " X\r\nContent-Length: " + length + "\r\n" + headers + "\r\n" + body);
        }

        static Answer drip() {
            var start = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{";
            return new Answer(start.getBytes(StandardCharsets.UTF_8), true, false);
        }
    }

    /** @param says what it answers to a whole request */
    HostileProvider(Function<String, Answer> says) throws IOException {
        this.server = new ServerSocket(0, 500, InetAddress.getByName("127.0.0.1"));
        this.says = says;
        Thread.ofVirtual().name("hostile-door").start(this::accept);
    }

    /** What a provider's envelope is around a text. */
    static String said(String request, String text) {
        var quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
        if (request.startsWith("POST /v1/chat/completions ")) {
            return "{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                    + "{\"role\":\"assistant\",\"content\":" + quoted + "}}],\"usage\":{\"prompt_tokens\":900,"
                    + "\"completion_tokens\":40,\"total_tokens\":940}}";
        }
        if (request.startsWith("POST /v1/messages ")) {
            return "{\"id\":\"1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m-1\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":" + quoted + "}],\"stop_reason\":\"end_turn\",\"usage\":"
                    + "{\"input_tokens\":900,\"output_tokens\":40}}";
        }
        return "{\"model\":\"m-1\",\"message\":{\"role\":\"assistant\",\"content\":" + quoted
                + "},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":900,\"eval_count\":40}";
    }

    static String toolCall(String request) {
        if (request.startsWith("POST /v1/messages ")) {
            return "{\"id\":\"1\",\"role\":\"assistant\",\"model\":\"m-1\",\"content\":[{\"type\":\"tool_use\","
                    + "\"id\":\"t\",\"name\":\"close_alert\",\"input\":{}}],\"stop_reason\":\"tool_use\"}";
        }
        var call = "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\","
                + "\"function\":{\"name\":\"close_alert\",\"arguments\":"
                + (request.startsWith("POST /api") ? "{}" : "\"{}\"") + "}}]}";
        return request.startsWith("POST /api")
                ? "{\"model\":\"m-1\",\"message\":" + call + ",\"done\":true}"
                : "{\"model\":\"m-1\",\"choices\":[{\"message\":" + call + "}]}";
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().name("hostile-answer").start(() -> answer(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            var answer = says.apply(request(new BufferedInputStream(socket.getInputStream())));
            var out = socket.getOutputStream();
            out.write(answer.bytes);
            out.flush();
            while (answer.dripping) {
                TimeUnit.MILLISECONDS.sleep(50);
                out.write(' ');
                out.flush();
            }
            if (answer.silent) {
                socket.getInputStream().read(); // until the caller gives up
            }
        } catch (IOException | InterruptedException e) {
            return; // the caller has closed it
        }
    }

    private static String request(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
        }
        var text = head.toString(StandardCharsets.UTF_8);
        int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
