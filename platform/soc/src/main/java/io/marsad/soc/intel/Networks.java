package io.marsad.soc.intel;

import io.marsad.match.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * IP networks as text: their first address in its one form, a stroke and the number of bits, {@code 203.0.113.0/24}. One of
 * IPv4 mapped into IPv6 is IPv4. As wide as makes sense to list: /8 of IPv4, /16 of IPv6.
 */
public final class Networks {
    private static final int WIDEST_4 = 8;
    private static final int WIDEST_6 = 16;
    private static final int MAPPED = 96;
    private static final Pattern SHAPE = Pattern.compile("[0-9a-fA-F:.]{2,45}/[0-9]{1,3}");

    private Networks() {}

    /** An address, a stroke and a number; links without a scheme that look the same are taken for networks. */
    static boolean looksLike(String text) {
        return SHAPE.matcher(text).matches();
    }

    /**
     * Its one form; a network of a single address is that address.
     *
     * @throws IllegalArgumentException when it is none or too wide; the message goes on after the value's name
     */
    static String form(String text) {
        Network network;
        try {
            network = Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no network: " + e.getMessage(), e);
        }
        int slash = text.indexOf('/');
        var address = IpText.canonical(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("is no network");
        }
        boolean four = address.indexOf(':') < 0;
        int bits = four && network.version() == 6 ? network.bits() - MAPPED : network.bits();
        if (bits < (four ? WIDEST_4 : WIDEST_6)) {
            throw new IllegalArgumentException("is a network that is too wide: " + text + " is wider than /" + WIDEST_4
                    + " of IPv4, /" + WIDEST_6 + " of IPv6");
        }
        return bits == (four ? 32 : 128) ? address : address + "/" + bits;
    }

    /** All networks that may be listed and that the address is in, the smallest first; none when it is no address. */
    public static List<String> around(String address) {
        var around = new ArrayList<String>();
        if (IpText.canonical(address) == null) {
            return around;
        }
        var one = Network.parse(address);
        boolean four = one.version() == 4;
        for (int bits = four ? 31 : 127; bits >= (four ? WIDEST_4 : WIDEST_6); bits--) {
            var network = one.within(bits);
            around.add(
                    (four ? IpText.dotted(network.low()) : IpText.written(network.high(), network.low())) + "/" + bits);
        }
        return around;
    }
}
