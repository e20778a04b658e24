// What programs do with node-redis: node node-redis.mjs PORT PROTOCOL. Ends with status 1 at the first
// reply that is wrong.
import { createClient, RESP_TYPES } from "redis";
import { equal, fails, holds, noise, pause, report } from "./checks.mjs";

const port = Number(process.argv[2]);
const RESP = Number(process.argv[3]);
const MIB = 1 << 20;

async function connect(options = {}) {
  const client = createClient({ socket: { host: "127.0.0.1", port }, RESP, ...options });
  client.on("error", () => {}); // a lost connection is seen by the command that needed it
  return client.connect();
}

async function connection(redis) {
  equal(await redis.ping(), "PONG");
  equal(await redis.ping("hello"), "hello");
  equal(await redis.echo("ключ-鍵-🔑"), "ключ-鍵-🔑");
  equal(await redis.clientSetName("tester"), "OK");
  equal(await redis.clientGetName(), "tester");
  holds((await redis.clientId()) > 0);
  const list = await redis.clientList();
  holds(list.some((one) => one.name === "tester"));
  equal((await redis.clientInfo()).name, "tester");
  equal((await redis.hello(RESP)).proto, RESP);
  holds((await redis.info("server")).includes("redis_version:"));
  holds((await redis.commandCount()) > 0);
  equal(await redis.commandGetKeys(["MSET", "a", "1", "b", "2"]), ["a", "b"]);
  const described = await redis.commandInfo(["get", "nosuch"]);
  equal(described[0].arity, 2);
  equal(described[1], null);
}

async function strings(redis) {
  equal(await redis.set("s", "v"), "OK");
  equal(await redis.get("s"), "v");
  equal(await redis.get("missing"), null);
  equal(await redis.set("s", "w", { condition: "NX" }), null);
  equal(await redis.set("s", "w", { condition: "XX", GET: true }), "v");
  equal(await redis.getSet("s", "x"), "w");
  equal(await redis.append("s", "yz"), 3);
  equal(await redis.strLen("s"), 3);
  equal(await redis.getRange("s", 1, -1), "yz");
  equal(await redis.setRange("s", 5, "!"), 6);
  equal(await redis.getDel("s"), "xyz\0\0!");
  equal(await redis.incr("n"), 1);
  equal(await redis.incrBy("n", 41), 42);
  equal(await redis.decr("n"), 41);
  equal(await redis.decrBy("n", 100), -59);
  equal(await redis.incrByFloat("n", 0.5), "-58.5");
  equal(await redis.mSet({ a: "1", b: "2" }), "OK");
  equal(await redis.mGet(["a", "none", "b"]), ["1", null, "2"]);
  equal(await redis.mSetNX({ a: "1", c: "3" }), 0);
  equal(await redis.setNX("c", "3"), 1);
  equal(await redis.mSet(["x", "ohmytext", "y", "mynewtext"]), "OK");
  equal(await redis.lcs("x", "y"), "mytext");
  equal(await redis.lcsLen("x", "y"), 6);
  const common = await redis.lcsIdxWithMatchLen("x", "y");
  equal(common.len, 6);
  equal(common.matches.length, 2);
}

async function keys(redis) {
  await redis.flushAll();
  await redis.mSet({ k1: "1", k2: "2", k3: "3" });
  equal(await redis.exists(["k1", "k2", "none"]), 2);
  equal(await redis.type("k1"), "string");
  equal(await redis.objectEncoding("k1"), "int");
  equal(await redis.objectRefCount("k1") > 0, true);
  equal(await redis.rename("k1", "k4"), "OK");
  equal(await redis.renameNX("k4", "k2"), 0);
  equal(await redis.copy("k4", "k5"), 1);
  equal(await redis.touch(["k4", "k5"]), 2);
  equal((await redis.keys("k[45]")).sort(), ["k4", "k5"]);
  holds((await redis.randomKey()).startsWith("k"));
  equal(await redis.unlink("k4"), 1);
  equal(await redis.del(["k5", "none"]), 1);
  equal(await redis.dbSize(), 2);
  equal(await redis.move("k2", 1), 1);
  await redis.select(1);
  equal(await redis.get("k2"), "2");
  equal(await redis.swapDb(0, 1), "OK");
  equal(await redis.get("k3"), "3");
  equal(await redis.flushDb(), "OK");
  await redis.select(0);
  equal(await redis.dbSize(), 1);
}

