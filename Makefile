# Builds and runs the whole site.
#   make run     installs what is missing, builds, serves on http://127.0.0.1:8080 (PORT= VAR= DEMO= DATABASE_URL=)
#   make test    every suite; SUITES="unit sql" for some
#   make         builds; make lint, bench, fuzz, format, clean
#   SANITIZE=1   builds under AddressSanitizer and UBSan, Kore in the same program, into build/asan
# What others leave to this file: the order in which generated sources come about, and the flags.

# The rules need what conf/packages names; nothing is asked of it before it is there (see `packages`).
MAKEFLAGS += --no-builtin-rules
# Two at a time unless told otherwise; a make below this one shares what its parent has.
ifeq ($(MAKELEVEL)$(findstring -j,$(MAKEFLAGS)),0)
MAKEFLAGS += -j2
endif
SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDEXPANSION:

B := $(if $(SANITIZE),build/asan,build)
PYTHON := python3 -B

# ---- flags ------------------------------------------------------------------

CC := gcc
WARN := -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2
CHECK := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2
CFLAGS := -std=gnu11 -O2 -g -fPIC -fno-semantic-interposition $(WARN) $(if $(SANITIZE),-O1 $(CHECK),$(HARDEN))
LDFLAGS := -Wl,-z,relro,-z,now -Wl,-Bsymbolic-functions $(if $(SANITIZE),$(CHECK))
INCLUDE := -I. -Iapp -isystem /usr/include/postgresql

# Looked up when first used, for before `packages` neither exists.
FEATURES = $(eval FEATURES := $$(shell cat /usr/share/kore/features))$(FEATURES)
MEDIA_CFLAGS = $(eval MEDIA_CFLAGS := $$(patsubst -I%,-isystem %,$$(shell pkg-config --cflags vips glib-2.0 pangocairo cairo-pdf)))$(MEDIA_CFLAGS)
MEDIA_LIBS = $(eval MEDIA_LIBS := $$(shell pkg-config --libs vips glib-2.0 pangocairo cairo-pdf))$(MEDIA_LIBS)

SITE_LIBS := -lpq -lsodium -ljson-c -lical -lz -lm
JOBS_LIBS = -lpq -lsodium -ljson-c -lz $(MEDIA_LIBS)
UNIT_LIBS := -lcmocka -lsodium -ljson-c -lical -lz -lm

# ---- what there is ----------------------------------------------------------

