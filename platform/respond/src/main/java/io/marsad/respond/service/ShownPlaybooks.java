package io.marsad.respond.service;

import io.marsad.respond.cacao.Step;
import io.marsad.respond.cacao.TypedAction;
import io.marsad.respond.durable.PlaybookSource;
import io.marsad.respond.service.PlaybookView.Counts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Playbooks as they are listed. */
final class ShownPlaybooks {
    private ShownPlaybooks() {}

    /** One that the tenant has not touched. */
    static PlaybookView asShipped(PlaybookSource source) {
        var row = new PlaybookRows.Row(
                source.id(), source.name(), false, source.hash(), null, Instant.EPOCH, false, Counts.NONE, null, null);
        var view = view(row, source, source);
        return new PlaybookView(
                view.id(),
                view.name(),
                view.description(),
                view.labels(),
                view.types(),
                false,
                true,
                false,
                null,
                view.version(),
                view.modified(),
                null,
                view.triggers(),
                view.steps(),
                view.actions(),
                view.runs(),
                null,
                null);
    }

    /**
     * One that the tenant has.
     *
     * @param text null when it cannot be read any more
     * @param as the one that is shipped under its id; null: none is
     */
    static PlaybookView view(PlaybookRows.Row row, @Nullable PlaybookSource text, @Nullable PlaybookSource as) {
        var tree = text == null ? null : text.reading().text().tree();
        var playbook = text == null ? null : text.reading().playbook();
        return new PlaybookView(
                row.id(),
                text == null ? row.name() : text.name(),
                tree == null ? null : tree.path("description").asString(null),
                texts(tree, "labels"),
                texts(tree, "playbook_types"),
                row.enabled(),
                as != null,
                as != null && !as.hash().equals(row.newest()),
                as != null && isNewer(as, row, text) ? as.hash() : null,
                row.version(),
                text == null ? null : text.modified(),
                row.updatedAt(),
                playbook == null ? List.of() : playbook.triggers(),
                tree == null ? 0 : tree.path("workflow").size(),
                playbook == null
                        ? List.of()
                        : playbook.workflow().values().stream()
                                .map(step -> step instanceof Step.Action action ? action.typed() : null)
                                .filter(Objects::nonNull)
                                .map(TypedAction::action)
                                .distinct()
                                .toList(),
                row.runs(),
                row.lastRun(),
                row.left());
    }

    /** Whether an upgrade has brought another text than the one that is run. */
    private static boolean isNewer(PlaybookSource shipped, PlaybookRows.Row row, @Nullable PlaybookSource text) {
        var theirs = shipped.modified();
        var ours = text == null ? null : text.modified();
        return !shipped.hash().equals(row.version())
                && !shipped.hash().equals(row.newest())
                && theirs != null
                && (ours == null || theirs.isAfter(ours));
    }

    private static List<String> texts(@Nullable JsonNode tree, String name) {
        var all = new ArrayList<String>();
        if (tree != null) {
            for (var one : tree.path(name)) {
                if (one.isString()) {
                    all.add(one.stringValue());
                }
            }
        }
        return all;
    }
}
