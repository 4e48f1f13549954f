package io.marsad.testkit.sigma;

import java.util.Arrays;

/** A {@link Wild} compared with values; the usual shapes by the string's own means, which are many times faster. */
public final class TextTest {
    private final Wild wild;
    private final boolean cased;
    private final boolean simple;
    private final boolean before;
    private final boolean behind;
    private final String middle;

    public TextTest(Wild written, boolean cased) {
        this.cased = cased;
        wild = cased ? written : written.folded();
        var parts = wild.parts();
        int n = parts.length;
        before = n > 0 && parts[0] == Wild.ANY;
        behind = n > 1 && parts[n - 1] == Wild.ANY;
        var inner = Arrays.copyOfRange(parts, before ? 1 : 0, behind ? n - 1 : n);
        simple = Arrays.stream(inner).allMatch(c -> c >= 0);
        middle = simple ? new String(inner, 0, inner.length) : "";
    }

    public boolean fits(ReferenceEvent.Value value) {
        var text = value.text();
        if (text == null) {
            return false;
        }
        var compared = cased ? text : value.folded();
        if (!simple) {
            return wild.fits(compared);
        }
        if (before) {
            return behind || middle.isEmpty() ? compared.contains(middle) : compared.endsWith(middle);
        }
        return behind ? compared.startsWith(middle) : compared.equals(middle);
    }
}
