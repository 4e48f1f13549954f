package io.marsad.uplink;

import io.grpc.Status;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says to people why a call failed. */
public final class Reasons {
    private static final int DEEP = 20;

    private Reasons() {}

    public static String of(Throwable failed) {
        var status = Status.fromThrowable(failed);
        @Nullable Throwable cause = status.getCause();
        for (int i = 0; cause != null && i < DEEP; i++) {
            if (cause instanceof CertificateException || cause instanceof SSLException && cause.getCause() == null) {
                return String.valueOf(cause.getMessage());
            }
            cause = cause.getCause();
        }
        var description = status.getDescription();
        var said = description == null ? status.getCode().name() : description;
        var why = status.getCause() == null ? null : status.getCause().getMessage();
        return why == null || said.contains(why) ? said : said + " (" + why + ")";
    }
}
