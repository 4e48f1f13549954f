package io.marsad.db.vault;

/**
 * What a secret is called among a tenant's.
 *
 * @param kind what it is for: {@code oidc.client_secret}; 1 to 60 characters
 * @param name which one of them; 1 to 200 characters
 */
public record SecretName(String kind, String name) {
    public SecretName {
        if (kind.isEmpty() || kind.length() > 60 || name.isEmpty() || name.length() > 200) {
            throw new IllegalArgumentException("a secret's kind has 1 to 60 characters, its name 1 to 200");
        }
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
