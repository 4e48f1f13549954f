package io.marsad.soc.notify;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Brings one notice to one channel. Thread-safe. */
final class Sender {
    private static final String JSON = "application/json; charset=utf-8";

    private final Ways ways;

    Sender(Ways ways) {
        this.ways = ways;
    }

    /**
     * What is brought.
     *
     * @param id the same whenever the same is brought again
     * @param held so many others were held back before it
     */
    record Parcel(String id, Notice notice, long held, Instant at) {}

    /**
     * Brings it, or says why not; never with the secret in the message.
     *
     * @throws IOException when it is not taken
     */
    void send(Channel channel, @Nullable String secret, Parcel parcel) throws IOException {
        try {
            switch (channel.content().kind()) {
                case WEBHOOK -> webhook(URI.create(channel.target()), secret, parcel);
                case SLACK -> post(URI.create(known(secret)), Map.of(), Messages.slack(parcel.notice, parcel.held));
                case PAGERDUTY ->
                    post(
                            URI.create(channel.target() + "/v2/enqueue"),
                            Map.of(),
                            Messages.pagerDuty(parcel.notice, parcel.held, known(secret)));
                case EMAIL -> mail(channel.target(), parcel);
            }
        } catch (IOException | IllegalArgumentException e) {
            var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException(secret == null || secret.isEmpty() ? why : why.replace(secret, "…"), e);
        }
    }

    private static String known(@Nullable String secret) throws IOException {
        if (secret == null) {
            throw new IOException("its secret is not in the vault any more");
        }
        return secret;
    }

    private void webhook(URI to, @Nullable String secret, Parcel parcel) throws IOException {
        var body = Messages.webhook(parcel.notice, parcel.held, parcel.id);
        var headers = new HashMap<String, String>();
        headers.put("Idempotency-Key", parcel.id);
        if (secret != null) {
            var signed = parcel.at.getEpochSecond() + "." + body;
            headers.put("Marsad-Signature", "t=" + parcel.at.getEpochSecond() + ",v1=" + mac(secret, signed));
        }
        post(to, headers, body);
    }

    /** HMAC-SHA256 (RFC 2104) in hexadecimal. */
    static String mac(String secret, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    private void post(URI to, Map<String, String> headers, String body) throws IOException {
        var all = new HashMap<>(headers);
        all.put("Content-Type", JSON);
        int status = ways.http()
                .exchange("POST", to, all, body.getBytes(StandardCharsets.UTF_8))
                .status();
        if (status < 200 || status > 299) {
            throw new IOException(
                    switch (status) {
                        case 401, 403, 404, 410 -> "it does not know us (" + status + ")";
                        case 429 -> "it asks us to wait (429)";
                        default -> "it answers " + status;
                    });
        }
    }

    private void mail(String to, Parcel parcel) throws IOException {
        var server = ways.mail();
        if (server == null) {
            throw new IOException("the installation has no mail server any more");
        }
        var notice = parcel.notice;
        new Mailer(server)
                .send(new Mailer.Mail(
                        parcel.id, to, Messages.subject(notice), Messages.text(notice, parcel.held), parcel.at));
    }
}
