package io.marsad.soc.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.marsad.connect.OutboundHttp;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The only way out that LangChain4j has: through our guard, to one host, bounded in time and size, no redirect followed.
 * Thread-safe.
 */
final class GuardedHttp implements HttpClient, HttpClientBuilder {
    private static final int MOST_OF_ERROR = 200;

    private final OutboundHttp http;
    private final URI base;

    /** @param base where the model is: nothing is sent to another host or port */
    GuardedHttp(OutboundHttp http, URI base) {
        this.http = http;
        this.base = base;
    }

    /** Why there is no answer. Its message has no key in it. */
    static final class CallFailed extends RuntimeException {
        private final boolean late;

        CallFailed(String why, boolean late, @Nullable Throwable cause) {
            super(why, cause);
            this.late = late;
        }

        boolean late() {
            return late;
        }
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        var uri = URI.create(request.url());
        if (!base.getScheme().equals(uri.getScheme())
                || !base.getHost().equalsIgnoreCase(uri.getHost())
                || base.getPort() != uri.getPort()) {
            throw new CallFailed("nothing is asked but the model", false, null);
        }
        var headers = new HashMap<String, String>();
        request.headers().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("user-agent") && !values.isEmpty()) {
                headers.put(name, values.getFirst());
            }
        });
        OutboundHttp.Answer answer;
        try {
            answer = http.post(uri, headers, request.body().getBytes(StandardCharsets.UTF_8));
        } catch (SocketTimeoutException e) {
            throw new CallFailed("it did not answer in time", true, e);
        } catch (IOException e) {
            var why = e.getMessage();
            throw new CallFailed(why == null ? "it cannot be reached" : why, false, e);
        }
        var fault = fault(answer);
        if (fault != null) {
            throw new CallFailed(fault, false, null);
        }
        return SuccessfulHttpResponse.builder()
                .statusCode(answer.status())
                .headers(Map.of())
                .body(answer.text())
                .build();
    }

    private static @Nullable String fault(OutboundHttp.Answer answer) {
        int status = answer.status();
        if (status == 200) {
            return null;
        }
        if (status >= 300 && status < 400) {
            return "it sends us elsewhere (" + status + "), where nothing is asked";
        }
        return switch (status) {
            case 401, 403 -> "it refuses the key (" + status + ")";
            case 429 -> "it asks us to wait (429)";
            default -> "it answers " + status + told(answer.text());
        };
    }

    /** The beginning of what it says of it, in one line. */
    private static String told(String body) {
        var line = body.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(MOST_OF_ERROR, line.length()));
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        throw new UnsupportedOperationException(
                "answers come whole: " + request.method().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public @Nullable Duration connectTimeout() {
        return null;
    }

    @Override
    public HttpClientBuilder connectTimeout(@Nullable Duration timeout) {
        return this; // what is in force is the outbound client's
    }

    @Override
    public @Nullable Duration readTimeout() {
        return null;
    }

    @Override
    public HttpClientBuilder readTimeout(@Nullable Duration timeout) {
        return this;
    }

    @Override
    public HttpClient build() {
        return this;
    }
}
