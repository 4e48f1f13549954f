package io.marsad.sigma.lint;

import io.marsad.kernel.content.ContentException;
import io.marsad.kernel.content.ContentProblem;
import io.marsad.kernel.content.YamlNode;
import io.marsad.kernel.content.YamlReader;
import io.marsad.sigma.ContentFiles;
import io.marsad.sigma.FieldResolver;
import io.marsad.sigma.Placeholders;
import io.marsad.sigma.RuleSet;
import io.marsad.sigma.SigmaDocument;
import io.marsad.sigma.SigmaFilter;
import io.marsad.sigma.SigmaRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a check of rules found.
 *
 * @param rules those that can be read; lists that are not there were assumed
 * @param warnings documents that are read, but probably not as their author means them; by file and line
 */
public record Lint(RuleSet rules, List<ContentProblem> warnings) {
    public Lint {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads every rule below the folders and looks at what it asks.
     *
     * @param lists those that are known; a rule that asks for another is read all the same ({@link #waiting})
     * @throws IOException when a folder or file cannot be read at all
     */
    public static Lint of(List<Path> folders, FieldResolver fields, Placeholders lists) throws IOException {
        var rules = RuleSet.load(folders, fields, lists.assuming());
        var files = new ArrayList<Path>();
        for (Path folder : folders) {
            files.addAll(ContentFiles.under(folder));
        }
        try {
            var warnings = new ArrayList<>(
                    files.parallelStream().map(Lint::file).flatMap(List::stream).toList());
            for (SigmaRule rule : rules.rules()) {
                if (rule.missingLists().isEmpty() && rule.firesOnEverything()) {
                    warnings.add(at(rule, "the rule fires on every event of its log source"));
                }
            }
            for (SigmaFilter filter : rules.filters()) {
                if (rules.rules().stream().noneMatch(filter::appliesTo)) {
                    warnings.add(at(
                            filter,
                            "the filter takes nothing away: no rule here is named by it and of its log source"));
                }
            }
            warnings.sort(Comparator.comparing(ContentProblem::file).thenComparingInt(ContentProblem::line));
            return new Lint(rules, warnings);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<ContentProblem> file(Path file) {
        try {
            var warnings = new ArrayList<ContentProblem>();
            for (YamlNode document : YamlReader.read(file)) {
                if (document instanceof YamlNode.Mapping mapping) {
                    new DocumentCheck(mapping, warnings).run();
                }
            }
            return warnings;
        } catch (ContentException e) {
            return List.of(); // refused already
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Documents that read well. */
    public int compiled() {
        return rules.rules().size()
                + rules.correlations().size()
                + rules.filters().size();
    }

    /** Rules that wait for lists; they are not run before these are there. */
    public List<SigmaRule> waiting() {
        return rules.rules().stream()
                .filter(rule -> !rule.missingLists().isEmpty())
                .toList();
    }

    private static ContentProblem at(SigmaDocument document, String reason) {
        return new ContentProblem(document.about().file(), document.about().line(), reason);
    }
}
