package io.anax.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the system says of this process, from `/proc`; zeros where there is none.
///
/// ```
///  /proc/self/status    VmRSS:      61376 kB
///  /proc/meminfo        MemTotal:   24684096 kB
///  /proc/self/stat      pid (name) state ... utime stime ...     14th and 15th field, in hundredths of a second
/// ```
record ProcessStatus(long rssBytes, long systemBytes, double userSeconds, double systemSeconds) {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ is 100 wherever Linux runs
    private static final int USER_TIME = 11; // counted from behind the name
    private static final int SYSTEM_TIME = USER_TIME + 1;

    static ProcessStatus now() {
        String[] stat = statFields();
        return new ProcessStatus(
                kibibytes("/proc/self/status", "VmRSS:"),
                kibibytes("/proc/meminfo", "MemTotal:"),
                seconds(stat, USER_TIME),
                seconds(stat, SYSTEM_TIME));
    }

    private static long kibibytes(String file, String field) {
        for (String line : text(file).split("\n")) {
            if (line.startsWith(field)) {
                return Long.parseLong(
                                line.substring(field.length()).replace("kB", "").strip())
                        * 1024;
            }
        }
        return 0;
    }

    /// Those behind the name of the program, which may hold blanks.
    private static String[] statFields() {
        String stat = text("/proc/self/stat");
        return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    }

    private static double seconds(String[] fields, int i) {
        return i < fields.length ? Long.parseLong(fields[i]) / TICKS_PER_SECOND : 0;
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }
}
