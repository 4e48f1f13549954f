package io.marsad.respond.variable;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a variable may hold (CACAO 2.0, 10.18.4); values are texts, as they stand in a playbook. */
public enum VariableType {
    BOOL("bool", "true or false"),
    DICTIONARY("dictionary", "a JSON object"),
    FLOAT("float", "a decimal number"),
    HASH("hash", "hexadecimal digits"),
    HEXSTRING("hexstring", "hexadecimal digits"),
    INTEGER("integer", "a whole number"),
    IPV4("ipv4-addr", "an IPv4 address or network"),
    IPV6("ipv6-addr", "an IPv6 address or network"),
    LIST("list", "a JSON array"),
    LONG("long", "a whole number"),
    MAC("mac-addr", "a MAC address"),
    MD5("md5-hash", "32 hexadecimal digits"),
    SHA256("sha256-hash", "64 hexadecimal digits"),
    STRING("string", "a text"),
    URI("uri", "a URI"),
    UUID("uuid", "a UUID");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern MAC_ADDRESS = Pattern.compile("([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}");
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,64}");

    private final String word;
    private final String expected;

    VariableType(String word, String expected) {
        this.word = word;
        this.expected = expected;
    }

    /** As playbooks write it. */
    public String word() {
        return word;
    }

    /** What a value of it has to be, for a message. */
    public String expected() {
        return expected;
    }

    public static Optional<VariableType> of(String word) {
        for (var type : values()) {
            if (type.word.equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public static String[] words() {
        return java.util.Arrays.stream(values()).map(VariableType::word).toArray(String[]::new);
    }

    /** Whether the text is a value of this type; the empty text is one of every type: known to be empty. */
    public boolean takes(String value) {
        return value.isEmpty()
                || switch (this) {
                    case STRING -> true;
                    case BOOL -> "true".equals(value) || "false".equals(value);
                    case DICTIONARY -> isJson(value, '{');
                    case LIST -> isJson(value, '[');
                    case FLOAT -> isNumber(value);
                    case INTEGER, LONG -> WHOLE.matches(value);
                    case HASH, HEXSTRING -> value.length() <= 4096 && HEX.matches(value);
                    case MD5 -> value.length() == 32 && HEX.matches(value);
                    case SHA256 -> value.length() == 64 && HEX.matches(value);
                    case IPV4 -> isAddress(value, 4);
                    case IPV6 -> isAddress(value, 16);
                    case MAC -> MAC_ADDRESS.matches(value);
                    case URI -> isUri(value);
                    case UUID -> ID.matches(value);
                };
    }

    private static boolean isJson(String value, char first) {
        try {
            return value.length() <= Variable.MOST_VALUE
                    && value.stripLeading().indexOf(first) == 0
                    && JSON.readTree(value) != null;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static boolean isNumber(String value) {
        try {
            return value.length() <= 40 && Math.abs(new BigDecimal(value).scale()) <= 400;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isUri(String value) {
        try {
            return value.length() <= 4_000 && !new URI(value).toString().isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isAddress(String value, int bytes) {
        int slash = value.indexOf('/');
        var address = slash < 0 ? value : value.substring(0, slash);
        try {
            if (!ADDRESS.matches(address) || bytes == 4 && address.split("\\.", -1).length != 4) {
                return false;
            }
            int length = InetAddress.ofLiteral(address).getAddress().length;
            return length == bytes && (slash < 0 || isPrefix(value.substring(slash + 1), bytes * 8));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isPrefix(String bits, int most) {
        return bits.length() <= 3
                && WHOLE.matches(bits)
                && Integer.parseInt(bits) >= 0
                && Integer.parseInt(bits) <= most;
    }

    @Override
    public String toString() {
        return word;
    }
}
