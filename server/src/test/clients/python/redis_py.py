# What programs do with redis-py: python3 redis_py.py PORT. Ends with status 1 at the first reply that is
# wrong. The redis-py of Debian speaks RESP2 only.
import random
import sys
import time

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PORT = int(sys.argv[1])
MIB = 1 << 20
count = 0


def equal(actual, expected, what=""):
    global count
    assert actual == expected, f"{what} {actual!r:.200} should be {expected!r:.200}"
    count += 1


def holds(condition, what=""):
    equal(bool(condition), True, what)


def fails(kind, message, call, *arguments, **options):
    """The call ends with this kind of exception, whose text begins like this."""
    try:
        reply = call(*arguments, **options)
    except kind as error:
        holds(str(error).startswith(message), str(error))
    else:
        raise AssertionError(f"{message} expected, not {reply!r}")


def connect(**options):
    return redis.Redis("127.0.0.1", PORT, **options)


def noise(size):
    """Every byte there is, line ends and zeros included; always the same for a size."""
    return random.Random(size).randbytes(size)


def connection(r):
    equal(r.ping(), True)
    equal(r.echo("ключ-鍵-🔑"), "ключ-鍵-🔑".encode())
    equal(r.client_setname("tester"), True)
    equal(r.client_getname(), "tester")
    holds(r.client_id() > 0)
    holds(any(one["name"] == "tester" for one in r.client_list()))
    holds(b"name=tester" in r.execute_command("CLIENT", "INFO"))
    holds("redis_version" in r.info("server"))
    holds(r.command_count() > 0)
    equal(r.command_getkeys("MSET", "a", "1", "b", "2"), ["a", "b"])
    equal(r.command()["get"]["arity"], 2)
    holds(r.time()[0] > 1_600_000_000)


def strings(r):
    equal(r.set("s", "v"), True)
    equal(r.get("s"), b"v")
    equal(r.get("missing"), None)
    equal(r.set("s", "w", nx=True), None)
    equal(r.set("s", "w", xx=True, get=True), b"v")
    equal(r.getset("s", "x"), b"w")
    equal(r.append("s", "yz"), 3)
    equal(r.strlen("s"), 3)
    equal(r.getrange("s", 1, -1), b"yz")
    equal(r.substr("s", 0, 1), b"xy")
    equal(r.setrange("s", 5, "!"), 6)
    equal(r.getdel("s"), b"xyz\0\0!")
    equal(r.incr("n"), 1)
    equal(r.incrby("n", 41), 42)
    equal(r.decr("n", 1), 41)
    equal(r.decrby("n", 100), -59)
    equal(r.incrbyfloat("n", 0.5), -58.5)
    equal(r.mset({"a": 1, "b": 2}), True)
    equal(r.mget("a", "none", "b"), [b"1", None, b"2"])
    equal(r.msetnx({"a": 1, "c": 3}), False)
    equal(r.setnx("c", 3), True)
    r.mset({"x": "ohmytext", "y": "mynewtext"})
    equal(r.lcs("x", "y"), b"mytext")
    equal(r.lcs("x", "y", len=True), 6)
    equal(r.lcs("x", "y", idx=True, minmatchlen=4), [b"matches", [[[4, 7], [5, 8]]], b"len", 6])


def keys(r):
    r.flushall()
    r.mset({"k1": 1, "k2": 2, "k3": 3})
    equal(r.exists("k1", "k2", "none"), 2)
    equal("k1" in r, True)
    equal(r.type("k1"), b"string")
    equal(r.object("encoding", "k1"), b"int")
    equal(r.rename("k1", "k4"), True)
    equal(r.renamenx("k4", "k2"), False)
    equal(r.copy("k4", "k5"), True)
    equal(r.touch("k4", "k5"), 2)
    equal(sorted(r.keys("k[45]")), [b"k4", b"k5"])
    holds(r.randomkey().startswith(b"k"))
    equal(r.unlink("k4"), 1)
    equal(r.delete("k5", "none"), 1)
    equal(r.dbsize(), 2)
    equal(r.move("k2", 1), True)
    other = connect(db=1)
    equal(other.get("k2"), b"2")
    equal(r.swapdb(0, 1), True)
    equal(other.get("k3"), b"3")
    equal(r.flushdb(), True)
    equal(other.dbsize(), 1)
    other.close()


def expiry(r):
    r.set("t", "v", ex=100)
    holds(r.ttl("t") > 95)
    holds(r.pttl("t") > 95_000)
    equal(r.persist("t"), True)
    equal(r.ttl("t"), -1)
    equal(r.ttl("none"), -2)
    equal(r.expire("t", 10, nx=True), True)
    equal(r.expire("t", 5, gt=True), False)
    equal(r.expireat("t", 4_000_000_000), True)
    equal(r.expiretime("t"), 4_000_000_000)
    equal(r.pexpiretime("t"), 4_000_000_000_000)
    equal(r.pexpireat("t", 4_000_000_000_001), True)
    equal(r.getex("t", persist=True), b"v")
    equal(r.psetex("t", 30, "soon gone"), True)
    time.sleep(0.06)
    equal(r.get("t"), None)
    equal(r.setex("t", 1, "v"), True)
    equal(r.pexpire("t", 1), True)
    time.sleep(0.02)
    equal(r.exists("t"), 0)


