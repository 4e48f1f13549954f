package io.marsad.connect.run;

import io.marsad.connect.OutboundHttp;
import io.marsad.connect.manifest.Operation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Asks for the pages of an answer, one after the other, as many as the manifest says. Of one call. */
final class Paging {
    private static final Pattern NEXT = Pattern.compile("<([^<>]{1,2000})>\\s{0,5};[^,<>]{0,200}rel=\"?next\"?");

    private final Run run;
    private final Operation.Step step;
    private final Operation.Pagination pagination;

    Paging(Run run, Operation.Step step, Operation.Pagination pagination) {
        this.run = run;
        this.step = step;
        this.pagination = pagination;
    }

    /** The first page with the items of all. */
    Run.Reply all() throws Refusal, Later, Ended {
        var first = run.exchange(step, Map.of(), null);
        var items = items(first.tree());
        var page = first;
        int size = items == null ? 0 : items.size();
        for (int number = 2; items != null && number <= pagination.pages(); number++) {
            var link = pagination.kind() == Operation.Pagination.Kind.LINK ? link(page.answer()) : null;
            var next = next(page.tree(), size, items.size(), number);
            if (link == null && next == null) {
                break;
            }
            var parameter = pagination.parameter();
            page = run.exchange(step, next == null || parameter == null ? Map.of() : Map.of(parameter, next), link);
            var more = items(page.tree());
            size = more == null ? 0 : more.size();
            if (more != null) {
                items.addAll(more);
            }
        }
        return first;
    }

    private @Nullable ArrayNode items(JsonNode tree) {
        var found = pagination.items().in(tree);
        return !found.isEmpty() && found.getFirst() instanceof ArrayNode array ? array : null;
    }

    /** What the next page is asked for with; null when there is none. */
    private @Nullable String next(JsonNode page, int size, int all, int number) {
        return switch (pagination.kind()) {
            case LINK -> null;
            case CURSOR -> {
                var found = pagination.cursor() == null
                        ? null
                        : pagination.cursor().in(page).stream().findFirst().orElse(null);
                yield found == null || found.isContainer() || found.asString().isEmpty() ? null : found.asString();
            }
            case PAGE -> size < pagination.size() ? null : Integer.toString(number);
            case OFFSET -> size < pagination.size() ? null : Integer.toString(all);
        };
    }

    private static @Nullable URI link(OutboundHttp.@Nullable Answer answer) throws Refusal {
        var header = answer == null ? null : answer.header("Link");
        var match = header == null ? null : NEXT.matcher(header);
        if (match == null || !match.find()) {
            return null;
        }
        try {
            var uri = new URI(match.group(1));
            if (uri.getScheme() == null || uri.getRawAuthority() == null || uri.getRawFragment() != null) {
                throw new Refusal("the address of the next page is none");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new Refusal("the address of the next page is none");
        }
    }
}
