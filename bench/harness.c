// SPDX-License-Identifier: MIT
// The C harness: walks the table through the C API, without Python, and for each row, direction,
// type and instruction set that the machine has first checks the kernel (check.c), then times it
// (timing.c).
#if !defined(_POSIX_C_SOURCE)
#define _POSIX_C_SOURCE 200809L
#endif
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const char usage[] =
    "usage: harness [options]\n"
    "  --check            check only\n"
    "  --quick            fewer values and lengths in the check, less time for the timing\n"
    "  --filter TEXT      rows whose name contains TEXT\n"
    "  --direction NAME   forward, grad or vjp\n"
    "  --type NAME        f16 bf16 f32 f64 ld i8 i16 i32 i64 u8 u16 u32 u64\n"
    "  --isa NAME         one instruction set\n"
    "  --level NAME       L1, L2, L3 or memory\n"
    "  --milliseconds N   for each timing (default 20)\n"
    "  --seed N           of the random numbers (default 1)\n"
    "  --csv, --json      timings on standard output in that form\n"
    "Exit status: 0, or 1 if a check failed, 2 if an argument was wrong.\n"
    "GB/s counts the bytes read and written; ratio is the time over memmove's of as many bytes.\n";

enum form { TABLE, CSV, JSON };

static struct {
    int check_only, quick;
    const char *filter, *direction, *type, *isa, *level;
    double seconds;
    uint64_t seed;
    enum form form;
} options = {.filter = "", .seconds = 0.02, .seed = 1};

static void wrong(const char *what, const char *value) {
    fprintf(stderr, "harness: %s %s\n%s", what, value, usage);
    exit(2);
}

static const char *one_of(const char *option, const char *value, const char *const *names, int n) {
    for (int i = 0; i < n; i++)
        if (!strcmp(value, names[i])) return value;
    wrong(option, value);
    return NULL;
}

static uint64_t number(const char *option, const char *value) {
    char *end;
    const uint64_t n = strtoull(value, &end, 0);
    if (end == value || *end) wrong(option, value);
    return n;
}

static void parse(int argc, char **argv) {
    const char *isas[MAX_ISAS];
    for (int isa = 0; isa < hw_isa_count(); isa++) isas[isa] = hw_isa_name(isa);
    for (int i = 1; i < argc; i++) {
        const char *const o = argv[i];
        if (!strcmp(o, "--help")) fputs(usage, stdout), exit(0);
        else if (!strcmp(o, "--check")) options.check_only = 1;
        else if (!strcmp(o, "--quick")) options.quick = 1, options.seconds = 0.004;
        else if (!strcmp(o, "--csv")) options.form = CSV;
        else if (!strcmp(o, "--json")) options.form = JSON;
        else if (i + 1 == argc) wrong("unknown option, or no value for it:", o);
        else {
            const char *const value = argv[++i];
            if (!strcmp(o, "--filter")) options.filter = value;
            else if (!strcmp(o, "--direction"))
                options.direction = one_of(o, value, direction_names, HW_DIRECTIONS);
            else if (!strcmp(o, "--type")) options.type = one_of(o, value, type_names, HW_TYPES);
            else if (!strcmp(o, "--isa")) options.isa = one_of(o, value, isas, hw_isa_count());
            else if (!strcmp(o, "--level")) options.level = one_of(o, value, level_names, LEVELS);
            else if (!strcmp(o, "--milliseconds"))
                options.seconds = 1e-3 * (double)number(o, value);
            else if (!strcmp(o, "--seed")) options.seed = number(o, value);
            else wrong("unknown option", o);
        }
    }
}

static int chosen(const char *option, const char *name) { return !option || !strcmp(option, name); }

// ---- output

static void progress(int done, int of, const char *what, const char *name, int direction,
                     int type) {
    if (!isatty(2)) return;
    fprintf(stderr, "\r\033[K");
    if (name)
        fprintf(stderr, "%d/%d %s %s %s %s", done, of, what, name, direction_names[direction],
                type_names[type]);
    fflush(stderr);
}

static void print_header(const size_t *bytes) {
    if (options.form == CSV) {
        printf(
            "name,direction,type,isa,level,values,ns_per_value,gb_per_s,memmove_gb_per_s,ratio,ghz\n");
    } else if (options.form == JSON) {
        printf("{\"version\": \"%s\", \"compiler\": \"%s\", \"seed\": %" PRIu64 ", \"results\": [",
               HW_VERSION, hw_compiler(), options.seed);
    } else {
        printf("halfwave %s, %s, seed %" PRIu64 ", instruction sets:", HW_VERSION, hw_compiler(),
               options.seed);
        for (int isa = 0; isa < hw_isa_count(); isa++)
            if (hw_isa_available(isa)) printf(" %s", hw_isa_name(isa));
        printf("\n");
        if (options.check_only) return;
        printf(
            "ns/value; GB/s read and written; ratio: the time over memmove's of as many "
            "bytes\n%-42s",
            "");
        for (int level = 0; level < LEVELS; level++) {
            char text[40];
            snprintf(text, sizeof text, "%s: %zu KiB", level_names[level], bytes[level] / 1024);
            if (chosen(options.level, level_names[level])) printf("  %-21s", text);
        }
        printf("\n%-19s%-8s%-6s%-9s", "name", "", "type", "set");
        for (int level = 0; level < LEVELS; level++)
            if (chosen(options.level, level_names[level]))
                printf("  %7s%7s %6s", "ns", "GB/s", "ratio");
        printf("\n");
    }
}

