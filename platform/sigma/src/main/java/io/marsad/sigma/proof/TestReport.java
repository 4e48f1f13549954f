package io.marsad.sigma.proof;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * What came of the proofs.
 *
 * @param untested rule files that have no proof beside them
 */
public record TestReport(List<Result> results, List<Untested> untested) {
    public TestReport {
        results = List.copyOf(results);
        untested = List.copyOf(untested);
    }

    /**
     * A rule file without a proof.
     *
     * @param rules the ids of its rules
     */
    public record Untested(String file, List<String> rules) {
        public Untested {
            rules = List.copyOf(rules);
        }
    }

    /**
     * One sample, or one fault of a file.
     *
     * @param rule the id of the rule or correlation; empty when the file could not be read
     * @param failure empty when it passed; else the line and why not
     */
    public record Result(String file, String rule, String name, String failure) {
        public boolean passed() {
            return failure.isEmpty();
        }
    }

    /** Files of which at least one sample was run. */
    public long tested() {
        return results.stream().map(Result::file).distinct().count();
    }

    public long failed() {
        return results.stream().filter(r -> !r.passed()).count();
    }

    /** Nothing failed; untested files are no failures. */
    public boolean passed() {
        return failed() == 0;
    }

    /**
     * {@code {"tests":n,"failed":n,"untested":n,"results":[{"file","rule","name","passed","reason"}…],
     * "untested_files":[…]}}.
     */
    public String json() {
        var out = new StringBuilder("{\"tests\":" + results.size() + ",\"failed\":" + failed() + ",\"untested\":"
                + untested.size() + ",\"results\":[");
        var comma = "";
        for (Result result : results) {
            out.append(comma).append("{\"file\":");
            JsonText.quote(result.file, out);
            out.append(",\"rule\":");
            JsonText.quote(result.rule, out);
            out.append(",\"name\":");
            JsonText.quote(result.name, out);
            out.append(",\"passed\":").append(result.passed()).append(",\"reason\":");
            JsonText.quote(result.failure, out);
            out.append('}');
            comma = ",";
        }
        out.append("],\"untested_files\":[");
        comma = "";
        for (Untested file : untested) {
            out.append(comma);
            JsonText.quote(file.file, out);
            comma = ",";
        }
        return out.append("]}").toString();
    }

    /** As the JUnit task writes its XML: a suite per file. */
    public String junitXml() {
        var byFile = new LinkedHashMap<String, List<Result>>();
        for (Result result : results) {
            byFile.computeIfAbsent(result.file, f -> new java.util.ArrayList<>())
                    .add(result);
        }
        var out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append("<testsuites name=\"marsad rules test\" tests=\"").append(results.size() + untested.size());
        out.append("\" failures=\"").append(failed()).append("\" skipped=\"").append(untested.size());
        out.append("\">\n");
        byFile.forEach((file, tests) -> {
            long failures = tests.stream().filter(r -> !r.passed()).count();
            suite(file, tests.size(), failures, 0, out);
            for (Result test : tests) {
                testCase(file, test.name, out);
                if (test.passed()) {
                    out.append("/>\n");
                } else {
                    out.append("><failure message=\"").append(xml(test.failure)).append("\"/></testcase>\n");
                }
            }
            out.append("  </testsuite>\n");
        });
        for (Untested none : untested) {
            suite(none.file, 1, 0, 1, out);
            testCase(none.file, "has samples beside it", out);
            out.append("><skipped message=\"untested\"/></testcase>\n  </testsuite>\n");
        }
        return out.append("</testsuites>\n").toString();
    }

    private static void suite(String file, int tests, long failures, int skipped, StringBuilder out) {
        out.append("  <testsuite name=\"")
                .append(xml(file))
                .append("\" tests=\"")
                .append(tests);
        out.append("\" failures=\"").append(failures).append("\" errors=\"0\" skipped=\"");
        out.append(skipped).append("\">\n");
    }

    private static void testCase(String file, String name, StringBuilder out) {
        out.append("    <testcase classname=\"").append(xml(file));
        out.append("\" name=\"").append(xml(name)).append('"');
    }

    private static String xml(String text) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\t', '\n', '\r' -> out.append("&#").append(c).append(';');
                default -> {
                    boolean allowed = c >= 0x20 && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF);
                    out.appendCodePoint(allowed ? c : 0xFFFD);
                }
            }
        });
        return out.toString();
    }
}