# A feature may be a folder; jobs/ and run/ are programs of their own.
SITE_SOURCES := $(filter-out app/jobs/% app/run/%,$(wildcard app/*.c app/*/*.c))
MADE := build/text.c build/page.c build/sql.c build/asset.c
# The ground as an archive: jobs and unit tests take from it what they call, and with it only libraries they need.
GROUND := $(wildcard app/base/*.c) build/text.c
# What of it a fuzzer can be built with: nothing that needs Kore or the database.
PLAIN = $(shell grep -L 'include <kore\|libpq\|"db\.h"' app/base/*.c) build/text.c
RUN_SOURCES := $(wildcard app/run/*.c)
JOBS_SOURCES := $(wildcard app/jobs/*.c)
UNIT_SOURCES := $(wildcard tests/unit/*_test.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/*_fuzz.c)

object = $(patsubst %.c,$(B)/object/%.o,$(1))

SITE := $(if $(SANITIZE),$(B)/site,$(B)/site.so)
UNITS := $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT_SOURCES))

# ---- the targets people type ------------------------------------------------

.PHONY: all build run test lint bench fuzz format clean packages packages-test tools units
.DEFAULT_GOAL := all

# Packages first, in a make of its own: a fresh machine has nothing that the rules below look at.
all: packages
	@$(MAKE) --no-print-directory build

build: $(SITE) $(B)/jobs $(B)/run build/demo_photos.sql
	@:

units: $(UNITS)
	@:

run: all
	@exec $(B)/run

packages:
	@sh conf/packages.sh run
packages-test:
	@sh conf/packages.sh test

tools: packages-test tests/node_modules/.package-lock.json
tests/node_modules/.package-lock.json: tests/package.json tests/package-lock.json tests/.npmrc | packages-test
	@echo "Installing the test tools of tests/package-lock.json"
	@cd tests && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-progress --loglevel=error
	@touch $@

test: packages-test tools
	@$(MAKE) --no-print-directory build units
	@$(PYTHON) tests/run.py $(if $(SANITIZE),--checked) $(SUITES)

bench: packages-test
	@$(MAKE) --no-print-directory build
	@$(PYTHON) tests/bench/bench.py

clean:
	rm -rf build tests/node_modules

# ---- generated sources ------------------------------------------------------
# Each generator runs when something it reads has changed, also by removal (the folders are inputs too). A file
# that comes out as it was keeps its time, so nothing is compiled again for it; the stamp says the work is done.

folders = $(if $(wildcard $(1)),$(shell find $(1) -type d -not -path 'sql/demo*'))
define make_anew
	@mkdir -p build
	@for f in $(1); do [ ! -e $$f ] || cp -p $$f $$f.was; done
	@echo "  $(firstword $(1))"
	@$(2)
	@for f in $(1); do if cmp -s $$f $$f.was; then mv $$f.was $$f; else rm -f $$f.was; fi; done
	@touch $@
endef

SQL_MADE := build/sql.h build/sql.c build/refusals build/openapi.json build/deploy.sql build/routes.h
TEXT_MADE := build/text.h build/text.c
PAGE_MADE := build/page.h build/page.c
ASSET_MADE := build/asset.c
TEXTS := assets/text/zh.po assets/text/en.po
PAGES := $(wildcard assets/page/*.html)

build/sql.made: sql/edge.py app/routes.c app/openapi.json $(call folders,sql) $(shell find sql -name '*.sql' -not -path 'sql/demo/*' 2>/dev/null)
	$(call make_anew,$(SQL_MADE),$(PYTHON) sql/edge.py --out build)
build/text.made: assets/text/compile.py $(TEXTS) build/refusals
	$(call make_anew,$(TEXT_MADE),$(PYTHON) assets/text/compile.py --out build $(TEXTS) --refusals build/refusals)
# Pages name the files of assets/site by their fingerprints.
build/page.made: $(wildcard assets/page/*.py) assets/page assets/text/zh.po assets/text/compile.py $(PAGES) assets/site $(wildcard assets/site/*)
	$(call make_anew,$(PAGE_MADE),$(PYTHON) assets/page/weave.py --out build --text assets/text/zh.po $(PAGES))

# Leaflet as Debian has it; the map asks for it when somebody wants to move it.
LEAFLET := $(addprefix /usr/share/javascript/leaflet/,leaflet.min.js leaflet.css)
build/asset.made: assets/site $(wildcard assets/site/*) build/openapi.json
	$(call make_anew,$(ASSET_MADE),$(PYTHON) assets/site/pack.py --out build $(addprefix --with ,build/openapi.json $(LEAFLET)))

build/demo_photos.sql: sql/demo/photo.py sql/demo/photos.csv $(wildcard sql/demo/photo/*)
	@echo "  $@"
	@$(PYTHON) sql/demo/photo.py >$@

$(SQL_MADE): build/sql.made ;
$(ASSET_MADE): build/asset.made ;
$(TEXT_MADE): build/text.made ;
$(PAGE_MADE): build/page.made ;

# Should a file of a generator be gone, its stamp goes too, and the generator runs again.
lost = $(if $(filter-out $(wildcard $(2)),$(2)),$(shell rm -f build/$(1).made))
$(call lost,sql,$(SQL_MADE))$(call lost,text,$(TEXT_MADE))$(call lost,page,$(PAGE_MADE))$(call lost,asset,$(ASSET_MADE))

# ---- objects ----------------------------------------------------------------

HEADERS := build/text.h build/page.h build/sql.h build/routes.h
# The first compilation needs the generated headers to be there; later ones know by the .d files what they read.
$(call object,$(SITE_SOURCES) $(MADE) $(JOBS_SOURCES) $(UNIT_SOURCES)): | $(HEADERS)
$(call object,$(SITE_SOURCES) $(MADE)): EXTRA = $(FEATURES) $(if $(SANITIZE),-DKORE_SINGLE_BINARY)
$(call object,$(JOBS_SOURCES)): EXTRA = $(MEDIA_CFLAGS)

$(B)/object/%.o: %.c
	@mkdir -p $(@D)
	@echo "  $<"
	@$(CC) $(CFLAGS) $(INCLUDE) $(EXTRA) -MMD -MP -c -o $@ $<

# A list of what is linked: a source that was removed must go from the program too.
.PHONY: FORCE
$(B)/%.list: FORCE
	@mkdir -p $(@D)
	@echo '$($*_LIST)' | cmp -s - $@ || echo '$($*_LIST)' >$@

site_LIST := $(SITE_SOURCES)
jobs_LIST := $(JOBS_SOURCES)
run_LIST := $(RUN_SOURCES)
ground_LIST := $(GROUND)

$(B)/site.so: $(call object,$(SITE_SOURCES) $(MADE)) $(B)/site.list
	@echo "  $@"
	@$(CC) $(LDFLAGS) -shared -o $@ $(filter %.o,$^) $(SITE_LIBS)

$(B)/ground.a: $(call object,$(GROUND)) $(B)/ground.list
	@rm -f $@
	@ar rcs $@ $(filter %.o,$^)

$(B)/jobs: $(call object,$(JOBS_SOURCES)) $(B)/ground.a $(B)/jobs.list
	@echo "  $@"
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(JOBS_LIBS)

$(B)/run: $(call object,$(RUN_SOURCES)) $(B)/run.list
	@echo "  $@"
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^)

$(UNITS): $(B)/unit/%: $(B)/object/tests/unit/%.o $(B)/ground.a
	@mkdir -p $(@D)
	@echo "  $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(UNIT_LIBS)

# ---- Kore and the site as one checked program -------------------------------

KORE := /usr/share/kore/src
KORE_NAMES := accesslog auth buf config connection domain filemap fileref http json keymgr kore linux mem module msg \
	net pgsql pool runtime seccomp tasks timer utils validator websocket worker
KORE_OBJECTS := $(KORE_NAMES:%=build/asan/kore/%.o)
KORE_FLAGS = -g -O1 $(CHECK) -D_GNU_SOURCE -DKORE_SINGLE_BINARY -DPREFIX='"/usr"' -DKORE_USE_PLATFORM_SENDFILE \
	$(FEATURES) -isystem /usr/include/kore -Ibuild/asan/kore

build/asan/kore/platform.h:
	@mkdir -p $(@D)
	@sh /usr/share/kore/misc/linux-platform.sh >$@
# Kore's own sources: their warnings are not ours to mend.
$(KORE_OBJECTS): build/asan/kore/%.o: $(KORE)/%.c build/asan/kore/platform.h
	@echo "  kore/$*.c"
	@$(CC) -std=gnu99 -w $(KORE_FLAGS) -c -o $@ $<
build/asan/kore/single.o: tests/checked/single.c
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) $(INCLUDE) -c -o $@ $<

build/asan/site: $(call object,$(SITE_SOURCES) $(MADE)) $(KORE_OBJECTS) build/asan/kore/single.o $(B)/site.list
	@echo "  $@"
	@$(CC) $(LDFLAGS) -rdynamic -o $@ $(filter %.o,$^) $(SITE_LIBS) -lssl -lcrypto -lpthread -ldl

# ---- lint -------------------------------------------------------------------

OUR_C := $(SITE_SOURCES) $(JOBS_SOURCES) $(RUN_SOURCES) $(UNIT_SOURCES) $(FUZZ_SOURCES) $(wildcard tests/checked/*.c)
OUR_H := $(wildcard app/*.h app/*/*.h)
TIDY := $(patsubst %.c,build/lint/%.tidy,$(filter-out $(FUZZ_SOURCES),$(OUR_C)))

