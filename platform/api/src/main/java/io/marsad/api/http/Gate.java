package io.marsad.api.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.marsad.api.contract.Operation;
import io.marsad.api.contract.Tenancy;
import io.marsad.kernel.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides whether a request may go on, by what the contract says of its operation, and on how much memory. Thread-safe. */
final class Gate {
    private static final HeaderName CSRF = HeaderNames.create("X-Marsad-Csrf");
    private static final HeaderName TENANT = HeaderNames.create("X-Tenant-ID");
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final int MAX_SECRET = 4_096;

    private final Authenticator authenticator;
    private final BodyRoom room;
    private final Connections connections;

    Gate(Authenticator authenticator, BodyRoom room, Connections connections) {
        this.authenticator = authenticator;
        this.room = room;
        this.connections = connections;
    }

    /** The connection that it came by. */
    Connections.Open connection(ServerRequest request) {
        return connections.of(request);
    }

    /** A request's share of the memory for bodies. */
    BodyRoom.Share room() {
        return room.share();
    }

    /**
     * The credential, or null where none is needed.
     *
     * @throws io.marsad.kernel.problem.ProblemException 401 or 403
     */
    @Nullable
    Credential admit(Operation operation, ServerRequest request, Map<String, String> path) {
        refuseForeignSites(operation, request);
        return switch (operation.tenancy()) {
            case PUBLIC -> null;
            case TENANT -> authorized(operation, request, path);
            case OPERATOR ->
                operation.credentials().contains(Operation.THIS_MACHINE) && fromThisMachine(request)
                        ? null
                        : authorized(operation, request, path);
        };
    }

    private Credential authorized(Operation operation, ServerRequest request, Map<String, String> path) {
        var credential = operation.tokenInPath() ? byPath(path) : byHeaders(operation, request);
        if (credential == null) {
            throw Problem.unauthorized("Sign in, or send a token that is valid.")
                    .asException();
        }
        var tenant = request.headers().first(TENANT).orElse(null);
        if (operation.tenancy() == Tenancy.TENANT
                && tenant != null
                && !tenant.equals(credential.caller().tenant().value())) {
            throw Problem.forbidden("X-Tenant-ID is not the credential's tenant.")
                    .asException();
        }
        var permission = operation.permission();
        if (permission != null && !credential.caller().may(permission)) {
            requireSecondFactor(credential);
            throw Problem.forbidden("This needs the permission " + permission + ".")
                    .asException();
        }
        if (operation.tenancy() == Tenancy.OPERATOR
                && !authenticator.runsInstallation(credential.caller().tenant())) {
            throw Problem.forbidden("This is for people of the installation's own tenant.")
                    .asException();
        }
        checkCsrf(operation, request, credential);
        return credential;
    }

    private static void requireSecondFactor(Credential credential) {
        var session = credential.session();
        if (session != null && session.secondFactorDue()) {
            throw new Problem(
                            "second-factor-due",
                            403,
                            "Forbidden",
                            "Your role needs a second factor: add a passkey or an authenticator app to your account.",
                            List.of())
                    .asException();
        }
    }

    private @Nullable Credential byPath(Map<String, String> path) {
        var secret = path.get("token");
        return secret == null || secret.length() > MAX_SECRET ? null : authenticator.token(secret);
    }

    private @Nullable Credential byHeaders(Operation operation, ServerRequest request) {
        var header = request.headers().first(HeaderNames.AUTHORIZATION).orElse(null);
        if (header != null && operation.credentials().contains(Operation.TOKEN)) {
            var secret = header.regionMatches(true, 0, "Bearer ", 0, 7)
                    ? header.substring(7).strip()
                    : "";
            return secret.isEmpty() || secret.length() > MAX_SECRET ? null : authenticator.token(secret);
        }
        var cookie =
                operation.credentials().contains(Operation.SESSION) ? Cookies.find(request, SessionCookie.NAME) : null;
        return cookie == null || cookie.length() > MAX_SECRET ? null : authenticator.session(cookie);
    }

    private static boolean isSafe(Operation operation) {
        return operation.method().equals("GET");
    }

    private static void checkCsrf(Operation operation, ServerRequest request, Credential credential) {
        var wanted = credential.csrf();
        if (wanted == null || isSafe(operation)) {
            return; // no page can make a browser send a token
        }
        var sent = request.headers().first(CSRF).orElse("");
        if (!MessageDigest.isEqual(wanted.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8))) {
            throw Problem.forbidden("X-Marsad-Csrf is not the value that sign-in gave.")
                    .asException();
        }
    }

    /** A page of another site may not post here in its reader's name, signing in included. */
    private static void refuseForeignSites(Operation operation, ServerRequest request) {
        if (!isSafe(operation) && request.headers().first(FETCH_SITE).orElse("").equals("cross-site")) {
            throw Problem.forbidden("Requests from other sites' pages are not taken.")
                    .asException();
        }
    }

    /** A proxy on this machine is not this machine. */
    private static boolean fromThisMachine(ServerRequest request) {
        var remote = Exchange.remote(request);
        return remote != null
                && remote.isLoopbackAddress()
                && !request.headers().contains(HeaderNames.X_FORWARDED_FOR)
                && !request.headers().contains(HeaderNames.FORWARDED);
    }
}
