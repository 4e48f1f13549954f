package io.marsad.api.http;

import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Parameter;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request that passed the gate, and its answer. Used by the one thread that serves it. */
public final class Exchange {
    /** The largest body that is not a batch of records. */
    public static final int SMALL_BODY = 1 << 20;

    private final ServerRequest request;
    private final ServerResponse response;
    private final Operation operation;
    private final Map<String, String> path;
    private final String requestId;
    private final Gate gate;
    private final BodyRoom.Share room;
    private final Connections.Open connection;
    private final @Nullable Credential credential;
    private boolean streaming;

    /** @throws ProblemException when the gate does not let the request in */
    Exchange(
            ServerRequest request,
            ServerResponse response,
            Operation operation,
            Map<String, String> path,
            String requestId,
            Gate gate) {
        this.request = request;
        this.response = response;
        this.operation = operation;
        this.path = path;
        this.requestId = requestId;
        this.gate = gate;
        this.room = gate.room();
        this.connection = gate.connection(request);
        this.credential = gate.admit(operation, request, path);
    }

    /** Null where the route asks for none. */
    @Nullable
    Credential admitted() {
        return credential;
    }

    /** Whether an answer without a known end has begun: too late for a problem. */
    boolean isStreaming() {
        return streaming;
    }

    /** Whether the caller would still be let in: for answers that last. */
    public boolean isStillAdmitted() {
        try {
            gate.admit(operation, request, path);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    // ---- the request

    /** Also in the answer's {@code X-Request-Id} and in the log. */
    public String requestId() {
        return requestId;
    }

    /** @throws IllegalStateException on a route that asks for none */
    public Credential credential() {
        if (credential == null) {
            throw new IllegalStateException("no credential was asked for");
        }
        return credential;
    }

    /** The id in the path. */
    public EventId id() {
        return EventId.parse(path("id"));
    }

    public String path(String name) {
        var value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the contract has no path parameter " + name);
        }
        return value;
    }

    /** A query parameter; the contract's default when it was not sent. */
    public @Nullable String query(String name) {
        var parameter = parameter(name);
        var all = queryValues(name);
        return all.isEmpty() ? parameter.schema().fallback() : all.getFirst();
    }

    /** Whether the contract has the parameter on this route. */
    public boolean has(String parameter) {
        return operation.parameter(parameter) != null;
    }

    /** What is wrong with a text as a parameter's value, or null: for values that the body may carry instead. */
    public @Nullable String fault(String parameter, String text) {
        return parameter(parameter).schema().fault(text);
    }

    /** A query parameter that is a list with commas; empty when it was not sent. */
    public List<String> queryList(String name) {
        var value = query(name);
        return value == null || value.isEmpty() ? List.of() : List.of(value.split(",", -1));
    }

    /** @throws IllegalStateException when the contract has no default and nothing was sent */
    public int queryNumber(String name) {
        var value = query(name);
        if (value == null) {
            throw new IllegalStateException("the contract has no default for " + name);
        }
        return Integer.parseInt(value);
    }

    private Parameter parameter(String name) {
        var parameter = operation.parameter(name);
        if (parameter == null) {
            throw new IllegalArgumentException("the contract has no parameter " + name);
        }
        return parameter;
    }

    List<String> queryValues(String name) {
        try {
            return request.query().contains(name) ? request.query().all(name) : List.of();
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("invalid-parameter", "The query is not encoded as URLs are.")
                    .asException();
        }
    }

    public @Nullable String header(String name) {
        return request.headers().first(HeaderNames.create(name)).orElse(null);
    }

    /** A cookie's value; null when the request has none of this name. */
    public @Nullable String cookie(String name) {
        return Cookies.find(request, name);
    }

    /** The media type of the body in lower case, without its parameters; empty when the request names none. */
    public String mediaType() {
        var type = header("Content-Type");
        if (type == null) {
            return "";
        }
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Who sent it, as the socket knows. */
    public @Nullable InetAddress remote() {
        return remote(request);
    }

    /** The port that took the request; -1 where it is not known. */
    public int localPort() {
        return request.localPeer().address() instanceof InetSocketAddress here ? here.getPort() : -1;
    }

    static @Nullable InetAddress remote(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer ? peer.getAddress() : null;
    }

    /** True when the browser reaches us by https, here or at a proxy. */
    public boolean secure() {
        return request.isSecure() || "https".equalsIgnoreCase(header("X-Forwarded-Proto"));
    }

    /** The body, decompressed; 413 above this many bytes, 429 when too many others are being read. */
    public byte[] body(int max) {
        connection.reading();
        try {
            return Bodies.read(request, max, room, connection.bodyNanos());
        } catch (ProblemException e) {
            response.header(HeaderValues.CONNECTION_CLOSE); // the rest of the body is not waited for
            throw e;
        } finally {
            connection.working();
        }
    }

    /** The request is answered: its body is no longer needed. */
    void end() {
        room.close();
    }

    /** The JSON body, as the contract wants it; 400 with every fault otherwise. */
    public JsonNode json() {
        return json(SMALL_BODY);
    }

    public JsonNode json(int max) {
        var wanted = operation.body();
        if (wanted == null || wanted.json() == null) {
            throw new IllegalStateException("the contract has no JSON body for " + operation.id());
        }
        var tree = Json.tree(body(max));
        var faults = wanted.json().faults(tree);
        if (!faults.isEmpty()) {
            throw new Problem("invalid-body", 400, "Bad request", "The body is not as the contract has it.", faults)
                    .asException();
        }
        return tree;
    }

    // ---- the answer

    public void header(String name, String value) {
        response.header(HeaderValues.create(name, value));
    }

    /** Has the browser keep, or forget, these: values of {@code Set-Cookie}. */
    public void cookies(String... cookies) {
        response.header(HeaderValues.create(HeaderNames.SET_COOKIE, cookies));
    }

    /** Has the browser go to this path of ours. */
    public void redirect(String path) {
        response.status(Status.SEE_OTHER_303);
        response.header(HeaderValues.create(HeaderNames.LOCATION, path));
        response.send();
    }

    public void json(int status, Json.Writer writer) {
        send(status, "application/json", Json.bytes(writer));
    }

    public void text(int status, String mediaType, String text) {
        send(status, mediaType, text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(int status, String mediaType, byte[] body) {
        response.status(Status.create(status));
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType));
        connection.writing(body.length); // until the request has ended
        response.send(body);
    }

    public void noContent() {
        response.status(Status.NO_CONTENT_204);
        connection.writing(0);
        response.send();
    }

    /** An answer without a known end; each flush reaches the client. The connection is closed after it. */
    public OutputStream stream(String mediaType) {
        response.status(Status.OK_200);
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType));
        response.header(HeaderValues.CONNECTION_CLOSE);
        streaming = true;
        return new ClientStream(response.outputStream(), connection);
    }

    /** Says by an IOException that the client is gone, which the server says in ways of its own. */
    private static final class ClientStream extends OutputStream {
        private final OutputStream out;
        private final Connections.Open connection;

        ClientStream(OutputStream out, Connections.Open connection) {
            this.out = out;
            this.connection = connection;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            connection.writing(length);
            try {
                out.write(bytes, offset, length);
            } catch (CloseConnectionException | SocketWriterException | UncheckedIOException e) {
                throw new IOException(e);
            } finally {
                connection.working();
            }
        }

        @Override
        public void flush() throws IOException {
            connection.writing(0);
            try {
                out.flush();
            } catch (CloseConnectionException | SocketWriterException | UncheckedIOException e) {
                throw new IOException(e);
            } finally {
                connection.working();
            }
        }
    }
}
