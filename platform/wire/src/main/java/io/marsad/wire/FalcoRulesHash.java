package io.marsad.wire;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/** By what platform and agent call the rules that a policy has for a Falco, so that both mean the same. */
public final class FalcoRulesHash {
    private FalcoRulesHash() {}

    /** @return SHA-256 of their canonical JSON, hexadecimal; empty when there are none */
    public static String of(String rules, List<String> disable, List<String> enable) {
        if (rules.isBlank() && disable.isEmpty() && enable.isEmpty()) {
            return "";
        }
        var node = JsonNodeFactory.instance.objectNode();
        disable.forEach(node.putArray("disable")::add);
        enable.forEach(node.putArray("enable")::add);
        return SignedAction.hash(CanonicalJson.write(node.put("rules", rules)));
    }
}
