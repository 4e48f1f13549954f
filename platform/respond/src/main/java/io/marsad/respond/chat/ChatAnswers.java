package io.marsad.respond.chat;

import io.marsad.connect.OutboundHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says something to who pressed a button, at the address that came with it: only at the vendor's. What was decided is written
 * down before; when this does not arrive, only the words are lost. Thread-safe.
 */
public final class ChatAnswers {
    /** Slack's. */
    public static final String SLACK = "https://hooks.slack.com/";

    private static final Logger LOG = LoggerFactory.getLogger(ChatAnswers.class);

    private final OutboundHttp http;
    private final String vendor;

    /** @param vendor what addresses begin with, up to a slash */
    public ChatAnswers(OutboundHttp http, String vendor) {
        this.http = http;
        this.vendor = vendor;
    }

    /** Sends it soon; whoever asks does not wait. */
    public void send(String to, String json) {
        if (!to.startsWith(vendor)) {
            return; // it was signed, and is still not asked
        }
        Thread.startVirtualThread(() -> {
            try {
                http.post(
                        URI.create(to),
                        Map.of("Content-Type", "application/json; charset=utf-8"),
                        json.getBytes(StandardCharsets.UTF_8));
            } catch (IOException | IllegalArgumentException e) {
                LOG.info("an answer to a button did not arrive: {}", e.getMessage());
            }
        });
    }
}
