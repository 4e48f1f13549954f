package io.marsad.normalize.mapping;

import io.marsad.kernel.event.EventBatch;
import io.marsad.kernel.event.Field;
import io.marsad.kernel.ocsf.OcsfAttribute;

/** An OCSF attribute that values are put to, with what is allowed there. */
record Slot(Field field, Type type) {
    /** What a value has to look like. */
    enum Type {
        TEXT,
        /** Text by which something is known: the source's "there is none" does not go there. */
        NAME,
        WHOLE,
        NUMBER,
        BOOL,
        IP
    }

    static Slot of(String path, OcsfAttribute attribute) {
        var type = switch (attribute.json()) {
            case WHOLE -> Type.WHOLE;
            case NUMBER -> Type.NUMBER;
            case BOOL -> Type.BOOL;
            case ANY, OBJECT -> Type.TEXT;
            case TEXT ->
                switch (attribute.type()) {
                    case "ip_t" -> Type.IP;
                    case "username_t", "hostname_t", "email_t", "mac_t", "uuid_t" -> Type.NAME;
                    default -> Type.TEXT;
                };
        };
        return new Slot(Field.of(path), type);
    }

    static Slot unmapped(String name) {
        return new Slot(Field.unmapped(name), Type.TEXT);
    }

    /** Whether some values do not go there: those of another type or, for names, by which a source says "none". */
    boolean guarded(boolean sourceSaysNone) {
        return type != Type.TEXT && (type != Type.NAME || sourceSaysNone);
    }

    /** Whether bytes look like a value of the type. */
    boolean fits(byte[] bytes, int offset, int length) {
        return switch (type) {
            case TEXT, NAME -> true;
            case WHOLE -> whole(bytes, offset, length);
            case NUMBER -> number(bytes, offset, length);
            case BOOL -> bool(bytes, offset, length);
            case IP -> ip(bytes, offset, length);
        };
    }

    /** The entry's type for a value that fits. */
    byte entryType(byte native_) {
        return switch (type) {
            case WHOLE, NUMBER -> EventBatch.NUMBER;
            case BOOL -> EventBatch.BOOL;
            case TEXT, NAME, IP -> native_;
        };
    }

    private static boolean whole(byte[] bytes, int offset, int length) {
        int from = length > 1 && bytes[offset] == '-' ? 1 : 0;
        if (length == 0 || length - from > 18) {
            return false;
        }
        for (int i = from; i < length; i++) {
            if (bytes[offset + i] < '0' || bytes[offset + i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean number(byte[] bytes, int offset, int length) {
        boolean digit = false;
        for (int i = 0; i < length; i++) {
            byte b = bytes[offset + i];
            if (b >= '0' && b <= '9') {
                digit = true;
            } else if (b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
                return false;
            }
        }
        return digit && length <= 40;
    }

    private static boolean bool(byte[] bytes, int offset, int length) {
        int first = length > 0 ? bytes[offset] | 0x20 : 0;
        return length == 4 && first == 't' || length == 5 && first == 'f';
    }

    static boolean ip(byte[] bytes, int offset, int length) {
        if (length < 2 || length > 60) {
            return false;
        }
        int dots = 0;
        int colons = 0;
        int digits = 0;
        boolean hex = false;
        for (int i = 0; i < length; i++) {
            byte b = bytes[offset + i];
            if (b >= '0' && b <= '9') {
                digits++;
            } else if (b == '.') {
                dots++;
            } else if (b == ':') {
                colons++;
            } else if (b == '%' && colons > 1) {
                break;
            } else if ((b | 0x20) >= 'a' && (b | 0x20) <= 'f') {
                hex = true;
            } else {
                return false;
            }
        }
        return colons >= 2 || colons == 0 && !hex && dots == 3 && digits >= 4 && length <= 15;
    }
}
