package io.marsad.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache changes how long loading takes, never what is loaded. */
final class RuleCacheTest {
    private static final String GOOD = """
            title: One
            id: 00000000-0000-4000-8000-000000000001
            logsource: {product: windows}
            detection:
              sel:
                Image|endswith: ['\\cmd.exe', "\\u00e9.exe", 7]
                Other: null
                Line|contains|all: [a, b]
              condition: sel
            """;
    private static final String TWO = """
            title: Two
            id: 00000000-0000-4000-8000-000000000002
            name: two
            logsource: {category: process_creation}
            detection: {sel: [word, {A: 1}], condition: sel}
            ---
            title: Many twos
            id: 00000000-0000-4000-8000-000000000003
            correlation: {type: event_count, rules: [two], group-by: [User], timespan: 5m, condition: {gte: 3}}
            """;

    @TempDir
    private Path folder;

    private Path cacheFile() {
        return folder.resolve("cache/rules.bin");
    }

    private RuleSet load(RuleCache cache) throws Exception {
        return RuleSet.load(List.of(folder.resolve("rules")), FieldResolver.UNMAPPED, Placeholders.NONE, cache);
    }

    private void rules() throws Exception {
        var rules = Files.createDirectories(folder.resolve("rules/a"));
        Files.writeString(rules.resolve("good.yml"), GOOD);
        Files.writeString(rules.resolve("two.yml"), TWO);
        Files.writeString(rules.resolve("bad.yml"), "title: [unclosed\n");
        Files.writeString(rules.resolve("refused.yml"), "title: T\ndetection: {condition: x}\n");
        Files.write(rules.resolve("bytes.yml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        Files.createDirectories(rules.resolve(".hidden"));
        Files.writeString(rules.resolve(".hidden/no.yml"), GOOD);
        Files.writeString(rules.resolve(".no.yml"), GOOD);
        Files.writeString(rules.resolve("good.test.yml"), GOOD);
    }

    private static void same(RuleSet a, RuleSet b) {
        assertThat(a.rules()).isEqualTo(b.rules()).isNotEmpty();
        assertThat(a.correlations()).isEqualTo(b.correlations()).isNotEmpty();
        assertThat(a.refusals()).isEqualTo(b.refusals()).isNotEmpty();
        assertThat(a.files()).isEqualTo(b.files());
    }

    @Test
    void whatIsRememberedIsWhatTheFilesSay() throws Exception {
        rules();
        var first = RuleCache.open(cacheFile());
        var fresh = load(first);
        assertThat(fresh.files()).isEqualTo(5);
        assertThat(first.misses()).isEqualTo(5);
        first.save();

        var second = RuleCache.open(cacheFile());
        same(load(second), fresh);
        assertThat(second.ignored()).isNull();
        assertThat(second.hits()).isEqualTo(5);
        assertThat(second.misses()).isZero();
        same(load(RuleCache.none()), fresh);
    }

    @Test
    void aFileIsKnownByItsContentWhateverItIsCalled() throws Exception {
        rules();
        var first = RuleCache.open(cacheFile());
        load(first);
        first.save();
        var good = folder.resolve("rules/a/good.yml");
        Files.move(good, folder.resolve("rules/moved.yml"));
        Files.writeString(good, GOOD.replace("cmd", "cmx").replace("-000000000001", "-000000000009"));

        var second = RuleCache.open(cacheFile());
        var rules = load(second);
        assertThat(second.misses()).isEqualTo(1);
        same(rules, load(RuleCache.none()));
        assertThat(rules.rules()).extracting(r -> r.about().file()).anyMatch(f -> f.endsWith("moved.yml"));
        second.save();
        var third = RuleCache.open(cacheFile());
        same(load(third), rules);
        assertThat(third.misses()).isZero();
    }

    @Test
    void aDamagedCacheIsNotUsedAndIsWrittenAnew() throws Exception {
        rules();
        var first = RuleCache.open(cacheFile());
        var fresh = load(first);
        first.save();
        var good = Files.readAllBytes(cacheFile());
        for (int i = 0; i < good.length; i += 1 + i / 16) {
            var bad = good.clone();
            bad[i] ^= 0x10;
            damaged(bad, fresh);
        }
        for (int length : new int[] {1, 7, 19, 20, good.length / 2, good.length - 1}) {
            damaged(java.util.Arrays.copyOf(good, length), fresh);
        }
        var again = RuleCache.open(cacheFile());
        load(again);
        again.save();
        assertThat(RuleCache.open(cacheFile()).ignored()).isNull();
    }

    private void damaged(byte[] bytes, RuleSet fresh) throws Exception {
        Files.write(cacheFile(), bytes);
        var cache = RuleCache.open(cacheFile());
        assertThat(cache.ignored()).isNotNull();
        same(load(cache), fresh);
        assertThat(cache.hits()).isZero();
    }

    @Test
    void thePublicRulesAreTheSame() throws Exception {
        var linux = SharedData.folder("sigma/rules/linux");
        var first = RuleCache.open(cacheFile());
        var fresh = RuleSet.load(List.of(linux), FieldResolver.UNMAPPED, Placeholders.NONE, first);
        first.save();
        var second = RuleCache.open(cacheFile());
        var again = RuleSet.load(List.of(linux), FieldResolver.UNMAPPED, Placeholders.NONE, second);
        assertThat(second.misses()).isZero();
        assertThat(again.rules()).isEqualTo(fresh.rules());
        assertThat(again.rules().size()).isGreaterThan(100);
    }
}
