package io.marsad.store.query.run;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions of text. What they give is at most {@link Values#LONGEST} long. */
final class Texts {
    private Texts() {}

    static String lower(String text) {
        return Values.cut(text.toLowerCase(Locale.ROOT));
    }

    static String upper(String text) {
        return Values.cut(text.toUpperCase(Locale.ROOT));
    }

    /** Characters are code points; the first is 1, from the end they are -1, -2 and so on. */
    static @Nullable Object substr(String text, double from, double length) {
        if (Double.isNaN(from) || Double.isNaN(length)) {
            return null;
        }
        int all = text.codePointCount(0, text.length());
        double first = from > 0 ? from - 1 : from < 0 ? all + from : 0;
        int start = (int) Math.clamp(first, 0, all);
        int end = (int) Math.clamp(start + length, start, all);
        return text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
    }

    static @Nullable Object replace(String text, @Nullable String what, @Nullable String with) {
        if (what == null || with == null) {
            return null;
        }
        if (what.isEmpty()) {
            return text;
        }
        var all = new StringBuilder();
        int at = 0;
        for (int found; (found = text.indexOf(what, at)) >= 0 && all.length() < Values.LONGEST; ) {
            all.append(text, at, found).append(with);
            at = found + what.length();
        }
        return Values.cut(all.append(text, at, text.length()).toString());
    }

    static boolean contains(String text, @Nullable String part) {
        return part != null && Values.fold(text).contains(Values.fold(part));
    }

    static boolean startsWith(String text, @Nullable String part) {
        return part != null && Values.fold(text).startsWith(Values.fold(part));
    }

    static boolean endsWith(String text, @Nullable String part) {
        return part != null && Values.fold(text).endsWith(Values.fold(part));
    }

    static List<String> split(String text, String separator) {
        if (separator.isEmpty()) {
            return List.of(text);
        }
        var parts = new ArrayList<String>();
        int at = 0;
        while (parts.size() < Values.MOST_ITEMS) {
            int found = text.indexOf(separator, at);
            parts.add(text.substring(at, found < 0 ? text.length() : found));
            if (found < 0) {
                break;
            }
            at = found + separator.length();
        }
        return parts;
    }

    /** One of the parts that {@link #split} gives; the first is 1, the last is -1. */
    static @Nullable Object part(String text, @Nullable String separator, double number) {
        if (separator == null || number != Math.rint(number)) {
            return null;
        }
        var parts = split(text, separator);
        double at = number > 0 ? number - 1 : parts.size() + number;
        return number != 0 && at >= 0 && at < parts.size() ? parts.get((int) at) : null;
    }

    static String join(List<?> items, String separator) {
        var all = new StringBuilder();
        for (var item : items) {
            if (all.length() > Values.LONGEST) {
                break;
            }
            all.append(all.isEmpty() ? "" : separator).append(Values.text(item));
        }
        return Values.cut(all.toString());
    }

    /** What is no escape stands for itself; bytes that are no UTF-8 become the replacement character. */
    static String urlDecoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int high = c == '%' && at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(at + 2), 16) : -1;
            if (low >= 0) {
                bytes.write(high << 4 | low);
                at += 3;
            } else {
                int point = text.codePointAt(at);
                bytes.writeBytes((c == '+' ? " " : Character.toString(point)).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(point);
            }
        }
        return Values.cut(bytes.toString(StandardCharsets.UTF_8));
    }

    /** As UTF-16LE where every second byte is zero, which is what PowerShell takes, else as UTF-8; null when it is none. */
    static @Nullable Object base64Decoded(String text) {
        var plain = text.strip().replace('-', '+').replace('_', '/');
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(plain);
        } catch (IllegalArgumentException e) {
            return null; // nonsense gives null
        }
        boolean wide = bytes.length > 1 && bytes.length % 2 == 0;
        for (int i = 1; i < bytes.length && wide; i += 2) {
            wide = bytes[i] == 0;
        }
        return Values.cut(new String(bytes, wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8));
    }

    /** A whole number written to a base from 2 to 36, {@code 0x} allowed before base 16; else NaN. */
    static double number(@Nullable String text, double base) {
        if (text == null || text.isEmpty() || text.length() > 64 || !(base >= 2 && base <= 36)) {
            return Double.NaN;
        }
        boolean prefix = base == 16 && (text.startsWith("0x") || text.startsWith("0X"));
        try {
            return new BigInteger(prefix ? text.substring(2) : text, (int) base).doubleValue();
        } catch (NumberFormatException e) {
            return Double.NaN; // nonsense gives null
        }
    }
}
