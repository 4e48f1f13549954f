package io.marsad.connect.run;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Signs requests as AWS asks for it (Signature Version 4). Immutable. */
record SigV4(String accessKey, String secretKey, @Nullable String session, String region, String service) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    Message signed(Message message, Instant now) {
        var stamp = STAMP.format(now);
        var day = stamp.substring(0, 8);
        var uri = message.uri();
        var dated = message.with("X-Amz-Date", stamp);
        if (session != null) {
            dated = dated.with("X-Amz-Security-Token", session);
        }
        var headers = new TreeMap<String, String>();
        headers.put("host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        dated.headers().forEach((name, value) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("content-type") || lower.startsWith("x-amz-")) {
                headers.put(lower, value.strip().replaceAll(" +", " "));
            }
        });
        var names = String.join(";", headers.keySet());
        var lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(':').append(value).append('\n'));
        var body = message.body() == null ? new byte[0] : message.body();
        var canonical = message.method() + "\n" + path(uri.getRawPath()) + "\n" + query(uri.getRawQuery()) + "\n"
                + lines + "\n" + names + "\n" + Signatures.sha256(body);
        var scope = day + "/" + region + "/" + service + "/aws4_request";
        var toSign = "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n"
                + Signatures.sha256(canonical.getBytes(StandardCharsets.UTF_8));
        var key = Signatures.hmac(("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8), day);
        for (String part : new String[] {region, service, "aws4_request"}) {
            key = Signatures.hmac(key, part);
        }
        return dated.with(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + HexFormat.of().formatHex(Signatures.hmac(key, toSign)));
    }

    /** Every segment is encoded once more than it is sent, as all services but S3 want it. */
    private static String path(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return "/";
        }
        var segments = new ArrayList<String>();
        for (String segment : raw.split("/", -1)) {
            segments.add(Rendering.encoded(segment));
        }
        return String.join("/", segments);
    }

    private static String query(@Nullable String raw) {
        if (raw == null) {
            return "";
        }
        var parts = new ArrayList<String>();
        for (String part : raw.split("&", -1)) {
            parts.add(part.contains("=") ? part : part + "=");
        }
        // By name and then by value: '=' would sort wrongly between names of which one begins with the other.
        parts.sort((a, b) -> {
            int names = a.substring(0, a.indexOf('=')).compareTo(b.substring(0, b.indexOf('=')));
            return names != 0 ? names : a.compareTo(b);
        });
        return String.join("&", parts);
    }
}