static void print_timing(const char *name, int direction, int type, int isa, int level,
                         const timing *t) {
    static int any;
    const char *const set = hw_isa_name(isa), *const dir = direction_names[direction];
    if (options.form == CSV) {
        printf("%s,%s,%s,%s,%s,%zu,%.5g,%.5g,%.5g,%.4g,%.4g\n", name, dir, type_names[type], set,
               level_names[level], t->n, t->ns, t->gbs, t->memmove_gbs, t->ratio, t->ghz);
    } else if (options.form == JSON) {
        printf(
            "%s\n{\"name\": \"%s\", \"direction\": \"%s\", \"type\": \"%s\", \"isa\": \"%s\", "
            "\"level\": \"%s\", "
            "\"values\": %zu, \"ns_per_value\": %.5g, \"gb_per_s\": %.5g, \"memmove_gb_per_s\": "
            "%.5g, "
            "\"ratio\": %.4g, \"ghz\": %.4g}",
            any ? "," : "", name, dir, type_names[type], set, level_names[level], t->n, t->ns,
            t->gbs, t->memmove_gbs, t->ratio, t->ghz);
    } else {
        printf("  %7.4g%7.4g %6.2f", t->ns, t->gbs, t->ratio);
    }
    any = 1;
}

// ---- the walk

static void time_all(int row, int direction, int type, const int *passed, const size_t *bytes) {
    const hw_activation *const act = &hw_activations()[row];
    for (int isa = 0; isa < hw_isa_count(); isa++) {
        hw_op op;
        if (!passed[isa] || hw_get(&op, row, (hw_direction)direction, (hw_type)type, isa)) continue;
        if (options.form == TABLE)
            printf("%-19s%-8s%-6s%-9s", act->name, direction_names[direction], type_names[type],
                   hw_isa_name(isa));
        for (int level = 0; level < LEVELS; level++) {
            timing t;
            if (!chosen(options.level, level_names[level])) continue;
            if (measure(&t, act, (hw_direction)direction, &op, bytes[level], options.seconds)) {
                fprintf(stderr, "harness: no memory for %zu bytes\n", bytes[level]);
                continue;
            }
            print_timing(act->name, direction, type, isa, level, &t);
        }
        if (options.form == TABLE) printf("\n");
        fflush(stdout);
    }
}

// One job at a time: a row in one direction and type, on all wanted instruction sets.  Counts them
// first.
static int walk(int count_only, int of, const size_t *bytes, int *npassed, int *nfailed) {
    int jobs = 0;
    for (int row = 0; row < hw_count(); row++) {
        const char *const name = hw_activations()[row].name;
        if (!strstr(name, options.filter)) continue;
        for (int direction = 0; direction < HW_DIRECTIONS; direction++) {
            if (!chosen(options.direction, direction_names[direction])) continue;
            for (int type = 0; type < HW_TYPES; type++) {
                if (!chosen(options.type, type_names[type])) continue;
                int wanted[MAX_ISAS] = {0}, passed[MAX_ISAS] = {0}, any = 0;
                for (int isa = 0; isa < hw_isa_count(); isa++) {
                    hw_op op;
                    const int plain = isa == hw_isa_count() - 1;  // where all of long double is
                    if (!hw_isa_available(isa) || !chosen(options.isa, hw_isa_name(isa))) continue;
                    if (hw_get(&op, row, (hw_direction)direction, (hw_type)type, isa)) continue;
                    any |= wanted[isa] = type != HW_LD || plain;
                }
                if (!any) continue;
                jobs++;
                if (count_only) continue;
                progress(jobs, of, "checking", name, direction, type);
                // From the seed and the job, so that a filter changes no job's values.
                random_state = options.seed ^ ((uint64_t)row << 32 |
                                               (uint64_t)(direction * HW_TYPES + type) << 16);
                check(row, (hw_direction)direction, (hw_type)type, options.quick, wanted, passed);
                for (int isa = 0; isa < hw_isa_count(); isa++)
                    if (wanted[isa]) ++*(passed[isa] ? npassed : nfailed);
                if (options.check_only) continue;
                progress(jobs, of, "timing", name, direction, type);
                if (options.form == TABLE) progress(0, 0, NULL, NULL, 0, 0);
                time_all(row, direction, type, passed, bytes);
            }
        }
    }
    progress(0, 0, NULL, NULL, 0, 0);
    return jobs;
}

int main(int argc, char **argv) {
    parse(argc, argv);
    size_t bytes[LEVELS];
    int npassed = 0, nfailed = 0;
    choose_levels(bytes);
    const int jobs = walk(1, 0, bytes, NULL, NULL);
    if (!jobs) wrong("no kernel of that name and kind:", options.filter);
    print_header(bytes);
    walk(0, jobs, bytes, &npassed, &nfailed);
    if (options.form == JSON) printf("\n], \"passed\": %d, \"failed\": %d}\n", npassed, nfailed);
    if (options.form == TABLE) printf("%d passed, %d failed\n", npassed, nfailed);
    else fprintf(stderr, "%d passed, %d failed\n", npassed, nfailed);
    return nfailed > 0;
}
