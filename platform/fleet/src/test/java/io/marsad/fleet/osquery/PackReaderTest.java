package io.marsad.fleet.osquery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackReaderTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/osquery-packs");

    private static List<String> said(String text) {
        return PackReader.read("mine", text).findings().stream()
                .map(one -> one.severity() + " " + one.problem().line() + " "
                        + one.problem().reason())
                .toList();
    }

    private static List<String> saidOf(String query) {
        return said("queries:\n  q:\n    query: \"" + query + "\"\n    interval: 600\n");
    }

    @Test
    void whatIsShippedIsReadWithNothingToSayAgainstIt() throws Exception {
        var shipped = ShippedPacks.read(SHIPPED).all();
        assertThat(shipped.keySet())
                .containsExactly(
                        "attack-persistence",
                        "defense-evasion",
                        "fim-baseline",
                        "fim-credentials",
                        "inventory",
                        "osquery-health");
        shipped.forEach(
                (name, one) -> assertThat(PackReader.read(name, one.text()).findings())
                        .as(name)
                        .isEmpty());
    }

    @Test
    void aPackIsRenderedAsOsqueryReadsIt() {
        var read = PackReader.read("mine", """
                title: Mine
                platform: linux
                version: 5.2.0
                shard: 10
                discovery: [SELECT pid FROM processes WHERE name = 'nginx']
                queries:
                  events:
                    query: SELECT target_path FROM file_events
                    interval: 60
                    removed: false
                    denylist: false
                    shard: 50
                  all:
                    query: SELECT name FROM deb_packages
                    interval: 3600
                    snapshot: true
                file_paths:
                  web: [/var/www/%%]
                exclude_paths:
                  web: [/var/www/cache/%%]
                """);
        assertThat(read.findings()).isEmpty();
        var pack = Objects.requireNonNull(read.pack());
        var config = OsqueryConfig.of(List.of(pack));
        assertThat(config.path("packs").toString())
                .isEqualTo(
                        "{\"mine\":{\"platform\":\"linux\",\"version\":\"5.2.0\",\"shard\":10,"
                                + "\"discovery\":[\"SELECT pid FROM processes WHERE name = 'nginx'\"],"
                                + "\"queries\":{\"events\":{\"query\":\"SELECT target_path FROM file_events\",\"interval\":60,"
                                + "\"removed\":false,\"denylist\":false,\"shard\":50},"
                                + "\"all\":{\"query\":\"SELECT name FROM deb_packages\",\"interval\":3600,\"snapshot\":true}}}}");
        assertThat(config.path("file_paths").toString()).isEqualTo("{\"web\":[\"/var/www/%%\"]}");
        assertThat(config.path("exclude_paths").toString()).isEqualTo("{\"web\":[\"/var/www/cache/%%\"]}");
    }

    @Test
    void osquerysOwnJsonIsRead() {
        var read = PackReader.read("theirs", """
                {"platform": "posix", "queries": {"x": {"query": "select name from users;", "interval": "3600",
                 "description": "d", "value": "v"}}}""");
        assertThat(read.findings()).isEmpty();
        var pack = Objects.requireNonNull(read.pack());
        assertThat(pack.queries().getFirst().interval()).isEqualTo(3600);
    }

    @Test
    void eachFaultIsSaidWithItsLine() {
        assertThat(said("""
                        platform: amiga
                        attack: [persistence]
                        shard: 101
                        queries:
                          a:
                            query: DELETE FROM users
                            interval: 5
                          b c:
                            query: SELECT 1; SELECT 2
                            interval: 60
                          d:
                            query: SELECT (1 FROM users
                            interval: 60
                            snapshot: true
                            removed: false
                          e: {query: "SELECT 'open", interval: 60}
                          f: {query: SELECT url FROM curl WHERE url = 'http://x', interval: 60}
                          g: {query: SELECT carve(path) FROM file WHERE path = '/etc/shadow', interval: 60}
                          h: {interval: 60}
                          i: {query: SELECT 1, intervall: 60}
                        file_paths:
                          x: [relative/path]
                        """))
                .containsExactlyInAnyOrder(
                        "error 1 'amiga' is no platform: linux, darwin, windows, posix, or several with commas",
                        "error 1 'persistence' is no technique of ATT&CK, as T1053 or T1053.003 are",
                        "error 3 shard is a whole number from 1 to 100",
                        "error 7 interval is a whole number from 10 to 604800",
                        "error 9 a query's name has 1 to 100 letters, digits, - and _; this is 'b c'",
                        "error 12 d: a snapshot has no rows that are gone: leave 'removed' out",
                        "error 5 a: it has to begin with SELECT or WITH",
                        "error 8 b c: it is more than one statement",
                        "error 11 d: parentheses do not fit each other",
                        "error 16 e: a text that begins with ' does not end",
                        "error 17 f: 'curl' makes the host send or fetch something; ask it live",
                        "error 18 g: 'carves' makes the host send or fetch something; ask it live",
                        "error 19 'query' is missing",
                        "error 20 unknown key 'intervall' (did you mean 'interval'?)",
                        "error 22 'relative/path' is no absolute path (% stands for one name, %% for all below)");
        assertThat(said("queries: [1, 2")).first().asString().startsWith("error 1 not YAML");
        assertThat(said("x".repeat(PackReader.LONGEST + 1))).hasSize(1);
        assertThat(PackReader.read("No Name", "queries: {a: {query: SELECT 1, interval: 60}}")
                        .pack())
                .isNull();
    }

    @Test
    void whatIsDoubtfulIsSaid() {
        assertThat(saidOf("SELECT name FROM procesess"))
                .containsExactly(
                        "warning 2 q: osquery has no table 'procesess' (did you mean 'processes'?); where no extension"
                                + " brings it, the query fails");
        assertThat(
                        said(
                                "queries:\n  q:\n    query: SELECT name FROM services\n    interval: 60\n    platform: posix\n"))
                .containsExactly("warning 2 q: there is no table 'services' on darwin, linux: say platform: windows");
        assertThat(said("queries:\n  q: {query: SELECT path FROM hash, interval: 60}\n"))
                .containsExactly(
                        "warning 2 q: 'hash' answers nothing where none of path, directory is given in WHERE or a join");
        assertThat(said("platform: linux\nqueries:\n  q: {query: SELECT * FROM file_events, interval: 60}\n"))
                .containsExactly(
                        "warning 3 q: file_events is empty where no file_paths say which files are watched",
                        "warning 3 q: events go away by themselves: say removed: false, or each is told twice",
                        "warning 3 q: SELECT *: with another version of osquery the rows have other columns");
        assertThat(said("platform: linux\nqueries:\n  q: {query: SELECT 1, interval: 60, platform: windows}\n"))
                .containsExactly("warning 3 q: its platform and that of its pack leave no host");
        assertThat(said("queries:\n  q: {query: SELECT 1, interval: 10}\n")).hasSize(1);
    }

    @Test
    void theTablesOfAQueryAreFound() {
        assertThat(QueryWords.of(
                                "SELECT a FROM users u, groups AS g LEFT JOIN hash h USING (path) WHERE 'from x' <> \"y\"")
                        .tables())
                .containsExactlyInAnyOrder("users", "groups", "hash");
        assertThat(QueryWords.of(
                                "WITH own(a, b) AS (SELECT 1 FROM mounts), two AS (SELECT 2) SELECT (SELECT uid FROM time)"
                                        + " FROM own JOIN two JOIN json_each('[1]') -- FROM no\n WHERE a IN (SELECT 1 FROM routes)"
                                        + " /* FROM none */ UNION SELECT 1 FROM [arp_cache]")
                        .tables())
                .containsExactlyInAnyOrder("mounts", "time", "routes", "arp_cache");
        assertThat(QueryWords.of("SELECT x FROM (SELECT y FROM users), groups").tables())
                .containsExactlyInAnyOrder("users", "groups");
    }

    @Test
    void noTextMakesItFail() {
        var random = new Random(20261123);
        var signs = "selct from with join as()'\"[]`,;-*/%\n:{}#&!|>0".toCharArray();
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(80); n > 0; n--) {
                text.append(signs[random.nextInt(signs.length)]);
            }
            QueryWords.of(text.toString()).tables();
            PackReader.read("mine", text.toString());
        }
    }
}
