package io.marsad.match;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A guess how often a literal is found in ordinary events, for choosing what to look for. Wrong guesses cost time, never
 * correctness.
 */
final class Commonness {
    /** What ordinary machines log all day long. */
    private static final byte[] ORDINARY = String.join(
                    "\n",
                    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule",
                    "c:\\windows\\system32\\cmd.exe /c /d /s /q \"",
                    "c:\\windows\\syswow64\\windowspowershell\\v1.0\\powershell.exe -noprofile -command",
                    "c:\\program files (x86)\\microsoft\\edge\\application\\msedge.exe --type=renderer",
                    "c:\\program files\\google\\chrome\\application\\chrome.exe --lang=en-us --enable-features=",
                    "c:\\users\\public\\appdata\\local\\temp\\ c:\\users\\administrator\\appdata\\roaming\\",
                    "c:\\programdata\\microsoft\\windows defender\\ c:\\windows\\explorer.exe services.exe lsass.exe",
                    "rundll32.exe shell32.dll,control_rundll regsvr32.exe conhost.exe 0xffffffff -forcev1 .dll",
                    "hklm\\system\\currentcontrolset\\services\\ hkcu\\software\\microsoft\\windows\\currentversion\\run",
                    "hku\\s-1-5-21-\\software\\classes\\ \\device\\harddiskvolume3\\ \\\\.\\pipe\\",
                    "nt authority\\system nt authority\\network service microsoft corporation operating system",
                    "http://www. https:// .com/ .net .org .html .php?id= mozilla/5.0 (windows nt 10.0; win64; x64)",
                    "/usr/bin/python3 /usr/sbin/sshd /bin/bash -c /etc/passwd /var/log/ /tmp/ /home/ /proc/self/ root",
                    "true false null success failure error system microsoft-windows-sysmon/operational medium high",
                    "sha1= md5= sha256= imphash= 127.0.0.1 192.168. 10.0.0. 172.16. 0.0.0.0 2026- 2025-")
            .getBytes(StandardCharsets.UTF_8);

    /** Counted once, then only read. */
    private static final IntLists.Builder GRAMS = grams();

    private Commonness() {}

    /** From nearly 0 (never seen) to 1 (in every event). */
    static double of(Literal literal) {
        int n = literal.bytes().length;
        boolean ordinary = n <= 3 || isOrdinary(literal.bytes());
        double guess = ordinary ? Math.max(0.02, 0.6 / n) : Math.max(1e-6, Math.pow(0.4, n));
        return switch (literal.place()) {
            case WHOLE -> guess * 0.1;
            case START, END -> guess * 0.4;
            case INSIDE -> guess;
        };
    }

    /** Every four bytes of it occur in what is ordinary. */
    private static boolean isOrdinary(byte[] bytes) {
        for (int i = 0; i + 4 <= bytes.length; i++) {
            if (ofGram(Bytes.word(bytes, i)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** How often the four bytes occur in what is ordinary. */
    static int ofGram(int gram) {
        return GRAMS.count(gram);
    }

    /** How often a piece of four bytes or fewer occurs in what is ordinary. */
    static int ofPiece(byte[] bytes, int from, int size) {
        if (size == 4) {
            return ofGram(Bytes.word(bytes, from));
        }
        int count = 0;
        for (int i = 0; i + size <= ORDINARY.length; i++) {
            count += Arrays.equals(ORDINARY, i, i + size, bytes, from, from + size) ? 1 : 0;
        }
        return count;
    }

    private static IntLists.Builder grams() {
        var grams = new IntLists.Builder(ORDINARY.length);
        for (int i = 0; i + 4 <= ORDINARY.length; i++) {
            grams.add(Bytes.word(ORDINARY, i), 0);
        }
        return grams;
    }
}
