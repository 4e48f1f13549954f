package io.marsad.soc.correlate;

/** What kind of thing alerts name, after the types of OCSF observables. */
public enum Kind {
    ACCOUNT("account", Family.IDENTITY, Pace.DAY),
    SESSION("session", Family.IDENTITY, Pace.DAY),
    HOST("host", Family.DEVICE, Pace.DAY),
    PROCESS("process", Family.DEVICE, Pace.DAY),
    IP("address", Family.ADDRESS, Pace.DAY),
    FILE("file", Family.FILE, Pace.DAYS),
    URL("URL", Family.WEB, Pace.DAYS),
    DOMAIN("domain", Family.WEB, Pace.DAYS),
    MAIL_MESSAGE("mail message", Family.MAIL, Pace.DAYS),
    MAIL_CAMPAIGN("mail campaign", Family.MAIL, Pace.DAYS),
    APPLICATION("application", Family.CLOUD, Pace.DAY),
    RESOURCE("resource", Family.CLOUD, Pace.DAY),
    /** A domain of accounts and machines: whoever is in it is in one house. */
    DIRECTORY("directory", Family.DEVICE, Pace.MOMENT),
    /** What raised the alert. */
    DETECTION("detection", Family.DETECTION, Pace.MOMENT);

    /**
     * Kinds that say the same thing: of each family only the best shared one counts. A process tells its host, a session
     * its account, both their directory; two shared files are rarely two reasons.
     */
    enum Family {
        IDENTITY,
        DEVICE,
        ADDRESS,
        FILE,
        WEB,
        MAIL,
        CLOUD,
        DETECTION
    }

    /** How long it says something that both name it. */
    enum Pace {
        /** Chance brings two together any day: only what happens at once is remarkable. */
        MOMENT,
        /** An attack passes through it, and others use it the next day. */
        DAY,
        /** An attack leaves it behind. */
        DAYS
    }

    private final String word;
    private final Family family;
    private final Pace pace;

    Kind(String word, Family family, Pace pace) {
        this.word = word;
        this.family = family;
        this.pace = pace;
    }

    /** As explanations write it. */
    public String word() {
        return word;
    }

    Family family() {
        return family;
    }

    Pace pace() {
        return pace;
    }

    /** Whether it is someone or something that is attacked: what a shared thing is shared by. */
    boolean isAsset() {
        return this == ACCOUNT || this == HOST;
    }
}
