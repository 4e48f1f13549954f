package io.marsad.bench.store;

import io.marsad.kernel.event.Field;
import io.marsad.kernel.predicate.Glob;
import io.marsad.kernel.predicate.Predicate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One of the twelve queries, for both stores.
 *
 * @param where for ours
 * @param theirs the same for OpenSearch: a query clause
 */
record Question(String name, Kind kind, Predicate where, Map<String, Object> theirs, List<Field> of) {
    enum Kind {
        /** The newest 100 rows of the newest two thirds of the time. */
        NEWEST,
        COUNT,
        /** The ten most frequent values. */
        TERMS,
        /** Sixty parts of the whole time. */
        HISTOGRAM
    }

    static List<Question> twelve(Subjects about) {
        return Stream.of(ofRows(about), ofTexts(about), ofGroups(about), ofFields(about))
                .flatMap(List::stream)
                .toList();
    }

    private static Predicate host(Subjects about) {
        return new Predicate.Text(about.host(), Glob.literal(about.aHost()), false);
    }

    private static List<Question> ofRows(Subjects about) {
        var host = host(about);
        return List.of(
                new Question("newest 100 of a host", Kind.NEWEST, host, term(about.host(), about.aHost()), List.of()),
                new Question(
                        "newest 100", Kind.NEWEST, Predicate.EVERYTHING, Map.of("match_all", Map.of()), List.of()));
    }

    private static List<Question> ofTexts(Subjects about) {
        return List.of(
                new Question(
                        "rare word, counted",
                        Kind.COUNT,
                        anywhere(EventStream.RARE),
                        Map.of("match", Map.of("message", EventStream.RARE)),
                        List.of()),
                new Question(
                        "absent word, counted",
                        Kind.COUNT,
                        anywhere("zzqqxxyy77kkww"),
                        Map.of("match", Map.of("message", "zzqqxxyy77kkww")),
                        List.of()),
                new Question(
                        "part of a word in one field",
                        Kind.COUNT,
                        new Predicate.Text(
                                about.process(),
                                Glob.literal(about.partOfProcess()).withStars(true, true),
                                false),
                        Map.of(
                                "wildcard",
                                Map.of(
                                        Documents.name(about.process()),
                                        Map.of("value", "*" + about.partOfProcess() + "*", "case_insensitive", true))),
                        List.of()),
                new Question(
                        "part of a word anywhere",
                        Kind.COUNT,
                        anywhere(EventStream.RARE.substring(2, 9)),
                        Map.of(
                                "wildcard",
                                Map.of("message", Map.of("value", "*" + EventStream.RARE.substring(2, 9) + "*"))),
                        List.of()));
    }

    private static List<Question> ofGroups(Subjects about) {
        return List.of(
                new Question(
                        "terms, few values",
                        Kind.TERMS,
                        Predicate.EVERYTHING,
                        Map.of("match_all", Map.of()),
                        List.of(about.few())),
                new Question(
                        "terms, many values",
                        Kind.TERMS,
                        Predicate.EVERYTHING,
                        Map.of("match_all", Map.of()),
                        List.of(about.many())),
                new Question(
                        "histogram", Kind.HISTOGRAM, Predicate.EVERYTHING, Map.of("match_all", Map.of()), List.of()));
    }

    private static List<Question> ofFields(Subjects about) {
        var host = host(about);
        var process = new Predicate.Text(about.process(), Glob.literal(about.aProcess()), false);
        return List.of(
                new Question("count of a host", Kind.COUNT, host, term(about.host(), about.aHost()), List.of()),
                new Question(
                        "count of a network",
                        Kind.COUNT,
                        new Predicate.Cidr(about.address(), about.network()),
                        Map.of("term", Map.of(Documents.name(about.address()), about.network())),
                        List.of()),
                new Question(
                        "two fields and",
                        Kind.COUNT,
                        new Predicate.And(List.of(host, process)),
                        Map.of(
                                "bool",
                                Map.of(
                                        "filter",
                                        List.of(
                                                term(about.host(), about.aHost()),
                                                term(about.process(), about.aProcess())))),
                        List.of()));
    }

    private static Predicate anywhere(String text) {
        return new Predicate.Text(Predicate.ANYWHERE, Glob.literal(text).withStars(true, true), false);
    }

    private static Map<String, Object> term(Field field, String value) {
        return Map.of("term", Map.of(Documents.name(field), Map.of("value", value, "case_insensitive", true)));
    }
}
