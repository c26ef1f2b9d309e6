/* What recall.c keeps: times and traces, and dictionaries of at most so many entries, in two halves. */
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EACH 64    /* times or traces that are given for one sender in one room, or one text */
#define SKETCH 8   /* numbers of a sketch */
#define SHARED 5   /* of so many eighths of their numbers two texts have in common to be near copies */

typedef struct {
    double at;
    PyObject *sender, *room; /* once a Trace was made of the two, it is in `sender`, and `room` is NULL */
} trace;

typedef struct {
    uint32_t refs, count, space;
    trace *kept;
} traces; /* where a text was, and its near copies */

typedef struct {
    uint32_t refs, count, numbers[SKETCH];
    traces *where;
} text;

typedef struct {
    uint32_t count, space;
    double *at;
} times;

typedef struct {
    uint64_t key;
    void *held, *before; /* `before` is for texts only: the one that had the same number last */
} cell;

typedef struct {
    cell *cells;
    size_t space, used;
} half;

typedef struct {
    half fresh, old;
    size_t most; /* in one half */
    void (*drop)(void *);
} bounded;

#if defined(__GNUC__)
#define FETCH(place) __builtin_prefetch(place)
#else
#define FETCH(place) (void)(place)
#endif

static char moved; /* stands for what went from the old half to the fresh one */

/* --- what is held --- */

static void drop_times(void *held) {
    free(((times *)held)->at);
    free(held);
}

static void drop_trace(trace *one) {
    Py_XDECREF(one->sender);
    Py_XDECREF(one->room);
}

static void drop_traces(void *held) {
    traces *mine = held;
    if (--mine->refs) return;
    for (uint32_t place = 0; place < mine->count; place++) drop_trace(mine->kept + place);
    free(mine->kept);
    free(mine);
}

static void drop_text(void *held) {
    text *mine = held;
    if (--mine->refs) return;
    drop_traces(mine->where);
    free(mine);
}

/* Forgets what was noted last at a time. */
static void take_back(times *wrote, traces *where, double now) {
    uint32_t place = wrote ? wrote->count : 0;
    while (place && wrote->at[place - 1] > now) place--;
    if (place && wrote->at[place - 1] == now)
        memmove(wrote->at + place - 1, wrote->at + place, (wrote->count-- - place) * sizeof(double));
    place = where ? where->count : 0;
    while (place && where->kept[place - 1].at != now) place--;
    if (!place) return;
    trace gone = where->kept[place - 1];
    memmove(where->kept + place - 1, where->kept + place, (where->count-- - place) * sizeof(trace));
    drop_trace(&gone);
}

/* --- a dictionary of at most so many entries, in two halves --- */

static inline size_t slot_of(const half *in, uint64_t key) {
    return (size_t)((key ^ key >> 32) * 0x9E3779B97F4A7C15u >> 20) & (in->space - 1);
}

static cell *find(const half *in, uint64_t key) {
    if (!in->space) return NULL;
    size_t slot = slot_of(in, key);
    while (in->cells[slot].held) {
        if (in->cells[slot].key == key) return in->cells + slot;
        slot = (slot + 1) & (in->space - 1);
    }
    return NULL;
}

static void empty(bounded *map, half *which) {
    for (size_t slot = 0; slot < which->space; slot++) {
        cell *one = which->cells + slot;
        if (one->held && one->held != &moved) {
            map->drop(one->held);
            if (one->before) map->drop(one->before);
        }
    }
    free(which->cells);
    memset(which, 0, sizeof *which);
}

static int grow(half *in, size_t most) {
    half wide = {NULL, in->space ? in->space * 2 : 64, in->used};
    if (wide.space > 64 && wide.space <= most / 2) wide.space *= 2; /* moving all of them seldom is cheaper */
    wide.cells = calloc(wide.space, sizeof(cell));
    if (!wide.cells) return -1;
    for (size_t from = 0; from < in->space; from++) {
        if (!in->cells[from].held) continue;
        size_t slot = slot_of(&wide, in->cells[from].key);
        while (wide.cells[slot].held) slot = (slot + 1) & (wide.space - 1);
        wide.cells[slot] = in->cells[from];
    }
    free(in->cells);
    *in = wide;
    return 0;
}

/* Has the processor fetch where a key is, while it does something else: large dictionaries lie far away. */
static inline void fetch(const bounded *map, uint64_t key) {
    if (map->fresh.space) FETCH(map->fresh.cells + slot_of(&map->fresh, key));
    if (map->old.space) FETCH(map->old.cells + slot_of(&map->old, key));
}

/* The entry of a key in either half, without touching it. */
static cell *look(const bounded *map, uint64_t key) {
    cell *found = find(&map->fresh, key);
    if (found) return found;
    found = find(&map->old, key);
    return found && found->held != &moved ? found : NULL;
}

/* The entry of a key among the fresh ones, brought there or new (then `held` is NULL and must be set). */
static cell *touch(bounded *map, uint64_t key) {
    cell *found = find(&map->fresh, key);
    if (found) return found;
    if (map->fresh.used * 2 >= map->fresh.space && grow(&map->fresh, map->most)) return NULL;
    size_t slot = slot_of(&map->fresh, key);
    while (map->fresh.cells[slot].held) slot = (slot + 1) & (map->fresh.space - 1);
    cell *mine = map->fresh.cells + slot, *past = find(&map->old, key);
    mine->key = key;
    map->fresh.used++;
    if (past && past->held != &moved) {
        mine->held = past->held, mine->before = past->before;
        past->held = &moved, past->before = NULL;
    }
    return mine;
}

/* Takes back a touch for which there was no memory. */
static void untouch(bounded *map, cell *one) {
    one->held = NULL;
    map->fresh.used--;
}

/* After `touch`: when the fresh half is full, what was not touched since it began is forgotten. */
static void settle(bounded *map) {
    if (map->fresh.used < map->most) return;
    empty(map, &map->old);
    map->old = map->fresh;
    memset(&map->fresh, 0, sizeof map->fresh);
}

static size_t size_of(const bounded *map) {
    size_t count = map->fresh.used;
    for (size_t slot = 0; slot < map->old.space; slot++)
        count += map->old.cells[slot].held && map->old.cells[slot].held != &moved;
    return count;
}
