package io.marsad.respond.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.respond.action.Catalogue;
import io.marsad.respond.cacao.PlaybookReader;
import io.marsad.respond.cacao.PlaybookText;
import io.marsad.respond.cacao.Step;
import io.marsad.respond.variable.Template;
import io.marsad.store.query.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ShippedPlaybooksTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("marsad.root", "../..")).resolve("content/playbooks");

    @Test
    void everyShippedPlaybookDoesWhatItsCasesSay() throws IOException {
        var report = PlaybookFolder.test(SHIPPED, Catalogue.standard());
        assertThat(report.entries())
                .hasSizeGreaterThanOrEqualTo(25)
                .allSatisfy(entry -> assertThat(entry.findings()).isEmpty());
        assertThat(report.tried())
                .allSatisfy(tried -> assertThat(tried.faults())
                        .as(tried.file() + ":" + tried.line())
                        .isEmpty());
        assertThat(report.failed()).isZero();
        assertThat(report.untested()).isEmpty();
    }

    @Test
    void eachHasAnIdOfItsOwnAndComesBackFromJson() throws Exception {
        var ids = new HashSet<String>();
        for (var entry : PlaybookFolder.read(SHIPPED, new PlaybookReader(Catalogue.standard()))) {
            assertThat(ids.add(Objects.requireNonNull(entry.playbook()).id()))
                    .as(entry.file() + "")
                    .isTrue();
            var text = PlaybookText.read("x.yaml", Files.readString(entry.file()));
            assertThat(PlaybookText.read("x.json", text.json()).yaml()).isEqualTo(text.yaml());
        }
    }

    /** The fields that they search in are there. */
    @Test
    void everyQuestionIsOneOfTheSearchLanguage() throws IOException {
        int asked = 0;
        for (var entry : PlaybookFolder.read(SHIPPED, new PlaybookReader(Catalogue.standard()))) {
            for (var step : Objects.requireNonNull(entry.playbook()).workflow().values()) {
                if (step instanceof Step.Action action && action.typed() != null) {
                    for (var name : List.copyOf(action.typed().queries())) {
                        var query = Objects.requireNonNull(action.typed().with().get(name))
                                .stringValue();
                        Query.parse(Template.of(query).fill(variable -> "x"));
                        asked++;
                    }
                }
            }
        }
        assertThat(asked).isGreaterThan(20);
    }
}
