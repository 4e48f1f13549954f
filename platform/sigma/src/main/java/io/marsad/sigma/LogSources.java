package io.marsad.sigma;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.event.LogSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Log sources as rules write them. */
final class LogSources {
    private LogSources() {}

    /** Reads category, product and service; other keys are prose. */
    static LogSource read(YamlNode.Mapping node) throws ContentException {
        var product = word(node, "product");
        var category = word(node, "category");
        var service = word(node, "service");
        if (product == null && category == null && service == null) {
            throw node.fault("a logsource names at least one of product, category and service");
        }
        return LogSource.of(product, category, service);
    }

    private static @Nullable String word(YamlNode.Mapping node, String key) throws ContentException {
        var text = node.text(key);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** No key says that an event of the one cannot be of the other. */
    static boolean mayMeet(LogSource a, LogSource b) {
        return agree(a.product(), b.product()) && agree(a.category(), b.category()) && agree(a.service(), b.service());
    }

    private static boolean agree(@Nullable String a, @Nullable String b) {
        return a == null || b == null || a.equals(b);
    }
}
