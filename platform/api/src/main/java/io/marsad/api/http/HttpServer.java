package io.marsad.api.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpLogConfig;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.marsad.api.contract.OpenApi;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The HTTP listener: HTTP/1.1, a virtual thread for each connection. */
public final class HttpServer implements AutoCloseable {
    /** The largest request body, packed or not. */
    public static final int MAX_BODY = HttpLimits.MOST_BODY;

    /** The listener for this machine's own commands, where all others have to use TLS. */
    private static final String LOCAL = "local";

    private final Listener listener;
    private final Router router;
    private final RequestIds ids;
    private final Connections connections;
    private final WebServer server;

    /**
     * Where to listen.
     *
     * @param address port 0 takes a free one
     * @param tls null for HTTP without TLS. With it, this machine's own commands have a port without on the loopback
     *     interface
     * @param limits how far one who calls is gone along with
     */
    public record Listener(
            InetSocketAddress address, @Nullable SSLContext tls, HttpLimits limits) {
        public Listener(InetSocketAddress address, @Nullable SSLContext tls) {
            this(address, tls, HttpLimits.standard());
        }
    }

    /**
     * @param random a secure source: nonces come from it
     * @throws IllegalStateException when the routes are not those of the contract
     */
    public HttpServer(
            Listener listener,
            OpenApi contract,
            List<Route> routes,
            Authenticator authenticator,
            MeterRegistry meters,
            RandomGenerator random) {
        this.listener = listener;
        this.ids = new RequestIds(random);
        this.connections = new Connections(listener.limits(), meters);
        var loader = HttpServer.class.getClassLoader();
        this.router = new Router(
                contract,
                routes,
                new Gate(authenticator, new BodyRoom(Runtime.getRuntime().maxMemory() / 4), connections),
                new ConsoleFiles(loader, random),
                new HttpMetrics(meters),
                ids);
        this.server = build();
    }

    private WebServer build() {
        var server = WebServer.builder().shutdownHook(false).shutdownGracePeriod(Duration.ofSeconds(5));
        answering(server.bindAddress(listener.address()));
        if (listener.tls() != null) {
            server.tls(Tls.builder().sslContext(listener.tls()).build());
            server.putSocket(
                    LOCAL,
                    socket ->
                            answering(socket.bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
        }
        return server.build();
    }

    private void answering(ListenerConfig.BuilderBase<?, ?> listens) {
        var http = Http1Config.builder()
                .maxPrologueLength(HttpLimits.MOST_LINE)
                .maxHeadersSize(HttpLimits.MOST_HEADER_BYTES)
                .log(HttpLogConfig.builder().receiveLog(false).sendLog(false).build())
                .addReceiveListener(connections.listener(new GzipRequests.TransferEncoding())) // of two it asks none
                .build();
        listens.maxPayloadSize(MAX_BODY)
                .maxTcpConnections(listener.limits().connections())
                .backlog(512)
                .connectionOptions(connections.options(
                        SocketOptions.builder().tcpNoDelay(true).build()));
        listens.contentEncoding(GzipRequests.context());
        listens.directHandlers(directHandlers());
        listens.addConnectionSelector(
                Http1ConnectionSelector.builder().config(http).build());
        listens.routing(HttpRouting.builder().any(router::handle));
    }

    private DirectHandlers directHandlers() {
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (_, _, status, headers, _) -> answer(status.code(), headers));
        }
        return handlers.build();
    }

    /** For what fails before there is a request to route. */
    private DirectHandler.TransportResponse answer(int status, ServerResponseHeaders headers) {
        var requestId = ids.of("");
        SecurityHeaders.add(headers, false);
        headers.set(HeaderValues.create("X-Request-Id", requestId));
        headers.set(HeaderNames.CONTENT_TYPE, Problems.MEDIA_TYPE);
        var problem = Problems.ofStatus(status);
        return DirectHandler.TransportResponse.builder()
                .status(io.helidon.http.Status.create(problem.status()))
                .headers(headers)
                .keepAlive(false)
                .entity(Problems.bytes(problem, requestId))
                .build();
    }

    /** @throws IllegalStateException when the address is taken */
    public void start() {
        server.start();
        connections.start();
    }

    /** The port that is listened on; -1 when not started. */
    public int port() {
        return server.port();
    }

    /** The port for this machine's own commands: without TLS, on the loopback interface. */
    public int localPort() {
        return listener.tls() == null ? server.port() : server.port(LOCAL);
    }

    /** Takes no more requests; waits a little for those that run. */
    @Override
    public void close() {
        server.stop();
        connections.close();
    }
}
