package io.marsad.api.ingest;

import io.marsad.api.http.Exchange;
import io.marsad.kernel.log.LogFullException;
import io.marsad.kernel.problem.Problem;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends to the log, and says in HTTP's words when that is not possible. */
public final class Durable {
    private static final Logger LOG = LoggerFactory.getLogger(Durable.class);

    private Durable() {}

    /** Makes records durable. */
    @FunctionalInterface
    public interface Append<R> {
        R run() throws IOException, LogFullException;
    }

    /** @throws io.marsad.kernel.problem.ProblemException 429 when the log is full, 503 when it is broken */
    public static <R> R run(Exchange exchange, Append<R> append) {
        try {
            return append.run();
        } catch (LogFullException e) {
            exchange.header("Retry-After", Long.toString(Math.max(1, Math.ceilDiv(e.retryAfterMillis(), 1000))));
            throw Problem.overloaded("There is no room for more records at the moment; send them again later.")
                    .asException();
        } catch (IOException e) {
            LOG.error("request {}: records could not be made durable", exchange.requestId(), e);
            exchange.header("Retry-After", "5");
            throw new Problem(
                            "unavailable",
                            503,
                            "Unavailable",
                            "Records cannot be made durable at the moment; send them again later.",
                            List.of())
                    .asException();
        }
    }
}
