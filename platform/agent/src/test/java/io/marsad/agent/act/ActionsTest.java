package io.marsad.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.proto.agent.v1.ActionReport;
import io.marsad.proto.agent.v1.ActionReport.State;
import io.marsad.testkit.Seed;
import io.marsad.wire.PeerId;
import io.marsad.wire.SignedAction;
import io.marsad.wire.Signer;
import io.marsad.wire.Verifier.TrustedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent does, and does not, when it is told: by envelopes as the platform signs them. */
final class ActionsTest {
    private static final PeerId HOST = new PeerId("acme", PeerId.Kind.ENDPOINT, new UUID(7, 7));
    private static final String FILE = "/opt/tool";

    private final InstantSource clock = InstantSource.system();
    private final KeyPair keys = pair();
    private final Signer signer = new Signer(keys);
    private final List<TrustedKey> trusted = new CopyOnWriteArrayList<>(
            List.of(new TrustedKey(keys.getPublic(), now().minusSeconds(60), now().plus(Duration.ofDays(30)))));
    private final List<ActionReport> reports = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private Actions actions;

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(folder.resolve("root/opt"));
        Files.writeString(folder.resolve("root" + FILE), "a tool");
        actions = open();
    }

    @AfterEach
    void end() {
        actions.close();
    }

    private Actions open() throws IOException {
        var in = new HostActions.Surroundings(
                folder.resolve("root"),
                folder.resolve("data"),
                () -> new Isolation.Relay("localhost", java.util.Set.of(8481)),
                Map::of,
                (_, _, _, _) -> {});
        var opened = new Actions(folder.resolve("data/actions"), HOST, trusted, new HostActions(in, clock), clock);
        reports.clear();
        opened.listen(reports::add);
        return opened;
    }

    private static SignedAction action(String tenant, UUID target, Instant issued, Instant expires) {
        return new SignedAction(
                UUID.randomUUID(),
                tenant,
                target.toString(),
                "quarantine_file",
                "{\"host\":\"ws-1\",\"path\":\"" + FILE + "\"}",
                "dana",
                List.of("sam"),
                1,
                issued,
                expires,
                UUID.randomUUID());
    }

    private static SignedAction action() {
        return action("acme", HOST.id(), now(), now().plus(Duration.ofHours(1)));
    }

    private ActionReport last(SignedAction action) {
        Awaitility.await()
                .until(() -> reports.stream()
                        .anyMatch(one -> one.getActionId().equals(action.id().toString())
                                && one.getState() != State.STATE_BEGUN));
        return reports.getLast();
    }

    @Test
    void whatIsSignedForThisHostIsDoneOnceAndProved() throws IOException {
        var action = action();
        var envelope = signer.sign(action);
        actions.told(envelope);
        var done = last(action);
        assertThat(done.getState()).isEqualTo(State.STATE_COMPLETED);
        assertThat(done.getProofHash())
                .isEqualTo(SignedAction.hash(done.getProof().toStringUtf8()));
        assertThat(done.getOutputsMap()).containsKeys("quarantine", "sha256");
        assertThat(folder.resolve("root" + FILE)).doesNotExist();
        Files.writeString(folder.resolve("root" + FILE), "another tool");
        reports.clear();
        actions.told(envelope);
        Awaitility.await().until(() -> !reports.isEmpty());
        assertThat(reports.getFirst()).as("what came of it is said again").isEqualTo(done);
        assertThat(folder.resolve("root" + FILE)).as("it is not done again").exists();
        actions.close();
        actions = open();
        assertThat(reports).as("after a restart, too").containsExactly(done);
        actions.told(envelope);
        assertThat(folder.resolve("root" + FILE)).exists();
        assertThat(actions.refused()).isZero();
    }

    @Test
    void whatIsNotForThisHostNowByAKeyThatCountsIsRefused() {
        var hour = Duration.ofHours(1);
        var refused = List.of(
                signer.sign(action("other", HOST.id(), now(), now().plus(hour))),
                signer.sign(action("acme", UUID.randomUUID(), now(), now().plus(hour))),
                signer.sign(action("acme", HOST.id(), now().minus(hour), now().minusMillis(1))),
                signer.sign(action("acme", HOST.id(), now().plus(hour), now().plus(hour.multipliedBy(2)))),
                signer.sign(action("acme", HOST.id(), now(), now().plus(Duration.ofHours(25)))),
                new Signer(pair()).sign(action()));
        refused.forEach(actions::told);
        assertThat(actions.refused()).isEqualTo(refused.size());
        trusted.clear(); // the newest list has the key no more
        actions.told(signer.sign(action()));
        assertThat(actions.refused()).isEqualTo(refused.size() + 1);
        assertThat(reports).isEmpty();
        assertThat(folder.resolve("root" + FILE)).exists();
    }

    /** What a relay that was taken over, or somebody in its place, could try. */
    @Test
    void tenThousandMutationsAreAllRefused() {
        var random = Seed.of("ActionsTest").random();
        var stranger = new Signer(pair());
        var envelope = "";
        var foreign = "";
        for (int i = 0; i < 10_000; i++) {
            if (i % 200 == 0) {
                var action = action();
                envelope = signer.sign(action);
                foreign = stranger.sign(action);
            }
            actions.told(mutated(random, random.nextInt(4) == 0 ? foreign : envelope, foreign));
        }
        assertThat(actions.refused()).isEqualTo(10_000);
        assertThat(reports).isEmpty();
        assertThat(folder.resolve("data/actions")).isEmptyDirectory();
        assertThat(folder.resolve("root" + FILE)).exists();
    }

    /** Another text than the one that was signed: what is said, by whom, or the form of it. */
    private static String mutated(SplittableRandom random, String envelope, String foreign) {
        var bytes = envelope.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(5)) {
            case 0 -> { // a byte
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (bytes[at] ^ (1 + random.nextInt(127)));
                yield new String(bytes, StandardCharsets.ISO_8859_1);
            }
            case 1 -> envelope.substring(0, random.nextInt(envelope.length()));
            case 2 -> { // what is said, with the signature of something else
                int at = envelope.indexOf("\"payload\":\"") + 11;
                var payload = envelope.substring(at, envelope.indexOf('"', at));
                var said = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8)
                        .replace(
                                "quarantine_file",
                                List.of("isolate_host", "run_script").get(random.nextInt(2)))
                        .replace("opt/tool", "opt/" + random.nextInt());
                yield envelope.replace(
                        payload, Base64.getEncoder().encodeToString(said.getBytes(StandardCharsets.UTF_8)));
            }
            case 3 -> envelope + " ".repeat(1 + random.nextInt(3));
            default -> foreign;
        };
    }

    @Test
    void whatWasBegunWhenTheAgentDiedIsDoneAgainOnlyWhereThatDoesNothingTwice() throws IOException {
        actions.close();
        var journal = ActionJournal.open(folder.resolve("data/actions"));
        var until = now().plus(Duration.ofHours(2));
        var ids = new ArrayList<UUID>();
        for (var name : List.of("quarantine_file", "run_script")) {
            var entry = new ActionJournal.Entry(
                    UUID.randomUUID(),
                    name,
                    "{\"path\":\"" + FILE + "\",\"sha256\":\"00\"}",
                    until,
                    until,
                    ActionJournal.State.ACCEPTED,
                    "",
                    Map.of(),
                    "");
            journal.first(entry, now());
            journal.put(entry.begun());
            ids.add(entry.id());
        }
        actions = open();
        Awaitility.await().until(() -> actions.open().isEmpty());
        reports.clear();
        actions.listen(reports::add);
        assertThat(reports)
                .filteredOn(one -> one.getActionId().equals(ids.get(0).toString()))
                .extracting(ActionReport::getState)
                .containsExactly(State.STATE_COMPLETED);
        assertThat(reports)
                .filteredOn(one -> one.getActionId().equals(ids.get(1).toString()))
                .extracting(ActionReport::getState)
                .containsExactly(State.STATE_UNKNOWN);
        assertThat(folder.resolve("root" + FILE)).doesNotExist();
    }

    @Test
    void whatThisAgentDoesNotKnowIsRefusedWithAReason() {
        var known = action();
        var action = new SignedAction(
                known.id(),
                "acme",
                known.target(),
                "reboot_host",
                "{}",
                "dana",
                List.of(),
                1,
                known.issuedAt(),
                known.expiresAt(),
                known.nonce());
        actions.told(signer.sign(action));
        var report = last(action);
        assertThat(report.getState()).isEqualTo(State.STATE_REFUSED);
        assertThat(report.getReason()).isEqualTo("this agent knows no reboot_host");
    }
}
