package io.anax.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The value of `latency-tracking-info-percentiles`: `50 99 99.9`.
final class Percentiles {
    private Percentiles() {}

    static List<Double> parse(String text) throws ConfigException {
        var numbers = new ArrayList<Double>();
        for (String word : text.isBlank() ? new String[0] : text.strip().split("\\s+")) {
            numbers.add(number(word));
        }
        return numbers;
    }

    private static double number(String word) throws ConfigException {
        double number;
        try {
            number = Double.parseDouble(word);
        } catch (NumberFormatException _) {
            throw new ConfigException("Invalid latency-tracking-info-percentiles parameters");
        }
        if (!(number >= 0 && number <= 100)) {
            throw new ConfigException("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
        }
        return number;
    }

    /// As it is kept and shown: without zeros at the end.
    static String canonical(String text) throws ConfigException {
        return String.join(" ", parse(text).stream().map(Percentiles::print).toList());
    }

    /// With six decimals at most, none of them a zero at the end.
    static String print(double number) {
        String text = String.format(Locale.ROOT, "%f", number);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
