package io.marsad.soc.identity.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Reads and checks what authenticators answer (WebAuthn level 3, 7.1 and 7.2): type, challenge, origin, relying party, user
 * present and verified, signature, counter, whether it may be backed up. Attestations are neither asked for nor believed.
 *
 * <p>Thread-safe.
 */
final class Ceremonies {
    private static final Logger LOG = LoggerFactory.getLogger(Ceremonies.class);
    private static final Set<String> TRANSPORTS = Set.of("usb", "nfc", "ble", "smart-card", "hybrid", "internal");

    /** In the order in which we like them: EdDSA, ES256, RS256. */
    static final List<Integer> ALGORITHMS = List.of(-8, -7, -257);

    private static final List<PublicKeyCredentialParameters> PARAMETERS = List.of(
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.EdDSA),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256),
            new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.RS256));

    private final ObjectConverter converter = new ObjectConverter();
    private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);

    /** What is kept of a new passkey. */
    record Made(
            byte[] credentialId,
            byte[] publicKey,
            long signCount,
            List<String> transports,
            boolean backupEligible,
            boolean backedUp,
            UUID aaguid) {}

    /** What is known of a passkey that is used. */
    record Known(
            UUID passkey,
            byte[] credentialId,
            byte[] publicKey,
            long signCount,
            boolean backupEligible,
            boolean backedUp,
            UUID aaguid) {}

    /** How a use went. */
    sealed interface Use {
        record Good(long signCount, boolean backedUp) implements Use {}

        /** The counter went back: somebody has a copy of the authenticator. */
        record Copied(long signCount) implements Use {}

        /** @param reason what was not as it must be, as a word */
        record Bad(String reason) implements Use {}
    }

    /** Null when it cannot be read. */
    @Nullable
    RegistrationData registration(String json) {
        try {
            return manager.parseRegistrationResponseJSON(json);
        } catch (WebAuthnException | JacksonException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Null when it cannot be read. */
    @Nullable
    AuthenticationData assertion(String json) {
        try {
            return manager.parseAuthenticationResponseJSON(json);
        } catch (WebAuthnException | JacksonException | IllegalArgumentException e) {
            return null;
        }
    }

    /** The challenge that was signed; empty when there is none. */
    static byte[] challenge(@Nullable CollectedClientData client) {
        return client == null ? new byte[0] : client.getChallenge().getValue();
    }

    /** What the authenticator calls the person; empty when it does not say. */
    static byte[] userHandle(AuthenticationData data) {
        var handle = data.getUserHandle();
        return handle == null ? new byte[0] : Arrays.copyOf(handle, handle.length);
    }

    /** Which credential was used; empty when it does not say. */
    static byte[] credentialId(AuthenticationData data) {
        var id = data.getCredentialId();
        return id == null ? new byte[0] : Arrays.copyOf(id, id.length);
    }

    /** What to keep of a registration with this challenge; null when it is not as it must be. */
    @Nullable
    Made made(RegistrationData data, RelyingParty party, byte[] challenge) {
        try {
            manager.verify(data, new RegistrationParameters(property(party, challenge), PARAMETERS, true, true));
        } catch (WebAuthnException e) {
            LOG.debug("a passkey's registration is refused: {}", reason(e));
            return null;
        }
        var attestation = Objects.requireNonNull(data.getAttestationObject(), "checked");
        var authenticator = attestation.getAuthenticatorData();
        var credential = Objects.requireNonNull(authenticator.getAttestedCredentialData(), "checked");
        var key = converter.getCborMapper().writeValueAsBytes(credential.getCOSEKey());
        return new Made(
                credential.getCredentialId(),
                key,
                authenticator.getSignCount(),
                transports(data),
                authenticator.isFlagBE(),
                authenticator.isFlagBS(),
                aaguid(credential.getAaguid()));
    }

    Use use(AuthenticationData data, RelyingParty party, byte[] challenge, Known known) {
        var credential = new AttestedCredentialData(
                new AAGUID(known.aaguid()),
                known.credentialId(),
                Objects.requireNonNull(converter.getCborMapper().readValue(known.publicKey(), COSEKey.class)));
        var record = new CredentialRecordImpl(
                new NoneAttestationStatement(),
                true,
                known.backupEligible(),
                known.backedUp(),
                known.signCount(),
                credential,
                null,
                null,
                null,
                null);
        try {
            manager.verify(data, new AuthenticationParameters(property(party, challenge), record, null, true, true));
        } catch (MaliciousCounterValueException e) {
            return new Use.Copied(signCount(data));
        } catch (WebAuthnException e) {
            return new Use.Bad(reason(e));
        }
        return new Use.Good(
                signCount(data),
                Objects.requireNonNull(data.getAuthenticatorData(), "checked").isFlagBS());
    }

    private static long signCount(AuthenticationData data) {
        return Objects.requireNonNull(data.getAuthenticatorData(), "checked").getSignCount();
    }

    private static List<String> transports(RegistrationData data) {
        var known = new TreeSet<String>();
        var said = data.getTransports();
        if (said != null) {
            said.stream()
                    .map(AuthenticatorTransport::getValue)
                    .filter(TRANSPORTS::contains)
                    .forEach(known::add);
        }
        return List.copyOf(known);
    }

    private static UUID aaguid(AAGUID model) {
        var id = model.getValue();
        return id == null ? new UUID(0, 0) : id;
    }

    private static String reason(WebAuthnException e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }

    private static ServerProperty property(RelyingParty party, byte[] challenge) {
        return ServerProperty.builder()
                .origin(new Origin(party.origin()))
                .rpId(party.id())
                .challenge(new DefaultChallenge(challenge))
                .build();
    }
}
