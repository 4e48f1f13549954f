package io.marsad.api;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What Slack would send. */
final class Requests {
    private Requests() {}

    /** With its headers. */
    record Signed(String time, String signature, String body) {
        /** One character of it is another. */
        Signed mutated(Random random) {
            return switch (random.nextInt(3)) {
                case 0 -> new Signed(other(time, "0123456789", random), signature, body);
                case 1 -> new Signed(time, other(signature, "0123456789abcdef", random), body);
                default -> new Signed(time, signature, other(body, "abcdefUH0123456789=&+", random));
            };
        }

        private static String other(String text, String letters, Random random) {
            int at = random.nextInt(text.length());
            char letter = text.charAt(at);
            while (letter == text.charAt(at)) {
                letter = letters.charAt(random.nextInt(letters.length()));
            }
            return text.substring(0, at) + letter + text.substring(at + 1);
        }
    }

    static Signed signed(String secret, long time, String body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        var text = "v0:" + time + ":" + body;
        var signature = "v0=" + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        return new Signed(Long.toString(time), signature, body);
    }

    static HttpResponse<byte[]> send(TestNode node, String path, Signed signed) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.server.port() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", signed.time)
                .header("X-Slack-Signature", signed.signature)
                .POST(HttpRequest.BodyPublishers.ofString(signed.body))
                .build();
        return node.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The body that makes a connection. */
    static String connection(String secret, String channel) {
        return "{\"connector\":\"slack\",\"name\":\"our-slack\",\"config\":{\"approvals_channel\":\"" + channel
                + "\"},\"secrets\":{\"bot_token\":\"xoxb-test-token\",\"signing_secret\":\"" + secret
                + "\"},\"enabled\":true}";
    }
}
