# make run   builds Yimi and serves it on http://127.0.0.1:8080
# make test  everything that must hold before a change lands
# make bench, make screenshots, make vendor: see README.md

GO          ?= go
GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: run build test lint bench soak screenshots vendor browser

run: build
	./bin/yimi serve

build:
	@[ -x bin/yimi ] || echo "第一次编译要连 SQLite 一起编译，约需几分钟。The first build compiles SQLite and takes a few minutes."
	$(GO) build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/yimi ./cmd/yimi

# The tests drive a real browser; as root it is installed when absent.
browser:
	@if ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -qi cjk; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; \
	  else echo "The tests need a browser and a Chinese font: sudo apt-get install -y chromium fonts-noto-cjk fontconfig"; exit 1; fi; fi

test: browser lint
	$(GO) test -race -shuffle=on -timeout 20m ./...

lint:
	@out=$$(gofmt -l cmd indicators seed server static); [ -z "$$out" ] || { echo "gofmt: $$out"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(GOLANGCI) run ./...
	@$(GO) run $(GOVULNCHECK) ./... >/tmp/yimi-vuln.txt 2>&1 && echo "govulncheck: no known vulnerability" \
	  || { grep -qiE 'no such host|dial|forbidden|403|fetch' /tmp/yimi-vuln.txt && echo "govulncheck: not run, its database cannot be reached from here" || { cat /tmp/yimi-vuln.txt; exit 1; }; }

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# Kills the program 200 times in the middle of its work.
soak:
	YIMI_SOAK=200 $(GO) test -count=1 -v -run '^TestSoak$$' -timeout 60m ./indicators/sqlite

screenshots: browser build
	YIMI_SCREENSHOTS=$(CURDIR)/screenshots $(GO) test -count=1 -run '^(TestScreenshots|TestAccountsInABrowser|TestTheLifeOfAFigureInABrowser|TestANewPackageInABrowser|TestTheSystemAdministratorInABrowser|TestLibraryInABrowser|TestGridOnAPhone)$$' -timeout 20m ./cmd/yimi

# Rebuilds static/vendor from npm; its README says how.
vendor:
	cd static/vendor && node build.mjs
