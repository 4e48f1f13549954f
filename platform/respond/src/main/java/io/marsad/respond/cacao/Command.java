package io.marsad.respond.cacao;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action step has done (CACAO 2.0, 5).
 *
 * @param type as the playbook has it
 * @param text the command, decoded where it was base64
 * @param headers of an HTTP request; empty for others
 * @param content of an HTTP request, decoded where it was base64
 * @param line of the file, from 1
 */
public record Command(
        Kind kind,
        String type,
        String text,
        Map<String, List<String>> headers,
        @Nullable String content,
        @Nullable String description,
        int line) {
    public Command {
        headers = Map.copyOf(headers);
    }

    /** What there is to carry it out. */
    public enum Kind {
        MANUAL("manual"),
        HTTP_API("http-api"),
        OPENC2_HTTP("openc2-http"),
        BASH("bash"),
        POWERSHELL("powershell"),
        SSH("ssh"),
        CALDERA("caldera-cmd"),
        ELASTIC("elastic"),
        JUPYTER("jupyter"),
        KESTREL("kestrel"),
        SIGMA("sigma"),
        YARA("yara"),
        /** The vocabulary is open: of a type that only its author knows. */
        OTHER("other");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As playbooks write it. */
        public String word() {
            return word;
        }

        static Kind of(String word) {
            for (var kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            return OTHER;
        }

        /** Whether it is a request over HTTP. */
        public boolean isHttp() {
            return this == HTTP_API || this == OPENC2_HTTP;
        }
    }
}
