package io.marsad.fleet.osquery;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Queries that osquery asks again and again, as one thing that groups of hosts are given.
 *
 * @param usual whether groups have it that nobody has chosen packs for
 * @param attack techniques of ATT&CK that it looks for
 * @param limits on which hosts it is asked
 * @param discovery queries that all have to answer something on a host, or the pack is not asked there
 * @param filePaths patterns of files that are watched, by category
 * @param excludePaths patterns that are not, by category
 */
public record QueryPack(
        String name,
        String title,
        String description,
        boolean usual,
        List<String> attack,
        Limits limits,
        List<String> discovery,
        List<Query> queries,
        Map<String, List<String>> filePaths,
        Map<String, List<String>> excludePaths) {
    public QueryPack {
        attack = List.copyOf(attack);
        discovery = List.copyOf(discovery);
        queries = List.copyOf(queries);
    }

    /**
     * Where something is asked.
     *
     * @param platform as osquery names it: linux, darwin, windows, posix, or several with commas; empty: everywhere
     * @param version of osquery that it needs at least; empty: any
     * @param shard percent of the hosts; null: all
     */
    public record Limits(
            String platform, String version, @Nullable Integer shard) {}

    /**
     * One query.
     *
     * @param interval seconds between two answers
     * @param removed whether rows that are gone are told; null: as osquery does, told
     * @param snapshot whether each answer is told whole
     * @param denylist whether osquery may stop asking when it costs too much; null: as osquery does, it may
     * @param line where it stands in its file
     */
    public record Query(
            String name,
            String sql,
            int interval,
            @Nullable Boolean removed,
            boolean snapshot,
            @Nullable Boolean denylist,
            Limits limits,
            String description,
            int line) {}
}
