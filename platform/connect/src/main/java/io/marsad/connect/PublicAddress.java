package io.marsad.connect;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses are of the public internet, so that what is asked for cannot reach the inside of a network. */
public final class PublicAddress {
    private PublicAddress() {}

    public static boolean is(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var b = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(b, 0) : isPublic6(b);
    }

    private static boolean isPublic4(byte[] b, int at) {
        int first = b[at] & 0xff;
        int second = b[at + 1] & 0xff;
        int third = b[at + 2] & 0xff;
        return switch (first) {
            case 0, 10, 127 -> false;
            case 100 -> second < 64 || second > 127; // shared by carriers
            case 169 -> second != 254;
            case 172 -> second < 16 || second > 31;
            case 192 -> second != 168 && !(second == 0 && (third == 0 || third == 2)) && !(second == 88 && third == 99);
            case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
            case 203 -> !(second == 0 && third == 113);
            default -> first < 224;
        };
    }

    /** Global unicast only, and what carries an IPv4 address only with a public one. */
    private static boolean isPublic6(byte[] b) {
        int first = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int second = (b[2] & 0xff) << 8 | b[3] & 0xff;
        if (first == 0x64 && second == 0xff9b) {
            return isPublic4(b, 12); // NAT64
        }
        if (first == 0x2002) {
            return isPublic4(b, 2); // 6to4
        }
        boolean global = (first & 0xe000) == 0x2000;
        boolean reserved = first == 0x2001 && (second < 0x200 || second == 0xdb8);
        return global && !reserved;
    }
}
