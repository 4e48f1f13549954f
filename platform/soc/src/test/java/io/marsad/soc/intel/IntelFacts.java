package io.marsad.soc.intel;

import java.io.StringWriter;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** A result as its readers get it. */
final class IntelFacts {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private IntelFacts() {}

    /** The text, which is JSON. */
    static String json(IntelResult result) {
        var out = new StringWriter();
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            IntelJson.write(generator, result);
        }
        JsonMapper.shared().readTree(out.toString());
        return out.toString();
    }
}
