package io.marsad.respond.cacao;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the commands of an action step. */
final class CommandReader {
    private static final Set<String> PROPERTIES = Set.of(
            "type",
            "description",
            "version",
            "playbook_activity",
            "external_references",
            "command",
            "command_b64",
            "headers",
            "content",
            "content_b64");

    private CommandReader() {}

    static Command read(Fields fields) {
        fields.allowOnly(PROPERTIES);
        var word = fields.required("type");
        var kind = Command.Kind.of(word);
        var text = plainOrBase64(fields, "command");
        if (text == null) {
            fields.error("type", "a command has no 'command' and no 'command_b64'");
        }
        if (!kind.isHttp() && (fields.has("headers") || fields.has("content") || fields.has("content_b64"))) {
            fields.warning("type", "only requests over HTTP have 'headers' and 'content'");
        }
        return new Command(
                kind,
                word,
                text == null ? "" : text,
                headers(fields),
                plainOrBase64(fields, "content"),
                fields.text("description"),
                fields.line());
    }

    private static Map<String, List<String>> headers(Fields fields) {
        var headers = fields.object("headers");
        Map<String, List<String>> read = new LinkedHashMap<>();
        if (headers != null) {
            for (var entry : fields.entries("headers")) {
                read.put(entry.key(), headers.texts(entry.key()));
            }
        }
        return read;
    }

    private static @Nullable String plainOrBase64(Fields fields, String key) {
        var plain = fields.text(key);
        var encoded = fields.text(key + "_b64");
        if (plain != null && encoded != null) {
            fields.error(key, "either '" + key + "' or '" + key + "_b64'");
        }
        if (encoded == null) {
            return plain;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getMimeDecoder().decode(encoded)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            fields.error(key + "_b64", "'" + key + "_b64' is not UTF-8 text in base64");
            return null;
        }
    }
}
