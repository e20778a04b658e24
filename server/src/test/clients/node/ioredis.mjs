// What programs do with ioredis: node ioredis.mjs PORT PROTOCOL. Ends with status 1 at the first
// reply that is wrong.
import Redis from "ioredis";
import { equal, fails, holds, noise, pause, report } from "./checks.mjs";

const port = Number(process.argv[2]);
const protocol = Number(process.argv[3]);
const MIB = 1 << 20;

function connect(options = {}) {
  const client = new Redis({ host: "127.0.0.1", port, protocol, ...options });
  client.on("error", () => {}); // a refused connection is seen by the command that needed it
  return client;
}

async function connection(redis) {
  equal(await redis.ping(), "PONG");
  equal(await redis.ping("hello"), "hello");
  equal(await redis.echo("ключ-鍵-🔑"), "ключ-鍵-🔑");
  equal(await redis.client("SETNAME", "tester"), "OK");
  equal(await redis.client("GETNAME"), "tester");
  holds((await redis.client("ID")) > 0);
  holds((await redis.client("LIST")).includes("name=tester"));
  holds((await redis.client("INFO")).includes(`resp=${protocol}`));
  const hello = await redis.hello(protocol);
  holds(JSON.stringify(hello).includes("standalone"));
  holds((await redis.info("server")).includes("redis_version:"));
  equal((await redis.time()).length, 2);
  holds((await redis.command("COUNT")) > 0);
  equal(await redis.command("GETKEYS", "MSET", "a", "1", "b", "2"), ["a", "b"]);
}

async function strings(redis) {
  equal(await redis.set("s", "v"), "OK");
  equal(await redis.get("s"), "v");
  equal(await redis.get("missing"), null);
  equal(await redis.set("s", "w", "NX"), null);
  equal(await redis.set("s", "w", "XX", "GET"), "v");
  equal(await redis.getset("s", "x"), "w");
  equal(await redis.append("s", "yz"), 3);
  equal(await redis.strlen("s"), 3);
  equal(await redis.getrange("s", 1, -1), "yz");
  equal(await redis.setrange("s", 5, "!"), 6);
  equal(await redis.get("s"), "xyz\0\0!");
  equal(await redis.getdel("s"), "xyz\0\0!");
  equal(await redis.incr("n"), 1);
  equal(await redis.incrby("n", 41), 42);
  equal(await redis.decr("n"), 41);
  equal(await redis.decrby("n", 100), -59);
  equal(await redis.incrbyfloat("n", 0.5), "-58.5");
  equal(await redis.mset({ a: "1", b: "2" }), "OK");
  equal(await redis.mget("a", "none", "b"), ["1", null, "2"]);
  equal(await redis.msetnx("a", "1", "c", "3"), 0);
  equal(await redis.setnx("c", "3"), 1);
  equal(await redis.mset("x", "ohmytext", "y", "mynewtext"), "OK");
  equal(await redis.lcs("x", "y"), "mytext");
}

async function keys(redis) {
  await redis.flushall();
  await redis.mset("k1", "1", "k2", "2", "k3", "3");
  equal(await redis.exists("k1", "k2", "none"), 2);
  equal(await redis.type("k1"), "string");
  equal(await redis.type("none"), "none");
  equal(await redis.object("ENCODING", "k1"), "int");
  equal(await redis.rename("k1", "k4"), "OK");
  equal(await redis.renamenx("k4", "k2"), 0);
  equal(await redis.copy("k4", "k5"), 1);
  equal(await redis.touch("k4", "k5"), 2);
  equal((await redis.keys("k[45]")).sort(), ["k4", "k5"]);
  holds((await redis.randomkey()).startsWith("k"));
  equal(await redis.unlink("k4"), 1);
  equal(await redis.del("k5", "none"), 1);
  equal(await redis.dbsize(), 2);
  equal(await redis.move("k2", 1), 1);
  equal(await redis.select(1), "OK");
  equal(await redis.get("k2"), "2");
  equal(await redis.swapdb(0, 1), "OK");
  equal(await redis.get("k3"), "3");
  equal(await redis.flushdb(), "OK");
  equal(await redis.select(0), "OK");
  equal(await redis.dbsize(), 1);
}

