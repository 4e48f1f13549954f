package io.marsad.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecretsTest {
    private final Secrets secrets = new Secrets();

    private String clean(String text, boolean json) {
        var padded = ("xx" + text + "yy").getBytes(StandardCharsets.UTF_8);
        int length = padded.length - 4;
        secrets.look(padded, 2, length, json);
        var out = secrets.found() ? secrets.replaced(padded, 2, length) : null;
        return out == null ? text : new String(out, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"password\":\"hunter2\",\"user\":\"a\"}|{\"password\":\"[redacted]\",\"user\":\"a\"}",
                "{ \"Password\" : \"x\" }|{ \"Password\" : \"[redacted]\" }",
                "{\"user_password\":\"x\\\"y\"}|{\"user_password\":\"[redacted]\"}",
                "{\"a\":[{\"sessionToken\":\"x\"}],\"b\":1}|{\"a\":[{\"sessionToken\":\"[redacted]\"}],\"b\":1}",
                "{\"X-Api-Key\":\"k\",\"pin.token\":42}|{\"X-Api-Key\":\"[redacted]\",\"pin.token\":\"[redacted]\"}",
                "{\"secret\":{\"password\":\"x\",\"n\":[1]},\"z\":0}|{\"secret\":\"[redacted]\",\"z\":0}",
                "{\"headers\":{\"Authorization\":\"Bearer abc\"}}|{\"headers\":{\"Authorization\":\"[redacted]\"}}",
                "{\"private_key\":\"-----BEGIN\"}|{\"private_key\":\"[redacted]\"}",
                "{\"secretAccessKey\":\"wJalr\"}|{\"secretAccessKey\":\"[redacted]\"}",
            })
    void valuesOfSecretNamesAreReplacedInJson(String record, String expected) {
        assertThat(clean(record, true)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"TokenElevationType\":\"%%1936\",\"PasswordLastSet\":\"x\"}",
                "{\"accessKeyId\":\"AKIA\",\"passwordReset\":true}",
                "{\"password\":null,\"token\":false,\"secret\":\"\"}",
                "{\"password_policy\":{\"min\":12},\"secrets\":[\"a\"]}",
                "{\"note\":\"the password is x\"}",
            })
    void whatOnlySoundsSecretStays(String record) {
        assertThat(clean(record, true)).isEqualTo(record);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<13>app: login user=a password=hunter2 ok|<13>app: login user=a password=[redacted] ok",
                "GET /x?token=abc&y=1 200|GET /x?token=[redacted]&y=1 200",
                "mysql --password='a b' -u r|mysql --password='[redacted]' -u r",
                "a1=\"--db-password=x y\"|a1=\"--db-password=[redacted] y\"",
                "Authorization: Bearer abc.def next|Authorization: [redacted] next",
                "{\"password\":\"x\", broken|{\"password\":\"[redacted]\", broken",
                "sshd[1]: Failed password for root from 10.0.0.1 port 22 ssh2|sshd[1]: Failed password for root from 10.0.0.1 port 22 ssh2",
                "type=SYSCALL key=(null) auid=4294967295|type=SYSCALL key=(null) auid=4294967295",
                "password=|password=",
            })
    void valuesOfSecretNamesAreReplacedInText(String record, String expected) {
        assertThat(clean(record, true)).isEqualTo(expected);
        assertThat(clean(expected, false)).as("again").isEqualTo(expected);
    }

    @Test
    void whatIsLeftOfJsonIsJsonWithoutTheSecret() {
        var random = Seed.of("SecretsTest").random();
        var walk = new JsonWalk();
        int replaced = 0;
        for (int i = 0; i < 3000; i++) {
            var record = "{" + members(random, 0) + "}";
            var clean = clean(record, true);
            var bytes = clean.getBytes(StandardCharsets.UTF_8);
            assertThat(walk.walk(bytes, 0, bytes.length, (d, k, f, t) -> {}))
                    .as(clean)
                    .isNull();
            assertThat(clean).doesNotContain("hidden");
            assertThat(count(clean, "shown")).isLessThanOrEqualTo(count(record, "shown"));
            replaced += record.equals(clean) ? 0 : 1;
        }
        assertThat(replaced).isGreaterThan(500);
    }

    private static int count(String text, String word) {
        return text.split(word, -1).length;
    }

    private static String members(SplittableRandom random, int depth) {
        var text = new StringBuilder();
        int n = 1 + random.nextInt(4);
        for (int i = 0; i < n; i++) {
            boolean secret = random.nextInt(4) == 0;
            text.append(i == 0 ? "" : ", ").append('"');
            text.append(secret ? new String[] {"password", "API_KEY", "refreshToken"}[random.nextInt(3)] : "name" + i);
            text.append("\":");
            text.append(
                    depth < 3 && random.nextInt(3) == 0
                            ? (random.nextBoolean()
                                    ? "{" + members(random, depth + 1) + "}"
                                    : "[1, {" + members(random, depth + 1) + "}]")
                            : secret ? "\"hidden \\\" \\u00e4\"" : "\"shown \\\\\"");
        }
        return text.toString();
    }

    private static final String[] PIECES = {
        "password",
        "Pass_Word",
        "pass word",
        "pwd",
        "token",
        "to-ken",
        "api.key",
        "authorization",
        "Authorization",
        "version",
        "Description",
        "key",
        "secret",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\"",
        "\"",
        "'",
        ":",
        ":",
        "=",
        "=",
        ",",
        " ",
        "\t",
        "x",
        "1",
        "Bearer abc",
        "\\",
        "é",
        "msg=audit(1:2):",
        "\":\"",
        "\" : \"",
        "{\"",
        "\"}",
    };

    /** The look at first sight passes nothing over that the close one would find. */
    @Test
    void atFirstSightNothingIsMissed() {
        var random = Seed.of("SecretsTest").random();
        var close = new Secrets();
        int found = 0;
        for (int i = 0; i < 50_000; i++) {
            var text = new StringBuilder(random.nextInt(3) == 0 ? "{\"" : "");
            for (int n = random.nextInt(14); n >= 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            boolean json = random.nextBoolean();
            secrets.look(bytes, 0, bytes.length, json);
            close.lookClosely(bytes, 0, bytes.length, json);
            assertThat(secrets.found()).as(text.toString()).isEqualTo(close.found());
            found += close.found() ? 1 : 0;
        }
        assertThat(found).as("some have secrets").isGreaterThan(1000);
    }
}
