package io.marsad.sigma.proof;

import java.util.LinkedHashMap;
import java.util.List;

/** What came of the proofs. */
public record TestReport(List<Result> results) {
    public TestReport {
        results = List.copyOf(results);
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

    public long failed() {
        return results.stream().filter(r -> !r.passed()).count();
    }

    public boolean passed() {
        return failed() == 0;
    }

    /** {@code {"tests":n,"failed":n,"results":[{"file","rule","name","passed","reason"}…]}}. */
    public String json() {
        var out = new StringBuilder("{\"tests\":" + results.size() + ",\"failed\":" + failed() + ",\"results\":[");
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
        return out.append("]}").toString();
    }

    /** As the JUnit task writes its XML: a suite per file. */
    public String junitXml() {
        var byFile = new LinkedHashMap<String, List<Result>>();
        for (Result result : results) {
            byFile.computeIfAbsent(result.file, f -> new java.util.ArrayList<>())
                    .add(result);
        }
        var out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        byFile.forEach((file, tests) -> {
            long failures = tests.stream().filter(r -> !r.passed()).count();
            out.append("  <testsuite name=\"")
                    .append(xml(file))
                    .append("\" tests=\"")
                    .append(tests.size());
            out.append("\" failures=\"").append(failures).append("\" errors=\"0\" skipped=\"0\">\n");
            for (Result test : tests) {
                out.append("    <testcase classname=\"").append(xml(file));
                out.append("\" name=\"").append(xml(test.name)).append('"');
                if (test.passed()) {
                    out.append("/>\n");
                } else {
                    out.append("><failure message=\"").append(xml(test.failure)).append("\"/></testcase>\n");
                }
            }
            out.append("  </testsuite>\n");
        });
        return out.append("</testsuites>\n").toString();
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
