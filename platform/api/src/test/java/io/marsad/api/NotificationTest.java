package io.marsad.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Channels over HTTP; what they are told is NotificationsTest's. */
class NotificationTest {
    private static final String PATH = "/v1/notifications";

    @Test
    void aChannelIsMadeChangedAndDeletedAndItsSecretNeverShown() throws Exception {
        var node = TestNode.shared();
        var calls = new Calls(node, node.tenant("notified").byToken());
        var empty = calls.tree("getNotifications", PATH, "", 200);
        assertThat(empty.get("channels")).isEmpty();
        assertThat(empty.get("mail").booleanValue()).isFalse();
        var channels = PATH + "/channels";
        var content =
                "\"name\":\"on call\",\"kind\":\"slack\",\"min_severity\":\"high\",\"per_hour\":20,\"enabled\":true";
        assertThat(calls.problem("createNotificationChannel", channels, "{" + content + "}", 400))
                .isEqualTo("secret-required");
        var body = "{" + content + ",\"secret\":\"https://hooks.example.com/services/T0/very-secret\"}";
        var made = calls.tree("createNotificationChannel", channels, body, 201);
        assertThat(made.get("has_secret").booleanValue()).isTrue();
        assertThat(made.get("target").stringValue()).isEqualTo("hooks.example.com");
        assertThat(calls.problem("createNotificationChannel", channels, body, 409))
                .isEqualTo("name-taken");
        var one = channels + "/" + made.get("id").stringValue();
        var off = "{" + content.replace("true", "false") + ",\"version\":1}";
        var changed = calls.tree("updateNotificationChannel", one, off, 200);
        assertThat(changed.get("enabled").booleanValue()).isFalse();
        assertThat(changed.get("has_secret").booleanValue()).isTrue();
        assertThat(calls.problem("updateNotificationChannel", one, off, 409)).isEqualTo("changed-meanwhile");
        var all = calls.send("getNotifications", PATH, "", 200).body();
        var audit = calls.send("listAudit", "/v1/audit?limit=50", "", 200).body();
        assertThat(new String(all, UTF_8) + new String(audit, UTF_8))
                .contains("on call", "notification-channel.create", "notification-channel.update")
                .doesNotContain("very-secret");
        var mail =
                "{" + content.replace("slack", "email").replace("on call", "mail") + ",\"target\":\"a@example.com\"}";
        assertThat(calls.problem("createNotificationChannel", channels, mail, 400))
                .isEqualTo("no-mail-server");
        assertThat(calls.tree("replayNotifications", PATH + "/replay", "", 200)
                        .get("replayed")
                        .intValue())
                .isZero();
        calls.send("deleteNotificationChannel", one, "", 204);
        calls.send("testNotificationChannel", one + "/test", "", 404);
    }
}
