package io.marsad.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.marsad.api.contract.OpenApi;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Parameter;
import io.marsad.api.contract.Tenancy;
import io.marsad.kernel.content.Suggestion;
import io.marsad.kernel.problem.Problem;
import io.marsad.kernel.problem.Problem.Fault;
import io.marsad.kernel.problem.ProblemException;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.kernel.tenant.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a request: request id and headers, route, gate, parameters, then the route's code with its caller bound;
 * whatever goes wrong becomes a problem. Thread-safe.
 */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    /** How far a request came. */
    private static final class Progress {
        private String operation = "none";
        private @Nullable Exchange exchange;
    }

    private final RouteTable table;
    private final Gate gate;
    private final ConsoleFiles console;
    private final HttpMetrics metrics;
    private final RequestIds ids;

    Router(OpenApi contract, List<Route> routes, Gate gate, ConsoleFiles console, HttpMetrics metrics, RequestIds ids) {
        this.table = new RouteTable(contract, routes);
        this.gate = gate;
        this.console = console;
        this.metrics = metrics;
        this.ids = ids;
    }

    void handle(ServerRequest request, ServerResponse response) {
        long start = System.nanoTime();
        var requestId = ids.of(
                request.headers().first(HeaderNames.create("X-Request-Id")).orElse(""));
        SecurityHeaders.add(response.headers(), request.isSecure());
        response.header("X-Request-Id", requestId);
        var progress = new Progress();
        var connection = gate.connection(request);
        try {
            route(request, response, requestId, progress);
        } catch (ProblemException e) {
            send(response, connection, e.problem(), requestId);
        } catch (CloseConnectionException e) {
            throw e; // the client is gone: nobody to answer
        } catch (RequestException e) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            send(response, connection, Problems.ofStatus(e.status().code()), requestId);
        } catch (HttpException e) {
            response.header(HeaderValues.CONNECTION_CLOSE);
            send(response, connection, Problems.ofStatus(e.status().code()), requestId);
        } catch (Exception e) {
            LOG.error("request {} ({} {}) failed", requestId, request.prologue().method(), progress.operation, e);
            if (progress.exchange != null && progress.exchange.isStreaming()) {
                throw new CloseConnectionException("the answer had begun", e);
            }
            send(response, connection, Problems.internal(), requestId);
        } finally {
            if (progress.exchange != null) {
                progress.exchange.end();
            }
            metrics.took(progress.operation, response.status().code(), System.nanoTime() - start);
            if (response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
                connection.ending();
                leave(request);
            } else {
                connection.idle();
            }
        }
    }

    private void route(ServerRequest request, ServerResponse response, String requestId, Progress progress)
            throws Exception {
        var method = request.prologue().method().text();
        var rawPath = request.prologue().uriPath().rawPath();
        var found = find(rawPath);
        if (found == null) {
            gate.connection(request).writing(HttpLimits.MOST_BODY);
            if (!isConsole(method, rawPath) || !console.send(rawPath, request, response)) {
                throw Problem.notFound("There is nothing at this path.").asException();
            }
            progress.operation = "console";
            return;
        }
        var route = found.methods().get(method);
        if (route == null) {
            response.header(HeaderNames.ALLOW, String.join(", ", found.methods().keySet()));
            throw new Problem(
                            "method",
                            405,
                            "Method not allowed",
                            "This path is not for " + shown(method) + ".",
                            List.of())
                    .asException();
        }
        var operation = route.operation();
        progress.operation = operation.id();
        var exchange = new Exchange(request, response, operation, found.path(), requestId, gate);
        progress.exchange = exchange;
        checkParameters(operation, request, exchange, found.path());
        run(route.handler(), exchange, exchange.admitted());
    }

    private static void run(Handler handler, Exchange exchange, @Nullable Credential credential) throws Exception {
        var remote = exchange.remote();
        var session = credential == null ? null : credential.session();
        var origin = new Origin(
                exchange.requestId(),
                remote == null ? "" : remote.getHostAddress(),
                session == null ? Map.of() : session.capacity());
        ScopedValue.CallableOp<Exchange, Exception> work = () -> {
            handler.handle(exchange);
            return exchange;
        };
        if (credential == null) {
            CallerScope.callFrom(origin, work);
        } else {
            CallerScope.callAs(credential.caller(), origin, work);
        }
    }

    private RouteTable.@Nullable Found find(String rawPath) {
        try {
            return table.find(rawPath);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("malformed", "The path is not encoded as URLs are.")
                    .asException();
        }
    }

    private static boolean isConsole(String method, String path) {
        return method.equals("GET") && !path.startsWith("/v1/");
    }

    private static void checkParameters(
            Operation operation, ServerRequest request, Exchange exchange, Map<String, String> path) {
        var faults = new ArrayList<Fault>();
        var names = new ArrayList<String>();
        for (Parameter parameter : operation.parameters()) {
            switch (parameter.in()) {
                case PATH -> {
                    var value = path.get(parameter.name());
                    if (value == null || parameter.schema().fault(value) != null) {
                        throw Problem.notFound("There is nothing with this id.").asException();
                    }
                }
                case QUERY -> {
                    names.add(parameter.name());
                    check(parameter, exchange.queryValues(parameter.name()), faults);
                }
                case HEADER -> {
                    var value = exchange.header(parameter.name());
                    check(parameter, value == null ? List.of() : List.of(value), faults);
                }
            }
        }
        if (operation.tenancy() == Tenancy.TENANT) {
            refuseUnknown(request, names, faults);
        }
        if (!faults.isEmpty()) {
            throw new Problem(
                            "invalid-parameter",
                            400,
                            "Bad request",
                            "A parameter is not as the contract has it.",
                            faults)
                    .asException();
        }
    }

    private static void check(Parameter parameter, List<String> values, List<Fault> faults) {
        String reason = null;
        if (values.size() > 1) {
            reason = "is there more than once";
        } else if (!values.isEmpty()) {
            reason = parameter.schema().fault(values.getFirst());
        } else if (parameter.required()) {
            reason = "is missing";
        }
        if (reason != null) {
            faults.add(new Fault(parameter.name(), reason));
        }
    }

    /** A filter with a slip in its name must not answer with everything. */
    private static void refuseUnknown(ServerRequest request, List<String> names, List<Fault> faults) {
        for (String name : request.query().names()) {
            if (!names.contains(name)) {
                var near = Suggestion.among(name, names.toArray(String[]::new));
                faults.add(new Fault(shown(name), "is not known" + near));
            }
        }
    }

    private static String shown(String text) {
        return text.length() > 64 ? text.substring(0, 64) : text;
    }

    /**
     * Takes what is still coming of a request whose answer was the connection's last: closed with bytes unread, the
     * connection would be reset, and who still sends would never see the answer. The watch ends it when that lasts.
     */
    private static void leave(ServerRequest request) {
        try {
            request.content().consume();
        } catch (RuntimeException e) {
            LOG.debug("the rest of a request that was answered already did not come", e);
        }
    }

    private static void send(ServerResponse response, Connections.Open connection, Problem problem, String requestId) {
        if (response.isSent()) {
            throw new CloseConnectionException("the answer had begun");
        }
        response.status(Status.create(problem.status()));
        response.header(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
        if (problem.status() == 401) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"marsad\"");
        }
        if (problem.status() == 429 && !response.headers().contains(HeaderNames.RETRY_AFTER)) {
            response.header(HeaderNames.RETRY_AFTER, "1");
        }
        if (problem.status() == 408 || problem.status() == 413 || problem.type().equals("malformed")) {
            response.header(HeaderValues.CONNECTION_CLOSE); // nothing can follow a body of which the rest is not used
        }
        connection.writing(0);
        response.send(Problems.bytes(problem, requestId));
    }
}
