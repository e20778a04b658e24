/// Puts everything together: `main`, configuration, the commands that act on the server as a whole.
/// The only package with a clock of the machine, with threads and with logging. Start at
/// [io.anax.server.Server].
@NullMarked
package io.anax.server;

import org.jspecify.annotations.NullMarked;
