package io.marsad.api;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** An authenticator with one ES256 passkey, and the browser around it: answers as WebAuthn level 3 has them in JSON. */
final class SoftAuthenticator {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    private final KeyPair key;
    private final byte[] credentialId = new byte[32];
    private byte[] userHandle = new byte[0];

    /** The page that asks. */
    String origin;

    /** Uses so far; what is signed next is one more. */
    int counter;

    /** Whether it checks who holds it. */
    boolean verifies = true;

    SoftAuthenticator(String origin) throws GeneralSecurityException {
        this.origin = origin;
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
        new SecureRandom().nextBytes(credentialId);
    }

    /** Answers {@code PublicKeyCredentialCreationOptionsJSON}. */
    String create(JsonNode options) throws GeneralSecurityException {
        userHandle = Base64.getUrlDecoder().decode(options.get("user").get("id").stringValue());
        var authenticatorData = authenticatorData(options.get("rp").get("id").stringValue(), ATTESTED);
        var attestation = new ByteArrayOutputStream();
        attestation.writeBytes(new byte[] {(byte) 0xa3, 0x63});
        attestation.writeBytes(ascii("fmt"));
        attestation.write(0x64);
        attestation.writeBytes(ascii("none"));
        attestation.write(0x67);
        attestation.writeBytes(ascii("attStmt"));
        attestation.write(0xa0);
        attestation.write(0x68);
        attestation.writeBytes(ascii("authData"));
        attestation.writeBytes(new byte[] {0x58, (byte) authenticatorData.length});
        attestation.writeBytes(authenticatorData);
        var client = client("webauthn.create", options);
        return credential("\"clientDataJSON\":\"" + BASE64.encodeToString(client) + "\",\"attestationObject\":\""
                + BASE64.encodeToString(attestation.toByteArray()) + "\",\"transports\":[\"internal\",\"odd\"]");
    }

    /** Answers {@code PublicKeyCredentialRequestOptionsJSON}. */
    String get(JsonNode options) throws GeneralSecurityException {
        var authenticatorData = authenticatorData(options.get("rpId").stringValue(), 0);
        var client = client("webauthn.get", options);
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(authenticatorData);
        signature.update(sha256(client));
        return credential("\"clientDataJSON\":\"" + BASE64.encodeToString(client) + "\",\"authenticatorData\":\""
                + BASE64.encodeToString(authenticatorData) + "\",\"signature\":\""
                + BASE64.encodeToString(signature.sign()) + "\",\"userHandle\":\"" + BASE64.encodeToString(userHandle)
                + "\"");
    }

    private String credential(String response) {
        var id = BASE64.encodeToString(credentialId);
        return "{\"id\":\"" + id + "\",\"rawId\":\"" + id + "\",\"type\":\"public-key\",\"response\":{" + response
                + "},\"clientExtensionResults\":{},\"authenticatorAttachment\":\"platform\"}";
    }

    private byte[] client(String type, JsonNode options) {
        return ("{\"type\":\"" + type + "\",\"challenge\":\""
                        + options.get("challenge").stringValue() + "\",\"origin\":\"" + origin
                        + "\",\"crossOrigin\":false}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticatorData(String party, int flags) throws GeneralSecurityException {
        var data = new ByteArrayOutputStream();
        data.writeBytes(sha256(party.getBytes(StandardCharsets.UTF_8)));
        data.write(flags | PRESENT | (verifies ? VERIFIED : 0));
        data.writeBytes(ByteBuffer.allocate(4).putInt(++counter).array());
        if ((flags & ATTESTED) != 0) {
            data.writeBytes(new byte[16]);
            data.writeBytes(new byte[] {0, (byte) credentialId.length});
            data.writeBytes(credentialId);
            var point = ((ECPublicKey) key.getPublic()).getW();
            data.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
            data.writeBytes(coordinate(point.getAffineX()));
            data.writeBytes(new byte[] {0x22, 0x58, 0x20});
            data.writeBytes(coordinate(point.getAffineY()));
        }
        return data.toByteArray();
    }

    private static byte[] coordinate(BigInteger value) {
        var bytes = value.toByteArray();
        var fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
