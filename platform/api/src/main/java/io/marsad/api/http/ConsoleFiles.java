package io.marsad.api.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The console's files, from the class path folder {@code console/}: what the build packed already ({@code .br},
 * {@code .gz}) is sent packed, hashed assets may be kept for good, and every path that could be a page of the console is
 * its index. Thread-safe.
 */
final class ConsoleFiles {
    private static final String FOLDER = "console/";
    /** Pages whose address ends with a value, such as a host's name: never a file, whatever dots it has. */
    private static final String VALUES = "entities/";

    private static final String NONCE = "__CSP_NONCE__";
    private static final Header KEEP =
            HeaderValues.create(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable");
    private static final Header ASK = HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    private final ClassLoader loader;
    private final RandomGenerator random;
    /** Only what exists is kept, so this is never larger than the console. */
    private final ConcurrentMap<String, byte[]> files = new ConcurrentHashMap<>();

    private final byte @Nullable [] index;

    ConsoleFiles(ClassLoader loader, RandomGenerator random) {
        this.loader = loader;
        this.random = random;
        this.index = file("index.html");
    }

    /** Sends what stands at the path; false when nothing does. */
    boolean send(String rawPath, ServerRequest request, ServerResponse response) {
        var path = rawPath.substring(1);
        if (path.isEmpty() || path.startsWith(VALUES) || !hasExtension(path)) {
            return sendIndex(response);
        }
        var type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !isPlain(path) || path.equals("index.html")) {
            return false;
        }
        var accepted = request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse("");
        return sendFile(path, ".br", accepts(accepted, "br") ? "br" : "", type, response)
                || sendFile(path, ".gz", accepts(accepted, "gzip") ? "gzip" : "", type, response)
                || sendFile(path, "", "identity", type, response);
    }

    private boolean sendIndex(ServerResponse response) {
        if (index == null) {
            return false;
        }
        var bytes = new byte[18];
        random.nextBytes(bytes);
        var nonce = Base64.getEncoder().encodeToString(bytes);
        var page = new String(index, StandardCharsets.UTF_8).replace(NONCE, nonce);
        response.status(Status.OK_200);
        response.header(ASK);
        response.header(SecurityHeaders.POLICY, SecurityHeaders.consolePolicy(nonce));
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");
        response.send(page.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private boolean sendFile(String path, String suffix, String encoding, String type, ServerResponse response) {
        var bytes = encoding.isEmpty() ? null : file(path + suffix);
        if (bytes == null) {
            return false;
        }
        response.status(Status.OK_200);
        response.header(path.startsWith("assets/") ? KEEP : ASK);
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(HeaderNames.VARY, "Accept-Encoding");
        if (!suffix.isEmpty()) {
            response.header(HeaderNames.CONTENT_ENCODING, encoding);
        }
        response.send(bytes);
        return true;
    }

    private byte @Nullable [] file(String path) {
        var known = files.get(path);
        if (known != null) {
            return known;
        }
        try (var in = loader.getResourceAsStream(FOLDER + path)) {
            if (in == null) {
                return null;
            }
            var bytes = in.readAllBytes();
            files.put(path, bytes);
            return bytes;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean hasExtension(String path) {
        return path.indexOf('.', path.lastIndexOf('/') + 1) >= 0;
    }

    /** Letters, digits and {@code - _ . /} only, and no step that leads out of the folder. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && "-_./".indexOf(c) < 0) {
                return false;
            }
        }
        return !path.startsWith("/") && !path.contains("..") && !path.contains("//");
    }

    private static boolean accepts(String header, String encoding) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .anyMatch(item -> item.equals(encoding)
                        || item.startsWith(encoding + ";")
                                && !item.replace(" ", "").endsWith(";q=0"));
    }
}
