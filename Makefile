# One-word commands. `make` alone prints them.
MVN := scripts/mvn

.PHONY: help build run test check fmt

help:
	@echo "make build    compile, package, make the AOT cache"
	@echo "make run      build if needed and start the server on port 6379"
	@echo "make test     all tests"
	@echo "make check    all that CI does: format, build, tests"
	@echo "make fmt      format the sources"

build:
	@$(MVN) -q -DskipTests -pl server package
	@scripts/aot-train

run: server/target/anax.jar
	@./anax

server/target/anax.jar: $(shell find server/src/main -name '*.java' 2>/dev/null) server/pom.xml pom.xml
	@$(MAKE) --no-print-directory build

test:
	@$(MVN) -pl server test

check:
	@$(MVN) -q -pl server spotless:check
	@$(MAKE) --no-print-directory test

fmt:
	@$(MVN) -q spotless:apply
