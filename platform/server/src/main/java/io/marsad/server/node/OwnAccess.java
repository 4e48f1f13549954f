package io.marsad.server.node;

import io.marsad.kernel.tenant.Caller;
import io.marsad.kernel.tenant.CallerScope;
import io.marsad.server.config.Config;
import io.marsad.soc.identity.Permission;
import io.marsad.soc.identity.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/** How people and this machine's own commands reach a platform that has started. */
final class OwnAccess {
    private static final String TOKEN = "commands-on-this-machine";

    private OwnAccess() {}

    /**
     * Makes a token for commands of this machine's user, who may do everything; the one of the run before is revoked.
     *
     * @param port without TLS
     */
    static LocalAccess give(Config config, Tokens tokens, int port, Parts parts) throws IOException {
        var secret = CallerScope.callAs(Caller.system(config.tenant(), "start"), () -> {
            tokens.list().stream()
                    .filter(token -> token.name().equals(TOKEN))
                    .forEach(token -> tokens.revoke(token.id()));
            return tokens.create(TOKEN, Permission.ALL, null).secret();
        });
        var host = config.http().tls() == null
                ? host(config.http())
                : InetAddress.getLoopbackAddress().getHostAddress();
        var given = new LocalAccess(URI.create("http://" + host + ":" + port), secret);
        given.write(config.data());
        parts.add(() -> LocalAccess.remove(config.data()));
        return given;
    }

    /** What people open. */
    static URI console(Config.Http http, int port) {
        return URI.create((http.tls() == null ? "http://" : "https://") + host(http) + ":" + port);
    }

    private static String host(Config.Http http) {
        var address = http.address().equals("0.0.0.0") ? "127.0.0.1" : http.address();
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
