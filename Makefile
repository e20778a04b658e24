# One-word commands. `make` alone prints them.
MVN := scripts/mvn
NODE_CLIENTS := server/src/test/clients/node

# How the tests' servers run: IO=nio, THREADS=4.
TESTED := $(if $(IO),-Danax.io=$(IO)) $(if $(THREADS),-Danax.threads=$(THREADS)) $(if $(SEED),-Danax.seed=$(SEED))
RUN_TESTS = $(MVN) -pl server test-compile surefire:test@default-test $(TESTED)

.PHONY: help build run test compat fuzz stress sim check bench clients docs fmt

help:
	@echo "make build    compile, package, make the AOT cache"
	@echo "make run      build if needed and start the server on port 6379"
	@echo "make test     all tests"
	@echo "make compat   the tests beside Redis and with its clients"
	@echo "              (both: IO=nio or uring, THREADS=n for the servers under test)"
	@echo "make fuzz     Jazzer on the parser and on whole shards, then random commands beside Redis"
	@echo "              (SECONDS=120, ROUNDS=10, SEED=… of a failure)"
	@echo "make stress   many clients and threads at once (SECONDS=60, THREADS=4, IO=…)"
	@echo "make sim      simulated shards and clients (RUNS=20000, SEED=… of a failure)"
	@echo "make check    all that CI does: format, build, all tests, over both ways to the kernel"
	@echo "              and with 1, 2, 4 and 8 shards"
	@echo "make bench    beside redis-server: CPU per operation, throughput, latency (ARGS=--help)"
	@echo "make clients  install the clients for node that the tests use"
	@echo "make docs     write docs/commands.md anew, from the commands"
	@echo "make fmt      format the sources"

build:
	@$(MVN) -q -DskipTests -pl server package
	@scripts/aot-train

run: server/target/anax.jar
	@./anax

server/target/anax.jar: $(shell find server/src/main -name '*.java' 2>/dev/null) server/pom.xml pom.xml
	@$(MAKE) --no-print-directory build

test:
	@$(MVN) -pl server test $(TESTED)

compat:
	@$(RUN_TESTS) '-Dtest=io.anax.compatibility.*Test' -Dsurefire.reportNameSuffix=compat$(IO)$(THREADS)

fuzz:
	@$(if $(SEED),,scripts/fuzz $(or $(SECONDS),120))
	@$(RUN_TESTS) -Dtest=RespParserFuzzTest,FuzzRounds -Danax.fuzz.rounds=$(or $(ROUNDS),10)

stress:
	@$(RUN_TESTS) -Dtest=StressTest -Danax.stress.seconds=$(or $(SECONDS),60)

sim:
	@$(RUN_TESTS) -Dtest=SerializabilityTest,LongCommandsTest -Danax.simulations=$(or $(RUNS),20000)

check:
	@$(MVN) -q spotless:check
	@$(MVN) -q compile # the benchmarks too
	@rm -rf server/target/surefire-reports
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory compat IO=nio THREADS=2
	@$(MAKE) --no-print-directory compat THREADS=4
	@$(MAKE) --no-print-directory compat THREADS=8
	@scripts/count-tests

bench: server/target/anax.jar
	@scripts/bench $(ARGS)

# The versions that package-lock.json names, and nothing newer.
clients:
	@npm --prefix $(NODE_CLIENTS) ci --no-audit --no-fund

docs:
	@$(RUN_TESTS) -q -Dtest=CommandsDocumentTest -Danax.docs.write=true

fmt:
	@$(MVN) -q spotless:apply
