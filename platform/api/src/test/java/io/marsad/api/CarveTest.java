package io.marsad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.marsad.api.TestNode.Identity;
import io.marsad.api.TestNode.Tenant;
import io.marsad.api.http.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Files that hosts send in blocks, as osquery's documentation has it: what arrives is what is read, or nothing is. */
class CarveTest {
    private static final String BEGIN = "/v1/osquery/carve/begin";
    private static final String BLOCK = "/api/osquery/carve/block";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static TestNode node;

    private Tenant tenant;
    private String key;

    @BeforeAll
    static void start() throws Exception {
        node = TestNode.shared();
    }

    @BeforeEach
    void own() throws Exception {
        tenant = node.tenant("carve-" + NUMBER.incrementAndGet());
        var secret = ask("POST", "/v1/enroll-secrets", "{\"name\":\"all\"}", 201)
                .get("secret")
                .stringValue();
        key = say("/v1/osquery/enroll", OwnEndpoints.enroll(secret, "web-1", "web-1"), 200)
                .get("node_key")
                .stringValue();
    }

    @Test
    void whatArrivesInBlocksIsReadWholeAndItsHashIsRight() throws Exception {
        long seed = System.nanoTime();
        var whole = new byte[200_003];
        new SplittableRandom(seed).nextBytes(whole);
        int size = 8192;
        var session = begin(whole.length, size);
        int blocks = Math.ceilDiv(whole.length, size);
        for (int i = 0; i < blocks; i++) {
            var part = Arrays.copyOfRange(whole, i * size, Math.min(whole.length, (i + 1) * size));
            say(BLOCK, OwnEndpoints.block(session, i, part), 200);
            say(BLOCK, OwnEndpoints.block(session, i, part), 200); // the answer was lost
        }
        var carve = carves().get(0);
        assertThat(carve.get("state").stringValue()).isEqualTo("complete");
        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
        assertThat(carve.get("sha256").stringValue()).as("seed %s", seed).isEqualTo(hash);
        var path = "/v1/carves/" + carve.get("id").stringValue();
        var read = node.send(tenant.byToken(), "GET", path + "/content", "");
        assertThat(read.body()).isEqualTo(whole);
        assertThat(read.headers().firstValue("X-Marsad-SHA256")).contains(hash);
        say(BLOCK, OwnEndpoints.block(session, blocks, new byte[1]), 404); // it has ended
        node.database.inTenant(tenant.id(), connection -> {
            try (var change = connection.prepareStatement(
                    "UPDATE carve_blocks SET data = set_byte(data, 0, get_byte(data, 0) # 1) WHERE block = 3")) {
                return change.executeUpdate();
            }
        });
        assertThat(ask("GET", path + "/content", "", 409).toString()).contains("carve-changed");
        assertThat(node.send(tenant.byToken(), "DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(carves()).isEmpty();
        assertThat(ask("GET", "/v1/audit", "", 200).toString())
                .contains("carve.begin", "carve.complete", "carve.download", "carve.delete", hash)
                .doesNotContain(session);
    }

    @Test
    void whatDoesNotFitIsRefusedAndTakesNoRoom() throws Exception {
        say(BEGIN, OwnEndpoints.begin(key, "c", (256L << 20) + 1, 1 << 20), 413);
        say(BEGIN, OwnEndpoints.begin(key, "c", 1 << 20, 9 << 20), 413);
        say(BEGIN, OwnEndpoints.begin(key, "c", 20, 12).replace("\"2\"", "\"3\""), 400);
        assertThat(say(BEGIN, OwnEndpoints.begin("nobody", "c", 20, 12), 200)
                        .get("node_invalid")
                        .booleanValue())
                .isTrue();
        assertThat(carves()).isEmpty();
        var session = begin(20, 12);
        say(BLOCK, OwnEndpoints.block(session, 1, new byte[8]), 400); // not its turn
        say(BLOCK, OwnEndpoints.block(session, 0, new byte[11]), 400);
        say(BLOCK, "{\"session_id\":\"" + session + "\",\"block_id\":0,\"data\":\"*\"}", 400);
        say(BLOCK, OwnEndpoints.block(session.substring(0, session.length() - 3) + "AAA", 0, new byte[12]), 404);
        say(BLOCK, OwnEndpoints.block(session, 0, new byte[12]), 200);
        var id = carves().get(0).get("id").stringValue();
        assertThat(ask("GET", "/v1/carves/" + id + "/content", "", 409).toString())
                .contains("carve-incomplete");
        for (int i = 0; i < 4; i++) {
            begin(20, 12);
        }
        say(BEGIN, OwnEndpoints.begin(key, "c", 20, 12), 409); // five at once
    }

    private String begin(long size, long block) throws Exception {
        return say(BEGIN, OwnEndpoints.begin(key, "c", size, block), 200)
                .get("session_id")
                .stringValue();
    }

    private JsonNode carves() throws Exception {
        return ask("GET", "/v1/carves", "", 200).get("carves");
    }

    private JsonNode ask(String method, String path, String body, int status) throws Exception {
        return checked(node.send(tenant.byToken(), method, path, body), status);
    }

    private static JsonNode say(String path, String body, int status) throws Exception {
        return checked(node.send(Identity.NOBODY, "POST", path, body), status);
    }

    private static JsonNode checked(HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return Json.tree(answer.body());
    }
}