async function expiry(redis) {
  await redis.set("t", "v", { expiration: { type: "EX", value: 100 } });
  holds((await redis.ttl("t")) > 95);
  holds((await redis.pTTL("t")) > 95_000);
  equal(await redis.persist("t"), 1);
  equal(await redis.ttl("t"), -1);
  equal(await redis.expire("t", 10, "NX"), 1);
  equal(await redis.expire("t", 5, "GT"), 0);
  equal(await redis.expireAt("t", 4_000_000_000), 1);
  equal(await redis.expireTime("t"), 4_000_000_000);
  equal(await redis.pExpireTime("t"), 4_000_000_000_000);
  equal(await redis.getEx("t", { type: "PERSIST" }), "v");
  equal(await redis.pSetEx("t", 30, "soon gone"), "OK");
  await pause(60);
  equal(await redis.get("t"), null);
  equal(await redis.setEx("t", 1, "v"), "OK");
  equal(await redis.pExpire("t", 1), 1);
  await pause(20);
  equal(await redis.exists("t"), 0);
}

async function scans(redis) {
  await redis.flushAll();
  await Promise.all(Array.from({ length: 3000 }, (_, i) => redis.set(`scan:${i}`, String(i))));
  await redis.set("other", "x");
  const seen = new Set();
  for await (const page of redis.scanIterator({ MATCH: "scan:*", COUNT: 100, TYPE: "string" })) {
    page.forEach((key) => seen.add(key));
  }
  equal(seen.size, 3000);
  equal(seen.has("other"), false);
}

async function pipelines(redis) {
  const commands = [];
  for (let i = 0; i < 1000; i++) {
    commands.push(redis.set(`p:${i}`, `value ${i}`), redis.get(`p:${i}`));
  }
  const replies = await Promise.all(commands);
  for (let i = 0; i < 1000; i++) {
    equal(replies.slice(2 * i, 2 * i + 2), ["OK", `value ${i}`]);
  }
  const batch = redis.multi().get("p:1").set("p:2", "new").mGet(["p:1", "p:2"]).execAsPipeline();
  equal(await batch, ["value 1", "OK", ["value 1", "new"]]);
  await fails(redis.multi().get("p:1").incr("p:1").execAsPipeline(), /^ERR value is not an integer/);
}

async function bytes(redis) {
  const binary = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  for (const size of [0, 1, 100, 16 * 1024, MIB, 5 * MIB]) {
    const value = noise(size);
    await redis.set("big", value);
    holds(value.equals(await binary.get("big")), `${size} bytes come back`);
    equal(await redis.strLen("big"), size);
  }
  const key = noise(256);
  await redis.set(key, "binary key");
  equal(await redis.get(key), "binary key");
  const many = await Promise.all(Array.from({ length: 8 }, () => binary.get("big")));
  holds(many.every((one) => one.length === 5 * MIB));
}

async function bits(redis) {
  equal(await redis.setBit("bits", 7, 1), 0);
  equal(await redis.setBit("bits", 100, 1), 0);
  equal(await redis.getBit("bits", 7), 1);
  equal(await redis.bitCount("bits"), 2);
  equal(await redis.bitCount("bits", { start: 0, end: 7, mode: "BIT" }), 1);
  equal(await redis.bitPos("bits", 1), 7);
  equal(await redis.bitOp("NOT", "inverted", "bits"), 13);
  equal(await redis.bitCount("inverted"), 13 * 8 - 2);
  const field = [
    { operation: "SET", encoding: "u8", offset: 0, value: 200 },
    { operation: "OVERFLOW", behavior: "SAT" },
    { operation: "INCRBY", encoding: "u8", offset: 0, increment: 100 },
  ];
  equal(await redis.bitField("field", field), [0, 255]);
  equal(await redis.bitFieldRo("field", [{ encoding: "i8", offset: 0 }]), [-1]);
}