async function expiry(redis) {
  await redis.set("t", "v", "EX", 100);
  holds((await redis.ttl("t")) > 95);
  holds((await redis.pttl("t")) > 95_000);
  equal(await redis.persist("t"), 1);
  equal(await redis.ttl("t"), -1);
  equal(await redis.ttl("none"), -2);
  equal(await redis.expire("t", 10, "NX"), 1);
  equal(await redis.expire("t", 5, "GT"), 0);
  equal(await redis.expireat("t", 4_000_000_000), 1);
  equal(await redis.expiretime("t"), 4_000_000_000);
  equal(await redis.pexpiretime("t"), 4_000_000_000_000);
  equal(await redis.getex("t", "PERSIST"), "v");
  equal(await redis.psetex("t", 30, "soon gone"), "OK");
  await pause(60);
  equal(await redis.get("t"), null);
  equal(await redis.setex("t", 1, "v"), "OK");
  equal(await redis.pexpire("t", 1), 1);
  await pause(20);
  equal(await redis.exists("t"), 0);
}

async function scans(redis) {
  await redis.flushall();
  const pipeline = redis.pipeline();
  for (let i = 0; i < 3000; i++) {
    pipeline.set(`scan:${i}`, i);
  }
  await pipeline.set("other", "x").exec();
  const seen = new Set();
  for await (const page of redis.scanStream({ match: "scan:*", count: 100, type: "string" })) {
    page.forEach((key) => seen.add(key));
  }
  equal(seen.size, 3000);
  equal(seen.has("other"), false);
}

async function pipelines(redis) {
  const pipeline = redis.pipeline();
  for (let i = 0; i < 1000; i++) {
    pipeline.set(`p:${i}`, `value ${i}`);
    pipeline.get(`p:${i}`);
  }
  const replies = await pipeline.get("p:7").incr("p:7").exec();
  for (let i = 0; i < 1000; i++) {
    equal(replies[2 * i], [null, "OK"]);
    equal(replies[2 * i + 1], [null, `value ${i}`]);
  }
  equal(replies[2000], [null, "value 7"]);
  holds(/not an integer/.test(replies[2001][0].message), "an error in a pipeline ends nothing");
  const all = await Promise.all(Array.from({ length: 1000 }, (_, i) => redis.get(`p:${i}`)));
  equal(all, Array.from({ length: 1000 }, (_, i) => `value ${i}`));
}

async function autoPipelining() {
  const redis = connect({ enableAutoPipelining: true });
  const sums = await Promise.all(Array.from({ length: 500 }, () => redis.incr("auto")));
  equal(sums.sort((a, b) => a - b), Array.from({ length: 500 }, (_, i) => i + 1));
  await redis.quit();
}

async function bytes(redis) {
  for (const size of [0, 1, 100, 16 * 1024, MIB, 5 * MIB]) {
    const value = noise(size);
    await redis.set("big", value);
    holds(value.equals(await redis.getBuffer("big")), `${size} bytes come back`);
    equal(await redis.strlen("big"), size);
  }
  const key = noise(256);
  await redis.set(key, "binary key");
  equal(await redis.get(key), "binary key");
  const many = await Promise.all(Array.from({ length: 8 }, () => redis.getBuffer("big")));
  holds(many.every((one) => one.length === 5 * MIB));
}

async function bits(redis) {
  equal(await redis.setbit("bits", 7, 1), 0);
  equal(await redis.setbit("bits", 100, 1), 0);
  equal(await redis.getbit("bits", 7), 1);
  equal(await redis.bitcount("bits"), 2);
  equal(await redis.bitcount("bits", 0, 7, "BIT"), 1);
  equal(await redis.bitpos("bits", 1), 7);
  equal(await redis.bitop("NOT", "inverted", "bits"), 13);
  equal(await redis.bitcount("inverted"), 13 * 8 - 2);
  equal(await redis.bitfield("field", "SET", "u8", 0, 200, "OVERFLOW", "SAT", "INCRBY", "u8", 0, 100), [0, 255]);
  equal(await redis.bitfield_ro("field", "GET", "i8", 0), [-1]);
}

