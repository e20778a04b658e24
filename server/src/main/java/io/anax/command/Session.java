package io.anax.command;

import io.anax.Limits;
import io.anax.protocol.Peer;

/// What the server knows of one client that handlers may read and change: its name, database,
/// protocol version and what its next replies shall be. Owned by the thread of its connection.
public final class Session {
    public static final int RESP2 = 2;
    public static final int RESP3 = 3;

    private static final CommandException BAD_NAME =
            CommandException.error("ERR Client names cannot contain spaces, newlines or special characters.");

    private final long id;
    private final Peer peer;
    private final long createdMillis;
    private String name = "";
    private String libraryName = "";
    private String libraryVersion = "";
    private int database;
    private int resp = RESP2;
    private boolean authenticated;
    private boolean closing;
    private boolean quiet;
    private boolean evictable = true;
    private Replies replies = Replies.SENT;
    private Monitoring monitoring = Monitoring.OFF;
    private long lastActiveMillis;
    private int lastCommand = -1;

    /// What becomes of the replies to a client: CLIENT REPLY.
    private enum Replies {
        SENT,
        /// The next command's is dropped, then they are sent again; this is still the one before.
        DROPPED_NEXT,
        DROPPED_ONCE,
        DROPPED
    }

    private enum Monitoring {
        OFF,
        BEGINS,
        ON
    }

    public Session(long id, Peer peer, boolean authenticated, long nowMillis) {
        this.id = id;
        this.peer = peer;
        this.authenticated = authenticated;
        this.createdMillis = nowMillis;
        this.lastActiveMillis = nowMillis;
    }

    public long id() {
        return id;
    }

    public String address() {
        return peer.address();
    }

    public String localAddress() {
        return peer.localAddress();
    }

    public long createdMillis() {
        return createdMillis;
    }

    public String name() {
        return name;
    }

    public void rename(String to) {
        name = to;
    }

    public String libraryName() {
        return libraryName;
    }

    public String libraryVersion() {
        return libraryVersion;
    }

    public void library(String libraryName, String libraryVersion) {
        this.libraryName = libraryName;
        this.libraryVersion = libraryVersion;
    }

    /// A name that CLIENT LIST can show on a line: no blanks, no control characters.
    public static String checkedName(String name) {
        if (!isPlain(name)) {
            throw BAD_NAME;
        }
        limitLength(name);
        return name;
    }

    /// Refuses a name that is too long to be kept for every client.
    public static void limitLength(String name) {
        if (name.length() > Limits.CLIENT_NAME_BYTES_MAX) {
            throw CommandException.error(
                    "ERR names of clients and libraries are at most " + Limits.CLIENT_NAME_BYTES_MAX + " bytes long");
        }
    }

    public static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '!' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    public int database() {
        return database;
    }

    public void select(int index) {
        database = index;
    }

    public int resp() {
        return resp;
    }

    public void speak(int version) {
        assert version == RESP2 || version == RESP3;
        resp = version;
    }

    public boolean authenticated() {
        return authenticated;
    }

    public void authenticate(boolean now) {
        authenticated = now;
    }

    /// The connection closes once what is owed has been sent (QUIT, CLIENT KILL of itself).
    public void closeAfterReply() {
        closing = true;
    }

    public boolean closing() {
        return closing;
    }

    /// Whether its accesses leave no trace in what eviction knows of keys: CLIENT NO-TOUCH.
    public boolean isQuiet() {
        return quiet;
    }

    public void quiet(boolean on) {
        quiet = on;
    }

    /// Whether its connection may be closed to save memory: CLIENT NO-EVICT.
    public boolean isEvictable() {
        return evictable;
    }

    public void evictable(boolean on) {
        evictable = on;
    }

    // ---- CLIENT REPLY -----------------------------------------------------------------------------

    public void sendReplies(boolean on) {
        replies = on ? Replies.SENT : Replies.DROPPED;
    }

    /// Drops the reply to the next command.
    public void skipReply() {
        if (replies != Replies.DROPPED) {
            replies = Replies.DROPPED_NEXT;
        }
    }

    /// Whether some reply may have to be dropped; then [#keepsReply] says which.
    public boolean isMuted() {
        return replies != Replies.SENT;
    }

    /// To be asked once for each command, when it has replied: whether its reply is to be sent.
    public boolean keepsReply() {
        boolean kept = replies == Replies.SENT;
        if (replies == Replies.DROPPED_ONCE) {
            replies = Replies.SENT;
        } else if (replies == Replies.DROPPED_NEXT) {
            replies = Replies.DROPPED_ONCE; // that was the command that asked for it
        }
        return kept;
    }

    // ---- MONITOR ----------------------------------------------------------------------------------

    /// It sees all commands, from the reply to MONITOR on.
    public void monitor() {
        monitoring = Monitoring.BEGINS;
    }

    /// The reply to MONITOR is written.
    public void monitoringBegan() {
        if (monitoring == Monitoring.BEGINS) {
            monitoring = Monitoring.ON;
        }
    }

    public boolean isMonitoring() {
        return monitoring != Monitoring.OFF;
    }

    public boolean hasMonitoringBegun() {
        return monitoring == Monitoring.ON;
    }

    public long lastActiveMillis() {
        return lastActiveMillis;
    }

    public int lastCommand() {
        return lastCommand;
    }

    /// Notes that the client has read.
    public void interacted(long nowMillis) {
        lastActiveMillis = nowMillis;
    }

    /// Notes that a command began.
    public void active(int commandId, long nowMillis) {
        lastCommand = commandId;
        lastActiveMillis = nowMillis;
    }

    /// RESET: as a fresh connection, keeping id and addresses.
    public void reset(boolean authenticatedNow) {
        name = "";
        database = 0;
        resp = RESP2;
        quiet = false;
        evictable = true;
        replies = Replies.SENT;
        monitoring = Monitoring.OFF;
        authenticated = authenticatedNow;
    }
}
