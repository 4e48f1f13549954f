package io.marsad.wire;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;

/** What is signed has one form of bytes here: readers of ASN.1 take several for the same. */
final class Der {
    private Der() {}

    /** Whether bytes are what DER writes, and the signature at their end, which nothing signs, is whole bytes. */
    static boolean isSigned(byte[] bytes) {
        try {
            var read = ASN1Primitive.fromByteArray(bytes);
            return Arrays.equals(read.getEncoded(ASN1Encoding.DER), bytes)
                    && read instanceof ASN1Sequence parts
                    && parts.size() == 3
                    && parts.getObjectAt(2) instanceof ASN1BitString signature
                    && signature.getPadBits() == 0;
        } catch (IOException | RuntimeException e) { // of the reading of ASN.1, which has many
            return false;
        }
    }
}
