package io.marsad.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.EventId;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.event.LogSource;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import io.marsad.kernel.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CornersTest {
    private static final Field F = Field.unmapped("F");

    private static EventBatch row(byte[] value) {
        var batch = new EventBatch(new TenantId("acme"));
        batch.beginRow(new EventId(0, 1), 0, 0, "test");
        batch.add(F.id(), batch.put(value, 0, value.length), value.length, EventBatch.TEXT);
        batch.endRow();
        return batch;
    }

    private static boolean test(Predicate predicate, String value) {
        return CompiledPredicate.of(predicate).test(row(value.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static Predicate equalTo(String text) {
        return new Predicate.Text(F, Glob.literal(text), false);
    }

    @Test
    void foldsOneCodePointToOne() {
        assertThat(test(equalTo("\u212A"), "k")).isTrue(); // Kelvin
        assertThat(test(equalTo("STRASSE"), "straße")).isFalse();
        assertThat(test(equalTo("\u1E9E"), "ß")).isTrue();
        assertThat(test(equalTo("i"), "\u0130")).isFalse();
        assertThat(test(equalTo("ΣΑΣ"), "σας")).isTrue();
        assertThat(test(equalTo("\u023A".repeat(40)), "\u2C65".repeat(40))).isTrue(); // grows by half
    }

    @Test
    void bytesThatAreNotUtf8AreKept() {
        byte[] bad = {'A', (byte) 0xC3, 'B', (byte) 0xFF, (byte) 0xE2, (byte) 0x82, 'c'};
        assertThat(CompiledPredicate.of(new Predicate.Text(F, Glob.contains("C"), false))
                        .test(row(bad), 0))
                .isTrue();
        assertThat(CompiledPredicate.of(new Predicate.Text(F, Glob.contains("ab"), false))
                        .test(row(bad), 0))
                .isFalse();
    }

    @Test
    void networks() {
        assertThat(test(new Predicate.Cidr(F, "10.0.0.0/8"), "::ffff:10.0.0.1")).isFalse();
        assertThat(test(new Predicate.Cidr(F, "::ffff:0:0/96"), "::ffff:10.0.0.1"))
                .isTrue();
        assertThat(test(new Predicate.Cidr(F, "fe80::/10"), "fe80:0:0:0:9d1:2:3:4%eth0"))
                .isTrue();
        for (String wrong :
                new String[] {"", ":", ":::", "1:2", "1::2::3", "1.2.3", "1.2.3.4.5", "1.2.3.256", "12345::"}) {
            assertThat(test(new Predicate.Cidr(F, "0.0.0.0/0"), wrong))
                    .as(wrong)
                    .isFalse();
            assertThat(test(new Predicate.Cidr(F, "::/0"), wrong)).as(wrong).isFalse();
        }
        for (String wrong : new String[] {"10.0.0.1/8", "10.0.0.0/33", "x", "::1/129", "10.0.0.0/", "fe80::1/10"}) {
            assertThatThrownBy(() -> Network.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void expressionsThatBacktrackAreLinearOrRefused() {
        var evil = new Predicate.Regex(F, "(a+)+$", Set.of());
        long start = System.nanoTime();
        assertThat(test(evil, "a".repeat(5000) + "b")).isFalse();
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
        assertThatThrownBy(() -> CompiledPredicate.of(new Predicate.Regex(F, "(?<=a)b", Set.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not supported");
    }

    @Test
    void thousandsOfAlternativesAndManyRulesAreCounted() {
        var compiler = new MatcherCompiler();
        for (int r = 0; r < 50; r++) {
            var any = new ArrayList<Predicate>();
            for (int i = 0; i < 1000; i++) {
                any.add(new Predicate.Text(F, Glob.contains("needle-" + r + "-" + i + "-"), false));
            }
            compiler.add(LogSource.NONE, Predicate.or(any));
        }
        var matcher = compiler.compile();
        var hits = new Hits();
        matcher.match(row("xx NEEDLE-7-999- and needle-33-1- yy".getBytes(StandardCharsets.UTF_8)), 0, hits);
        assertThat(hits.toArray()).containsExactly(7, 33);
        assertThat(matcher.costs().get(7).matches()).isEqualTo(1);
        assertThat(matcher.costs().get(8).evaluations()).isZero();
        assertThat(matcher.copy().costs().get(7).matches()).isZero();
    }
}