def scans(r):
    r.flushall()
    pipeline = r.pipeline(transaction=False)
    for i in range(3000):
        pipeline.set(f"scan:{i}", i)
    pipeline.set("other", "x").execute()
    seen = set(r.scan_iter(match="scan:*", count=100, _type="string"))
    equal(len(seen), 3000)
    equal(b"other" in seen, False)
    equal(len(set(r.scan_iter())), 3001)


def pipelines(r):
    pipeline = r.pipeline(transaction=False)
    for i in range(1000):
        pipeline.set(f"p:{i}", f"value {i}").get(f"p:{i}")
    replies = pipeline.get("p:7").incr("p:7").execute(raise_on_error=False)
    for i in range(1000):
        equal(replies[2 * i : 2 * i + 2], [True, f"value {i}".encode()])
    equal(replies[2000], b"value 7")
    holds(isinstance(replies[2001], redis.ResponseError), "an error in a pipeline ends nothing")


def binary(r):
    for size in (0, 1, 100, 16 * 1024, MIB, 5 * MIB):
        value = noise(size)
        r.set("big", value)
        equal(r.get("big"), value)
        equal(r.strlen("big"), size)
    key = bytes(range(256))
    r.set(key, "binary key")
    equal(r.get(key), b"binary key")


def bits(r):
    equal(r.setbit("bits", 7, 1), 0)
    equal(r.setbit("bits", 100, 1), 0)
    equal(r.getbit("bits", 7), 1)
    equal(r.bitcount("bits"), 2)
    equal(r.bitcount("bits", 0, 7, "BIT"), 1)
    equal(r.bitpos("bits", 1), 7)
    equal(r.bitop("NOT", "inverted", "bits"), 13)
    equal(r.bitcount("inverted"), 13 * 8 - 2)
    equal(r.bitfield("field").set("u8", 0, 200).incrby("u8", 0, 100, "SAT").execute(), [0, 255])


def sketches(r):
    equal(r.pfadd("visits", *(f"visitor {i}" for i in range(1000))), 1)
    holds(abs(r.pfcount("visits") - 1000) < 50)
    equal(r.pfadd("others", "visitor 1", "a stranger"), 1)
    equal(r.pfmerge("all", "visits", "others"), True)
    equal(r.pfcount("all"), r.pfcount("visits", "others"))


def watching(r):
    with connect().monitor() as monitor:
        r.set("watched", "value")
        seen = monitor.next_command()
        equal((seen["db"], seen["command"]), (0, "SET watched value"))
    holds(r.memory_usage("watched") > 0)
    holds("total.allocated" in r.memory_stats())
    holds(r.slowlog_len() >= 0)
    holds(isinstance(r.slowlog_get(1), list))
    holds(isinstance(r.execute_command("LATENCY", "LATEST"), list))
    equal(r.config_resetstat(), True)
    equal(r.acl_whoami(), "default")
    holds(r.client_pause(100, all=False))
    equal(r.get("watched"), b"value")
    holds(r.client_unpause())
    equal(r.set("watched", "later"), True)


def errors(r):
    r.set("text", "abc")
    wrong = redis.ResponseError
    fails(wrong, "value is not an integer or out of range", r.incr, "text")
    fails(wrong, "unknown command", r.execute_command, "NOSUCH", "x")
    fails(wrong, "wrong number of arguments for 'get' command", r.execute_command, "GET")
    fails(wrong, "invalid expire time in 'set' command", r.set, "text", "x", ex=-1)
    fails(wrong, "syntax error", r.execute_command, "SET", "a", "b", "c")
    fails(wrong, "DB index is out of range", connect(db=99).ping)
    equal(r.get("text"), b"abc")


def passwords(r):
    equal(r.config_set("requirepass", "secret"), True)
    fails(redis.AuthenticationError, "Authentication required", connect().get, "text")
    fails(redis.ResponseError, "WRONGPASS invalid username-password pair", connect(password="wrong").ping)
    equal(connect(password="secret").get("text"), b"abc")
    equal(connect(username="default", password="secret").get("text"), b"abc")
    equal(r.config_set("requirepass", ""), True)
    equal(r.config_get("requirepass"), {"requirepass": ""})


def reconnect(r):
    again = {"retry": Retry(NoBackoff(), 1), "retry_on_error": [redis.ConnectionError]}
    victim = connect(db=2, client_name="victim", single_connection_client=True, **again)
    victim.set("where", "database 2")
    number = victim.client_id()
    equal(r.client_kill_filter(_id=str(number)), 1)
    equal(victim.get("where"), b"database 2")
    holds(victim.client_id() > number)
    equal(victim.client_getname(), "victim")
    victim.close()
    pool = redis.ConnectionPool(host="127.0.0.1", port=PORT, max_connections=20)
    many = [redis.Redis(connection_pool=pool) for _ in range(20)]
    equal([one.ping() for one in many], [True] * 20)
    pool.disconnect()


client = connect()
for part in (connection, strings, keys, expiry, scans, pipelines, binary, bits, errors, sketches, watching, passwords, reconnect):
    part(client)
client.flushall()
client.close()
print(f"{count} checks")