async function sketches(redis) {
  equal(await redis.pfadd("visits", ...Array.from({ length: 1000 }, (_, i) => `visitor ${i}`)), 1);
  const visitors = await redis.pfcount("visits");
  holds(Math.abs(visitors - 1000) < 50, visitors);
  equal(await redis.pfadd("others", "visitor 1", "a stranger"), 1);
  equal(await redis.pfcount("others"), 2);
  equal(await redis.pfmerge("all", "visits", "others"), "OK");
  equal(await redis.pfcount("all"), await redis.pfcount("visits", "others"));
  await fails(redis.pfcount("text"), /^WRONGTYPE Key is not a valid HyperLogLog string value\.$/);
}

async function watching(redis) {
  const observer = connect({ protocol: 2 });
  await observer.ping(); // else its own INFO may be the first line, in one chunk with OK: ioredis cannot read that
  const monitor = await observer.monitor();
  const seen = new Promise((resolve) => monitor.on("monitor", (_, words) => words.includes("watched") && resolve(words)));
  await redis.set("watched", "value");
  equal(await seen, ["set", "watched", "value"]);
  monitor.disconnect();
  observer.disconnect();
  holds((await redis.memory("USAGE", "watched")) > 0);
  equal(await redis.memory("USAGE", "none"), null);
  holds((await redis.slowlog("LEN")) >= 0);
  equal(await redis.config("RESETSTAT"), "OK");
  equal(await redis.acl("WHOAMI"), "default");
  const begin = Date.now();
  equal(await redis.client("PAUSE", 100, "WRITE"), "OK");
  equal(await redis.get("watched"), "value");
  equal(await redis.set("watched", "later"), "OK");
  holds(Date.now() - begin >= 95, "a write waits for the end of the pause");
}

async function errors(redis) {
  await redis.set("text", "abc");
  await fails(redis.incr("text"), /^ERR value is not an integer or out of range$/);
  await fails(redis.call("NOSUCH", "x"), /^ERR unknown command 'NOSUCH', with args beginning with: 'x'/);
  await fails(redis.call("GET"), /^ERR wrong number of arguments for 'get' command$/);
  await fails(redis.set("text", "x", "EX", 0), /^ERR invalid expire time in 'set' command$/);
  await fails(redis.select(99), /^ERR DB index is out of range$/);
  await fails(redis.call("SET", "a", "b", "c"), /^ERR syntax error$/);
  await fails(redis.call("CLIENT", "NOSUCH"), /^ERR unknown subcommand 'NOSUCH'/);
  equal(await redis.get("text"), "abc");
}

async function passwords(redis) {
  equal(await redis.config("SET", "requirepass", "secret"), "OK");
  const stranger = connect({ protocol: 2, enableReadyCheck: false });
  await fails(stranger.get("text"), /^NOAUTH/);
  await fails(stranger.auth("wrong"), /^WRONGPASS/);
  equal(await stranger.auth("secret"), "OK");
  equal(await stranger.get("text"), "abc");
  stranger.disconnect();
  const friend = connect({ password: "secret", username: "default" });
  equal(await friend.get("text"), "abc");
  friend.disconnect();
  equal(await redis.config("SET", "requirepass", ""), "OK");
  equal(await redis.config("GET", "requirepass"), ["requirepass", ""]);
}

async function reconnect(redis) {
  const victim = connect({ db: 2, connectionName: "victim" });
  await victim.set("where", "database 2");
  const id = await victim.client("ID");
  equal(await redis.client("KILL", "ID", id), 1);
  equal(await victim.get("where"), "database 2");
  holds((await victim.client("ID")) > id);
  equal(await victim.client("GETNAME"), "victim");
  const ended = new Promise((resolve) => victim.once("end", resolve));
  equal(await victim.quit(), "OK");
  await ended;
}

const redis = connect();
const parts = [connection, strings, keys, expiry, scans, pipelines, autoPipelining, bytes, bits, errors, sketches, watching, passwords, reconnect];
for (const part of parts) {
  await part(redis);
}
await redis.flushall();
await redis.quit();
report();
