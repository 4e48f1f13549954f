package io.marsad.agent.policy;

import io.marsad.uplink.DurableFile;
import io.marsad.wire.PolicyShare;
import io.marsad.wire.SignedPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The last good policy, on disk. One that expires while it is applied stays so: a host that is cut off goes on collecting. Not
 * thread-safe.
 */
public final class PolicyStore {
    private final Path file;
    private final InstantSource clock;
    private Optional<Policy> current = Optional.empty();

    private PolicyStore(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * With the policy that was good last, if there is one.
     *
     * @throws PolicyRefused when what is kept is no policy: it is not overlooked, as a lower version could come in then
     */
    public static PolicyStore open(Path file, InstantSource clock) throws IOException, PolicyRefused {
        var store = new PolicyStore(file, clock);
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                store.current = Optional.of(PolicyReader.read(in.readNBytes(PolicyReader.LIMIT + 1)));
            }
        }
        return store;
    }

    public Optional<Policy> current() {
        return current;
    }

    /** Whether a policy goes to this endpoint: who has none takes any, others those whose share they are in. */
    public boolean concerns(SignedPolicy signed, UUID endpoint) {
        return current.isEmpty() || PolicyShare.includes(signed.group(), endpoint, PolicyShare.of(signed));
    }

    /**
     * Makes a policy whose envelope was verified the current one; it is durable first.
     *
     * @return whether anything changed: the same version once more is no change
     * @throws PolicyRefused when it is malformed, expired, or older than the current one
     */
    public boolean apply(SignedPolicy signed) throws PolicyRefused, IOException {
        ObjectNode node;
        try {
            node = JsonMapper.shared().readValue(signed.policy(), ObjectNode.class);
        } catch (JacksonException e) {
            throw new PolicyRefused("no JSON object: " + e.getOriginalMessage());
        }
        say(node, "version", LongNode.valueOf(signed.version()));
        say(node, "not_after", StringNode.valueOf(signed.expiresAt().toString()));
        return apply(node.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** As the envelope has it; what is in it may say the same, and nothing else. */
    private static void say(ObjectNode node, String name, JsonNode value) throws PolicyRefused {
        var said = node.get(name);
        if (said != null && !said.asString().equals(value.asString())) {
            throw new PolicyRefused(name + ": its envelope says " + value.asString());
        }
        node.set(name, value);
    }

    /**
     * Makes a verified policy the current one; it is durable first.
     *
     * @return whether anything changed: the same version once more is no change
     * @throws PolicyRefused when it is malformed, expired, or older than the current one
     */
    public boolean apply(byte[] verified) throws PolicyRefused, IOException {
        var next = PolicyReader.read(verified);
        if (current.isPresent() && next.version() < current.get().version()) {
            throw new PolicyRefused("version: " + next.version() + " comes after "
                    + current.get().version() + ", which was applied");
        }
        if (current.isPresent() && next.version() == current.get().version()) {
            if (next.equals(current.get())) {
                return false;
            }
            throw new PolicyRefused("version: " + next.version() + " was applied with another content");
        }
        if (!clock.instant().isBefore(next.notAfter())) {
            throw new PolicyRefused("not_after: it has expired");
        }
        DurableFile.replace(file, verified);
        current = Optional.of(next);
        return true;
    }
}
