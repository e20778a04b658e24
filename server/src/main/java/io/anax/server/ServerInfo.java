package io.anax.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What INFO says of the process and of what it is to others.
final class ServerInfo {
    private static final int RUN_ID_BYTES = 20;
    private static final int LRU_BITS = 0xFF_FFFF;

    private final Server server;
    private final String runId = randomId();

    ServerInfo(Server server) {
        this.server = server;
    }

    private static String randomId() {
        byte[] id = new byte[RUN_ID_BYTES];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    void server(InfoText text, long nowMillis) {
        long upSeconds = (nowMillis - server.startMillis()) / 1000;
        ProcessHandle process = ProcessHandle.current();
        text.section("Server");
        text.field("redis_version", Server.REDIS_VERSION);
        text.field("anax_version", CommandLine.VERSION);
        text.field("redis_mode", "standalone");
        text.field("os", system());
        text.field("arch_bits", 64);
        text.field("java_version", Runtime.version().toString());
        text.field("multiplexing_api", server.io());
        text.field("fiber_kind", server.fibers());
        text.field("process_id", process.pid());
        text.field("process_supervised", "no");
        text.field("run_id", runId);
        text.field("tcp_port", server.port());
        text.field("server_time_usec", micros());
        text.field("uptime_in_seconds", upSeconds);
        text.field("uptime_in_days", upSeconds / 86_400);
        text.field("lru_clock", nowMillis / 1000 & LRU_BITS);
        text.field("executable", process.info().command().orElse(""));
        Path file = server.config().file();
        text.field("config_file", file == null ? "" : file.toString());
        text.field("io_threads_active", 0); // a shard reads and writes its own sockets
        listeners(text);
    }

    private static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }

    private static long micros() {
        var now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    private void listeners(InfoText text) {
        int count = 0;
        if (server.port() > 0) {
            var bind = new StringBuilder();
            for (String address : server.config().text(Directive.BIND).split("\\s+")) {
                bind.append(",bind=").append(address);
            }
            text.field("listener" + count++, "name=tcp" + bind + ",port=" + server.port());
        }
        String path = server.config().text(Directive.UNIXSOCKET);
        if (!path.isEmpty()) {
            text.field("listener" + count, "name=unix,bind=" + path);
        }
    }

    /// Nothing outlives the process so far.
    static void persistence(InfoText text) {
        text.section("Persistence");
        text.field("loading", 0);
        text.field("async_loading", 0);
        text.field("rdb_bgsave_in_progress", 0);
        text.field("rdb_saves", 0);
        text.field("aof_enabled", 0);
        text.field("aof_rewrite_in_progress", 0);
        text.field("aof_rewrite_scheduled", 0);
    }

    /// Nobody follows it so far.
    static void replication(InfoText text) {
        text.section("Replication");
        text.field("role", "master");
        text.field("connected_slaves", 0);
        text.field("master_failover_state", "no-failover");
        text.field("repl_backlog_active", 0);
    }

    static void cpu(InfoText text) {
        ProcessStatus process = ProcessStatus.now();
        text.section("CPU");
        text.field("used_cpu_sys", process.systemSeconds(), 6);
        text.field("used_cpu_user", process.userSeconds(), 6);
        text.field("used_cpu_sys_children", 0, 6);
        text.field("used_cpu_user_children", 0, 6);
    }

    static void cluster(InfoText text) {
        text.section("Cluster");
        text.field("cluster_enabled", 0);
    }
}
