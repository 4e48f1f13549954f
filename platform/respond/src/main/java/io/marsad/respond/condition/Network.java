package io.marsad.respond.condition;

import java.net.InetAddress;

/** An address, or the network that begins so. Made of texts that a variable of the type takes. */
record Network(byte[] address, int bits) {
    static Network of(String text) {
        int slash = text.indexOf('/');
        var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash))
                .getAddress();
        return new Network(address, slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1)));
    }

    /** Whether all of the other is in this one. */
    boolean holds(Network other) {
        if (other.address.length != address.length || other.bits < bits) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((address[bit / 8] & mask) != (other.address[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
