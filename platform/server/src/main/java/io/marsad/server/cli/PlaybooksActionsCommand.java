package io.marsad.server.cli;

import io.marsad.respond.action.ActionKind;
import io.marsad.respond.action.Catalogue;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code marsad playbooks actions}. */
@Command(
        name = "actions",
        description = "List the actions that a step can ask for, with what each is told and gives.",
        sortOptions = false)
final class PlaybooksActionsCommand implements Runnable {
    /** How the list is printed. */
    enum Format {
        TABLE,
        JSON
    }

    @Option(
            names = "--format",
            paramLabel = "table|json",
            description = "How to print the list (default: table); json is one line.")
    private Format format = Format.TABLE;

    @Override
    public void run() {
        var all = Catalogue.standard().all();
        switch (format) {
            case JSON ->
                System.out.println(JsonMapper.shared()
                        .writeValueAsString(
                                all.stream().map(PlaybooksActionsCommand::json).toList()));
            case TABLE ->
                all.forEach(action -> System.out.println(action.name() + "  (" + word(action.radius())
                        + (action.effect() == ActionKind.Effect.READ ? ", reads only" : "") + ")  " + action.says()
                        + System.lineSeparator() + "    with: " + parameters(action)
                        + (action.outputs().isEmpty() ? "" : System.lineSeparator() + "    gives: " + action.outputs())
                        + (action.reverse() == null
                                ? ""
                                : System.lineSeparator() + "    taken back by: " + action.reverse())));
        }
    }

    private static Map<String, String> parameters(ActionKind action) {
        var words = new LinkedHashMap<String, String>();
        action.parameters()
                .forEach((name, parameter) -> words.put(
                        name, parameter.type().expected() + (parameter.required() ? "" : " (may be left out)")));
        return words;
    }

    private static Map<String, Object> json(ActionKind action) {
        var json = new LinkedHashMap<String, Object>();
        json.put("action", action.name());
        json.put("title", action.title());
        json.put("says", action.says());
        json.put("about", action.about());
        json.put("radius", word(action.radius()));
        json.put("effect", word(action.effect()));
        json.put("permission", "actions:" + action.permission());
        json.put("reverse", action.reverse());
        json.put("with", parameters(action));
        var outputs = new LinkedHashMap<String, String>();
        action.outputs().forEach((name, type) -> outputs.put(name, type.word()));
        json.put("outputs", outputs);
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
