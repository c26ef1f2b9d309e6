/* Cuts a text into the sentence encoder's pieces of words: the text is made plain by the model's own table, then of all
 * ways to cut it the likeliest is taken. The same numbers as the package's own Python gives. C99, no allocation. */
#include <stdint.h>
#include <string.h>

#define SLOTS_BITS 20 /* for the steps from each beginning of a piece to a longer one */
#define SLOTS (1u << SLOTS_BITS)
#define NODES 600000
#define LONGEST 32768 /* bytes of a text made plain: what is longer is left out */
#define WORST -1e38

static const uint8_t space[3] = {0xE2, 0x96, 0x81};

/* It starts as zeros; one caller at a time. */
typedef struct {
    uint32_t keys[SLOTS], to[SLOTS]; /* a node and a byte, one more; the node that they lead to */
    int32_t piece[NODES];            /* the number of the piece that ends here, one more */
    float score[NODES];              /* and how likely it is */
    uint32_t nodes;
    double unknown;         /* what a character costs that is in no piece */
    const uint8_t *units;   /* the table that makes a text plain: steps, four bytes each, ... */
    const uint8_t *plain;   /* ... and what is put in place of what they find, each ended by a zero */
    int64_t unit_count, plain_size;
    uint8_t text[LONGEST];
    double best[LONGEST + 1];
    int32_t from[LONGEST + 1], by[LONGEST + 1];
} folkmoot_pieces;

int64_t folkmoot_pieces_state(void) { return (int64_t)sizeof(folkmoot_pieces); }

