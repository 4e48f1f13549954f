package io.marsad.api.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.helidon.http.encoding.ContentDecoder;
import io.helidon.http.encoding.ContentEncoder;
import io.helidon.http.encoding.ContentEncoding;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.Locale;
import java.util.Set;

/**
 * Lets gzip requests through to {@link Bodies}, which unpacks them within bounds. The server itself neither unpacks nor
 * packs.
 */
final class GzipRequests implements ContentEncoding {
    static ContentEncodingContext context() {
        return ContentEncodingContext.builder()
                .contentEncodingsDiscoverServices(false)
                .addContentEncoding(new GzipRequests())
                .build();
    }

    static boolean isGzip(String encoding) {
        return encoding.equals("gzip") || encoding.equals("x-gzip");
    }

    @Override
    public Set<String> ids() {
        return Set.of("gzip", "x-gzip");
    }

    @Override
    public boolean supportsEncoding() {
        return false;
    }

    @Override
    public boolean supportsDecoding() {
        return true;
    }

    @Override
    public ContentDecoder decoder() {
        return ContentDecoder.NO_OP;
    }

    @Override
    public ContentEncoder encoder() {
        return ContentEncoder.NO_OP;
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public String type() {
        return "gzip";
    }

    /**
     * The server refuses {@code Transfer-Encoding: gzip, chunked}, which RFC 9112 section 7 allows. Where that is what
     * stands there, exactly, it becomes {@code chunked} with {@code Content-Encoding: gzip}: the same bytes, framed the
     * same way.
     */
    static final class TransferEncoding implements Http1ConnectionListener {
        @Override
        public void headers(ConnectionContext connection, Headers headers) {
            if (!(headers instanceof WritableHeaders<?> writable)
                    || !headers.contains(HeaderNames.TRANSFER_ENCODING)
                    || headers.contains(HeaderNames.CONTENT_ENCODING)) {
                return;
            }
            var codings = headers.values(HeaderNames.TRANSFER_ENCODING);
            if (codings.size() == 2
                    && isGzip(codings.getFirst().strip().toLowerCase(Locale.ROOT))
                    && codings.getLast().strip().equalsIgnoreCase("chunked")) {
                writable.set(HeaderValues.TRANSFER_ENCODING_CHUNKED);
                writable.set(HeaderValues.create(HeaderNames.CONTENT_ENCODING, "gzip"));
            }
        }
    }
}
