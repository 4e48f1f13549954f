package io.marsad.soc.intel;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.match.indicator.IndicatorMatcher;
import io.marsad.match.indicator.IndicatorSetBuilder;
import io.marsad.match.indicator.IndicatorType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What {@link Indicator} takes for the same, the stream takes for the same, and nothing else. */
class StreamAgreementTest {
    private static final List<String> PIECES = List.of(
            "http://",
            "HTTPS://",
            "ftp://",
            "wss://",
            "evil",
            "Evil",
            "EVIL",
            ".",
            ".com",
            ".CO",
            "[::1]",
            "[::FFFF:1.2.3.4]",
            "1.2.3.4",
            "01.2.3.4",
            "::1",
            "0:0::1",
            "2001:DB8::",
            ":80",
            ":443",
            ":0080",
            ":",
            "@",
            "/",
            "/a",
            "/A",
            "?",
            "?q=1",
            "#x",
            "\\",
            "%41",
            "%2f",
            "%2F",
            "%zz",
            "é",
            "É",
            "bücher",
            "xn--bcher-kva",
            "*.",
            "u",
            "U",
            "mailto:",
            "<",
            ">",
            "%eth0",
            "d41d8cd98f00b204e9800998ecf8427e",
            "D41D8CD98F00B204E9800998ECF8427E",
            "md5:");

    @Test
    void spellingsAreTheSameHereAndThere() {
        long seed = 20_261_122;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 400; round++) {
            for (IndicatorType type : IndicatorType.values()) {
                var spellings = new ArrayList<String>();
                var forms = new HashMap<String, Integer>();
                try (var builder = new IndicatorSetBuilder(1, round)) {
                    for (int i = 0; i < 60; i++) {
                        var text = new StringBuilder();
                        for (int n = 1 + random.nextInt(6); n > 0; n--) {
                            text.append(PIECES.get(random.nextInt(PIECES.size())));
                        }
                        spellings.add(text.toString());
                        var indicator = Indicator.of(type.name(), text.toString());
                        if (indicator.fault() == null
                                && random.nextBoolean()
                                && !forms.containsKey(indicator.value())) {
                            forms.put(indicator.value(), i);
                            assertThat(builder.add(type, indicator.value(), i))
                                    .as("seed %d: %s", seed, indicator)
                                    .isTrue();
                        }
                    }
                    var set = builder.build();
                    var matcher = new IndicatorMatcher();
                    for (String spelling : spellings) {
                        var indicator = Indicator.of(type.name(), spelling);
                        if (indicator.fault() == null && !wrapped(spelling)) {
                            var bytes = spelling.getBytes(StandardCharsets.UTF_8);
                            assertThat(matcher.find(set, type, bytes, 0, bytes.length))
                                    .as("seed %d: %s as %s of %s", seed, spelling, indicator, forms)
                                    .isEqualTo(expected(forms, type, indicator.value()));
                        }
                    }
                    set.release();
                }
            }
        }
    }

    /** Feeds wrap values so that nobody clicks on them; events do not. */
    private static boolean wrapped(String spelling) {
        return spelling.startsWith("<") && spelling.endsWith(">");
    }

    private static int expected(HashMap<String, Integer> forms, IndicatorType type, String form) {
        var rest = form;
        while (type == IndicatorType.DOMAIN && !forms.containsKey(rest) && rest.indexOf('.') != rest.lastIndexOf('.')) {
            rest = rest.substring(rest.indexOf('.') + 1);
        }
        return forms.getOrDefault(rest, -1);
    }
}