async function sketches(redis) {
  equal(await redis.pfAdd("visits", Array.from({ length: 1000 }, (_, i) => `visitor ${i}`)), 1);
  const visitors = await redis.pfCount("visits");
  holds(Math.abs(visitors - 1000) < 50, visitors);
  equal(await redis.pfAdd("others", ["visitor 1", "a stranger"]), 1);
  equal(await redis.pfMerge("all", ["visits", "others"]), "OK");
  equal(await redis.pfCount("all"), await redis.pfCount(["visits", "others"]));
}

async function watching(redis) {
  const observer = await connect();
  const seen = new Promise((resolve) => observer.monitor((line) => line.includes("watched") && resolve(line)));
  await pause(50);
  await redis.set("watched", "value");
  holds(/^\S+ \[0 \S+\] "SET" "watched" "value"$/.test(await seen));
  observer.destroy();
  holds((await redis.memoryUsage("watched")) > 0);
  equal(await redis.configResetStat(), "OK");
  equal(await redis.aclWhoAmI(), "default");
  holds((await redis.latencyLatest()).length >= 0);
  equal(await redis.clientPause(100, "WRITE"), "OK");
  equal(await redis.get("watched"), "value");
  equal(await redis.clientUnpause(), "OK");
  equal(await redis.set("watched", "later"), "OK");
}

/** What redis-server 7 does not have yet. */
async function newer(redis) {
  if ((await redis.commandInfo(["msetex"]))[0] === null) {
    return;
  }
  const expiration = { type: "EX", value: 100 };
  equal(await redis.mSetEx({ one: "1", two: "2" }, { expiration }), 1);
  holds((await redis.ttl("two")) > 95);
  equal(await redis.mSetEx({ one: "x", three: "3" }, { mode: "NX" }), 0);
  const digest = await redis.digest("one");
  holds(/^[0-9a-f]{16}$/.test(digest), digest);
  equal(await redis.delEx("one", { condition: "IFNE", matchValue: "1" }), 0);
  equal(await redis.delEx("one", { condition: "IFDEQ", matchValue: digest }), 1);
  equal(await redis.set("two", "new", { condition: "IFEQ", matchValue: "2" }), "OK");
}

async function errors(redis) {
  await redis.set("text", "abc");
  await fails(redis.incr("text"), /^ERR value is not an integer or out of range$/);
  await fails(redis.sendCommand(["NOSUCH", "x"]), /^ERR unknown command 'NOSUCH', with args beginning with: 'x'/);
  await fails(redis.sendCommand(["GET"]), /^ERR wrong number of arguments for 'get' command$/);
  await fails(redis.setEx("text", 0, "x"), /^ERR invalid expire time in 'setex' command$/);
  await fails(redis.select(99), /^ERR DB index is out of range$/);
  await fails(redis.sendCommand(["SET", "a", "b", "c"]), /^ERR syntax error$/);
  equal(await redis.get("text"), "abc");
}

async function passwords(redis) {
  equal(await redis.configSet("requirepass", "secret"), "OK");
  const noRetry = { host: "127.0.0.1", port, reconnectStrategy: false };
  await fails(connect({ password: "wrong", socket: noRetry }), /^WRONGPASS/);
  const stranger = await connect({ RESP: 2, disableClientInfo: true });
  await fails(stranger.get("text"), /^NOAUTH/);
  equal(await stranger.auth({ password: "secret" }), "OK");
  equal(await stranger.get("text"), "abc");
  await stranger.close();
  const friend = await connect({ username: "default", password: "secret" });
  equal(await friend.get("text"), "abc");
  await friend.close();
  equal(await redis.configSet("requirepass", ""), "OK");
  equal({ ...(await redis.configGet("requirepass")) }, { requirepass: "" });
}

async function reconnect(redis) {
  const victim = await connect({ database: 2, name: "victim" });
  await victim.set("where", "database 2");
  const id = await victim.clientId();
  const back = new Promise((resolve) => victim.once("ready", resolve));
  equal(await redis.clientKill({ filter: "ID", id }), 1);
  await back;
  equal(await victim.get("where"), "database 2");
  holds((await victim.clientId()) > id);
  equal(await victim.clientGetName(), "victim");
  await victim.close();
}

const redis = await connect();
const parts = [connection, strings, keys, expiry, scans, pipelines, bytes, bits, errors, sketches, watching, newer, passwords, reconnect];
for (const part of parts) {
  await part(redis);
}
await redis.flushAll();
await redis.close();
report();
