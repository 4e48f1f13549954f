package io.marsad.connect;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A name server of the tests: names under {@code prepared.test} have the addresses that a test gave them, in turn. */
public final class PreparedNames extends InetAddressResolverProvider {
    private static final Map<String, String[]> NAMES = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> ASKED = new ConcurrentHashMap<>();

    /** @param answers of the first question, the second …; the last one from then on */
    static void name(String name, String... answers) {
        NAMES.put(name, answers);
        ASKED.put(name, new AtomicInteger());
    }

    static int asked(String name) {
        return ASKED.getOrDefault(name, new AtomicInteger()).get();
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        var system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                var answers = NAMES.get(host);
                if (answers == null) {
                    return system.lookupByName(host, policy);
                }
                int number = ASKED.getOrDefault(host, new AtomicInteger()).getAndIncrement();
                var literal = InetAddress.ofLiteral(answers[Math.min(number, answers.length - 1)]);
                return Stream.of(InetAddress.getByAddress(host, literal.getAddress()));
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "prepared";
    }
}