lint: packages-test
	@$(MAKE) --no-print-directory $(HEADERS)
	@$(MAKE) --no-print-directory lint-house lint-format lint-cppcheck $(TIDY)

.PHONY: lint-house lint-format lint-cppcheck
lint-house:
	@$(if $(wildcard tests/lint.py),$(PYTHON) tests/lint.py)
# Headers are laid out by hand, in columns; the rest by rule.
lint-format:
	@clang-format --dry-run -Werror $(OUR_C)
lint-cppcheck:
	@cppcheck --quiet --enable=warning,performance,portability --error-exitcode=1 --inline-suppr --std=c11 -j2 \
		--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
		--template='{file}:{line}: {severity}: {message} [{id}]' $(OUR_C) 2>&1
build/lint/%.tidy: %.c .clang-tidy $(OUR_H) | $(HEADERS)
	@mkdir -p $(@D)
	@echo "  tidy $<"
	@clang-tidy --quiet $< -- -std=gnu11 $(INCLUDE) $(FEATURES) $(if $(filter app/jobs/%,$<),$(MEDIA_CFLAGS)) 2>$@.said \
		|| { cat $@.said; exit 1; }
	@touch $@

format:
	@clang-format -i $(OUR_C)

# ---- fuzz -------------------------------------------------------------------
# FUZZ_SECONDS each; what was found lies in build/fuzz, what is worth keeping goes to tests/fuzz/corpus/<name>.

FUZZ_SECONDS := 30
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(FUZZ_SOURCES))
$(FUZZERS): build/fuzz/%: tests/fuzz/%.c $(PLAIN) $(OUR_H) | build/text.h
	@mkdir -p $(@D)
	@clang -std=gnu11 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $(INCLUDE) -o $@ $< \
		$(PLAIN) -lsodium -ljson-c -lical -lz -lm
fuzz: packages-test
	@$(MAKE) --no-print-directory $(FUZZERS)
	@for f in $(FUZZERS:build/fuzz/%=%); do \
		mkdir -p build/fuzz/corpus/$$f tests/fuzz/corpus/$$f; \
		echo "  fuzz $$f, $(FUZZ_SECONDS) s"; \
		build/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/fuzz/$$f- -verbosity=0 -print_final_stats=1 \
			build/fuzz/corpus/$$f tests/fuzz/corpus/$$f || exit 1; \
	done

-include $(shell find build -name '*.d' 2>/dev/null)
