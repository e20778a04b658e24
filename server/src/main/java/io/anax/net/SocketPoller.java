package io.anax.net;

import io.anax.engine.Poller;
import java.io.IOException;

/// The sockets of one shard. Belongs to the thread that first polls it; [#wake()] alone may come
/// from another. Both implementations behave alike and pass the same tests.
///
/// A turn of the shard, and what the poller does in it:
///
/// ```
///  poll()           received, ended, sent, closed, accepted: callbacks come from here only
///  …                the shard writes into outputs, channels say wantSend()
///  flush()          hands the outputs to the kernel, when the shard has other work to do
///  await(timeout)   or: hands them over and sleeps, in one system call
/// ```
///
/// `poll()` begins with what `flush()` does, so output waits for one turn at most.
public sealed interface SocketPoller extends Poller permits UringPoller, NioPoller {
    /// Opens the socket and accepts from it. May be called before the owner polls, by the thread
    /// that builds the server. Returns the port bound, 0 for a unix socket.
    int listen(Listener listener, Acceptor acceptor) throws IOException;

    /// Takes over a channel that another poller accepted and [Channel#detach()]ed: balanced accept.
    /// `acceptor` hears of it at once.
    void adopt(Channel detached, Acceptor acceptor);

    /// Open channels, those that are closing included.
    int channelCount();
}