/* The slot of a step, or the empty one where it belongs. */
static inline uint32_t slot_of(const folkmoot_pieces *state, uint32_t key) {
    uint32_t slot = key * 0x9E3779B1u >> (32 - SLOTS_BITS);
    while (state->keys[slot] && state->keys[slot] != key) slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

static int add(folkmoot_pieces *state, const uint8_t *text, int64_t size, int32_t number, float score) {
    uint32_t node = 0;
    for (int64_t at = 0; at < size; at++) {
        uint32_t key = (node << 8 | text[at]) + 1, slot = slot_of(state, key);
        if (!state->keys[slot]) {
            if (state->nodes + 1 >= NODES) return 0;
            state->keys[slot] = key;
            state->to[slot] = ++state->nodes;
        }
        node = state->to[slot];
    }
    state->piece[node] = number + 1;
    state->score[node] = score;
    return 1;
}

typedef struct {
    const uint8_t *at, *end;
    int number, kind;     /* of the field that was read */
    const uint8_t *value; /* where it lies, and how long it is */
    int64_t size;
} fields;

static int64_t number_at(fields *in) {
    uint64_t value = 0;
    for (int shift = 0; in->at < in->end && shift < 63; shift += 7) {
        uint8_t byte = *in->at++;
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return (int64_t)value;
    }
    return -1;
}

/* Reads the next field of a message in the protobuf format; 0 at its end, or where it is broken. */
static int next_field(fields *in) {
    if (in->at >= in->end) return 0;
    in->number = *in->at >> 3;
    in->kind = *in->at++ & 7;
    if (in->kind == 0) {
        in->value = in->at;
        return number_at(in) >= 0;
    }
    in->size = in->kind == 2 ? number_at(in) : in->kind == 5 ? 4 : in->kind == 1 ? 8 : -1;
    in->value = in->at;
    if (in->size < 0 || in->size > in->end - in->at) return 0;
    in->at += in->size;
    return 1;
}

static uint32_t unit_at(const uint8_t *units, int64_t at) {
    const uint8_t *unit = units + 4 * at;
    return unit[0] | (uint32_t)unit[1] << 8 | (uint32_t)unit[2] << 16 | (uint32_t)unit[3] << 24;
}

static void read_plain(folkmoot_pieces *state, fields in) {
    while (next_field(&in))
        if (in.number == 2 && in.kind == 2 && in.size > 4) {
            int64_t size = unit_at(in.value, 0);
            if (size > in.size - 4 || in.value[in.size - 1]) return;
            state->units = in.value + 4;
            state->unit_count = size / 4;
            state->plain = in.value + 4 + size;
            state->plain_size = in.size - 4 - size;
        }
}

/* Reads the model's file, which must stay where it is. How many pieces it has; -1: it is not such a file. */
int32_t folkmoot_pieces_read(folkmoot_pieces *state, const uint8_t *file, int64_t size) {
    fields in = {file, file + size, 0, 0, 0, 0};
    int32_t count = 0;
    float least = 0;
    while (next_field(&in)) {
        fields part = {in.value, in.value + in.size, 0, 0, 0, 0}, text = {0};
        float score = 0;
        if (in.kind != 2) continue;
        if (in.number == 3) read_plain(state, part);
        if (in.number != 1) continue;
        while (next_field(&part)) {
            if (part.number == 1 && part.kind == 2) text = part;
            if (part.number == 2 && part.kind == 5) {
                uint32_t bits = unit_at(part.value, 0);
                memcpy(&score, &bits, sizeof score);
            }
        }
        if (text.size < 1 || !add(state, text.value, text.size, count++, score)) return -1;
        least = score < least ? score : least;
    }
    state->unknown = (double)least - 10.0;
    return in.at == in.end && state->units && state->plain_size > 0 ? count : -1;
}

static int character(const uint8_t *text, int64_t left) {
    int size = text[0] < 0xC0 ? 1 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : text[0] < 0xF8 ? 4 : 1;
    if (size > left) return 1;
    for (int at = 1; at < size; at++)
        if ((text[at] & 0xC0) != 0x80) return 1;
    return size;
}

static inline uint32_t offset(uint32_t unit) { return (unit >> 10) << ((unit & 0x200) >> 6); }

/* What is put in place of the beginning of a text, and how much of the text it is put for. */
static int64_t replace(const folkmoot_pieces *state, const uint8_t *text, int64_t left, const uint8_t **by, int64_t *size) {
    uint32_t unit = unit_at(state->units, 0), found = 0;
    int64_t node = offset(unit), longest = 0;
    for (int64_t at = 0; at < left; at++) {
        node ^= text[at];
        if (node >= state->unit_count) break;
        unit = unit_at(state->units, node);
        if ((unit & 0x800000FFu) != text[at]) break;
        node ^= offset(unit);
        if (node >= state->unit_count) break;
        if (unit & 0x100) longest = at + 1, found = unit_at(state->units, node) & 0x7FFFFFFFu;
    }
    if (!longest || found >= state->plain_size) {
        *by = text;
        return *size = character(text, left);
    }
    *by = state->plain + found;
    *size = (int64_t)strlen((const char *)*by);
    return longest;
}

/* Makes a text plain: how many bytes it has then. */
static int32_t make_plain(folkmoot_pieces *state, const uint8_t *text, int64_t length) {
    const uint8_t *by;
    int64_t size, at = 0;
    int32_t end = 3;
    int after_space = 1;
    memcpy(state->text, space, 3);
    while (at < length) {
        at += replace(state, text + at, length - at, &by, &size);
        while (after_space && size && *by == ' ') by++, size--;
        if (!size) continue;
        if (end + 3 * size > LONGEST) break;
        after_space = by[size - 1] == ' ';
        for (int64_t each = 0; each < size; each++) {
            if (by[each] != ' ') {
                state->text[end++] = by[each];
                continue;
            }
            memcpy(state->text + end, space, 3);
            end += 3;
        }
    }
    while (end >= 3 && !memcmp(state->text + end - 3, space, 3)) end -= 3;
    return end;
}

static inline void reach(folkmoot_pieces *state, int32_t from, int32_t to, double score, int32_t piece) {
    if (!(score > state->best[to])) return;
    state->best[to] = score;
    state->from[to] = from;
    state->by[to] = piece;
}

/* Fills `out` with the numbers of a text's pieces, the first `most` of them; how many there are of these. */
int32_t folkmoot_cut(folkmoot_pieces *state, const uint8_t *text, int64_t length, int32_t *out, int32_t most) {
    int32_t end = make_plain(state, text, length), count = 0, each;
    for (int32_t at = 1; at <= end; at++) state->best[at] = WORST;
    state->best[0] = 0;
    for (int32_t at = 0, size; at < end; at += size) {
        uint32_t node = 0;
        int single = 0;
        size = character(state->text + at, end - at);
        for (int32_t to = at; to < end;) {
            uint32_t slot = slot_of(state, (node << 8 | state->text[to++]) + 1);
            if (!state->keys[slot]) break;
            node = state->to[slot];
            if (!state->piece[node]) continue;
            reach(state, at, to, state->best[at] + (double)state->score[node], state->piece[node] - 1);
            single |= to == at + size;
        }
        if (!single) reach(state, at, at + size, state->best[at] + state->unknown, 0);
    }
    for (int32_t at = end; at > 0; at = state->from[at]) count++;
    each = count;
    for (int32_t at = end; at > 0; at = state->from[at])
        if (--each < most) out[each] = state->by[at];
    return count < most ? count : most;
}
