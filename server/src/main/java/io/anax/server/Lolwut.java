package io.anax.server;

import io.anax.command.CommandContext;
import java.util.Arrays;
import java.util.SplittableRandom;

/// LOLWUT: an emperor dragonfly (Anax imperator), never twice the same.
///
/// ```
///  a character of braille is 2 x 4 dots     1 4
///                                           2 5     its code is U+2800 + the bits of its dots
///                                           3 6
///                                           7 8
/// ```
final class Lolwut {
    private static final int VERSION = 1; // of the picture: with another, as in Redis, there is none
    private static final int COLUMNS = 64;
    private static final int ROWS = 18;
    private static final int SIDE_MAX = 250;
    private static final int[][] DOT_BITS = {{0, 3}, {1, 4}, {2, 5}, {6, 7}}; // by row and column
    private static final int DOTS_WIDE = 2;
    private static final int DOTS_HIGH = 4;

    private final int columns;
    private final int rows;
    private final char[] cells;
    private final SplittableRandom random = new SplittableRandom();

    private Lolwut(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        cells = new char[columns * rows];
        Arrays.fill(cells, '\u2800');
    }

    /// `LOLWUT [VERSION version] [columns] [rows]`
    static void reply(CommandContext ctx) {
        boolean named = ctx.count() > 2 && ctx.is(1, "version");
        long version = named ? ctx.integer(2) : VERSION;
        int first = named ? 3 : 1;
        int columns = side(ctx, first, COLUMNS);
        int rows = side(ctx, first + 1, ROWS);
        String picture = version == VERSION ? new Lolwut(columns, rows).draw() : "";
        ctx.reply().verbatim("txt", picture + "Anax ver. " + CommandLine.VERSION + "\n");
    }

    private static int side(CommandContext ctx, int i, int usual) {
        return i < ctx.count() ? Math.clamp(ctx.integer(i), 1, SIDE_MAX) : usual;
    }

    private String draw() {
        double width = columns * DOTS_WIDE;
        double height = rows * DOTS_HIGH;
        double length = Math.min(width, height) / 2;
        double tilt = random.nextDouble(-0.5, 0.5);
        dragonfly(width / 2, height / 2.6, length, Math.PI / 2 + tilt);
        var picture = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            picture.append(cells, row * columns, columns).append('\n');
        }
        return picture.append("\nAnax imperator, plotter on water. ").toString();
    }

    /// Its thorax is at x, y; its tail points to where `heading` says.
    private void dragonfly(double x, double y, double length, double heading) {
        double spread = random.nextDouble(0.9, 1.1);
        for (int side = -1; side <= 1; side += 2) {
            wing(x, y, length * 1.5, heading + side * (Math.PI / 2 + 0.20) * spread);
            wing(x, y, length * 1.35, heading + side * (Math.PI / 2 - 0.22) * spread);
        }
        body(x, y, length, heading);
    }

    /// Two edges that meet at the root and at the tip, with veins between them.
    private void wing(double x, double y, double length, double angle) {
        double width = length * random.nextDouble(0.13, 0.18);
        for (double share : new double[] {1, 0.35, -0.2, -1}) {
            for (double t = 0; t <= 1; t += 0.5 / length) {
                plot(x, y, angle, length * t, share * width * outline(t));
            }
        }
        for (double t = random.nextDouble(0.15, 0.25); t < 0.95; t += random.nextDouble(0.06, 0.12)) {
            for (double share = -1; share <= 1; share += 0.8 / width) {
                plot(x, y, angle, length * t, share * width * outline(t));
            }
        }
    }

    private static double outline(double t) {
        return Math.sin(Math.PI * Math.pow(t, 1.3)) * 0.8 + 0.2 * Math.sin(Math.PI * t);
    }

    /// Head before the thorax, a long abdomen behind it.
    private void body(double x, double y, double length, double heading) {
        for (double along = -0.22 * length; along <= 1.2 * length; along += 0.5) {
            double half = along < 0.15 * length ? length * 0.07 : length * 0.035;
            for (double across = -half; across <= half; across += 0.5) {
                plot(x, y, heading, along, across);
            }
        }
        for (double turn = 0; turn < 2 * Math.PI; turn += 0.1) {
            double radius = length * 0.09;
            plot(x, y, heading, -0.3 * length + radius * Math.cos(turn), radius * 1.3 * Math.sin(turn));
        }
    }

    /// A dot so far along an angle from x, y, and so far to its side.
    private void plot(double x, double y, double angle, double along, double across) {
        int column = (int) Math.round(x + along * Math.cos(angle) - across * Math.sin(angle));
        int row = (int) Math.round(y + along * Math.sin(angle) + across * Math.cos(angle));
        if (column >= 0 && column < columns * DOTS_WIDE && row >= 0 && row < rows * DOTS_HIGH) {
            int bit = DOT_BITS[row % DOTS_HIGH][column % DOTS_WIDE];
            cells[row / DOTS_HIGH * columns + column / DOTS_WIDE] |= (char) (1 << bit);
        }
    }
}
