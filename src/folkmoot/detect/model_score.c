/* Scores a text with the weights of small linear models: the same numbers as model_features.py and
 * model_scorers.py give, only sooner. C99, no allocation; docs/developers/models.md defines every step. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define LONGEST 1024 /* bytes of text in one call; longer texts come in windows */
#define MOST 4096    /* features of a text that long: three runs of letters at each place, and pairs of words */
#define TABLE 8192   /* a power of two, more than all features */
#define LANES 16

typedef struct {
    const uint8_t *runs;   /* a row of `heads` bytes for each bucket, each a weight plus 128; 16 bytes more */
    const uint16_t *marks; /* for each slot of the lexicon the mark of the word in it; 0: empty */
    const uint8_t *words;  /* for each slot a row of `heads` weights and the word's weight; 16 bytes more */
    const double *steps;   /* for each head: a step of its runs, a step of its words, its bias, its floor */
    int32_t heads;
    int32_t run_bits;
    int32_t word_bits;
} folkmoot_model;

static uint32_t table[256];
static const uint8_t space[1] = {' '};

void folkmoot_ready(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
        table[byte] = value;
    }
}

/* CRC-32 as zlib has it, going on from an earlier one. */
static inline uint32_t crc(uint32_t from, const uint8_t *text, int first, int last) {
    uint32_t value = ~from;
    for (int at = first; at < last; at++) value = table[(value ^ text[at]) & 255] ^ (value >> 8);
    return ~value;
}

/* Every run of three to five characters. */
static int read_runs(const uint8_t *text, int length, uint32_t mask, uint32_t *found) {
    int starts[LONGEST + 1];
    int characters = 0, count = 0;
    for (int byte = 0; byte < length; byte++)
        if ((text[byte] & 0xC0) != 0x80) starts[characters++] = byte;
    starts[characters] = length;
    for (int first = 0; first + 3 <= characters; first++) {
        uint32_t value = crc(0, text, starts[first], starts[first + 3]);
        found[count++] = value & mask;
        for (int more = 3; more < 5 && first + more < characters; more++) {
            value = crc(value, text, starts[first + more], starts[first + more + 1]);
            found[count++] = value & mask;
        }
    }
    return count;
}

/* The slot of a word in the lexicon, if it is there. */
static inline int look_up(const folkmoot_model *model, uint32_t key, uint32_t *slots, int count) {
    uint32_t mask = (1u << model->word_bits) - 1u, slot = key & mask;
    uint16_t mark = (uint16_t)(key >> 17 | 0x8000u);
    while (model->marks[slot]) {
        if (model->marks[slot] == mark) {
            slots[count++] = slot;
            break;
        }
        slot = (slot + 1) & mask;
    }
    return count;
}

/* Every two neighbouring words go to the runs; words and pairs that the lexicon has, to its slots. */
static int read_words(const folkmoot_model *model, const uint8_t *text, int length, uint32_t mask,
                      uint32_t *found, int *count, uint32_t *slots) {
    int at = 0, from = 0, to = 0, last_from = 0, last_to = 0, known = 0;
    while (at < length) {
        while (at < length && text[at] == ' ') at++;
        if (at == length) break;
        last_from = from, last_to = to;
        from = at;
        while (at < length && text[at] != ' ') at++;
        to = at;
        known = look_up(model, crc(1, text, from, to), slots, known);
        if (last_to == 0) continue;
        uint32_t pair = crc(crc(crc(2, text, last_from, last_to), space, 0, 1), text, from, to);
        found[(*count)++] = pair & mask;
        known = look_up(model, pair, slots, known);
    }
    return known;
}

/* Leaves each number once; the order stays. */
static int distinct(uint32_t *found, int count) {
    uint32_t seen[TABLE];
    uint32_t size = 64, kept = 0;
    while (size < (uint32_t)count * 2 && size < TABLE) size *= 2;
    memset(seen, 0xFF, size * sizeof *seen);
    for (int place = 0; place < count; place++) {
        uint32_t feature = found[place], slot = (feature * 0x9E3779B1u >> 7) & (size - 1);
        while (seen[slot] != 0xFFFFFFFFu && seen[slot] != feature) slot = (slot + 1) & (size - 1);
        if (seen[slot] == feature) continue;
        seen[slot] = feature;
        found[kept++] = feature;
    }
    return (int)kept;
}

/* Adds up rows, lane by lane. */
static void add_rows(const uint8_t *rows, int width, const uint32_t *found, int count, uint32_t *totals) {
    for (int first = 0; first < count; first += 256) {
        uint16_t part[LANES] = {0};
        int last = count - first > 256 ? first + 256 : count;
        for (int place = first; place < last; place++) {
            const uint8_t *row = rows + (uint64_t)found[place] * (uint32_t)width;
            for (int lane = 0; lane < LANES; lane++) part[lane] = (uint16_t)(part[lane] + row[lane]);
        }
        for (int lane = 0; lane < LANES; lane++) totals[lane] += part[lane];
    }
}

/* Fills `sums`: each head's sum over the runs, the number of runs; each head's sum over the words, the weight
 * of the words. Returns a bit for each head that reaches its floor, or -1 for a text that is too long. */
int64_t folkmoot_score(const folkmoot_model *model, const uint8_t *text, int64_t length, int64_t *sums) {
    uint32_t found[MOST], slots[LONGEST], totals[LANES] = {0}, words[LANES] = {0};
    uint32_t mask = (1u << model->run_bits) - 1u;
    int heads = model->heads;
    int64_t reached = 0;
    if (length < 0 || length > LONGEST || heads < 1 || heads >= LANES) return -1;
    int count = read_runs(text, (int)length, mask, found);
    int known = read_words(model, text, (int)length, mask, found, &count, slots);
    count = distinct(found, count);
    known = distinct(slots, known);
    add_rows(model->runs, heads, found, count, totals);
    add_rows(model->words, heads + 1, slots, known, words);
    double runs_root = sqrt((double)(count ? count : 1)), words_root = sqrt((double)(words[heads] ? words[heads] : 1));
    for (int head = 0; head < heads; head++) {
        const double *step = model->steps + 4 * head;
        sums[head] = (int64_t)totals[head] - 128 * (int64_t)count;
        sums[heads + 1 + head] = (int64_t)words[head] - 128 * (int64_t)known;
        double margin = (double)sums[head] * step[0] / runs_root;
        margin = margin + (double)sums[heads + 1 + head] * step[1] / words_root;
        if (margin + step[2] >= step[3]) reached |= (int64_t)1 << head;
    }
    sums[heads] = count;
    sums[2 * heads + 1] = (int64_t)words[heads];
    return reached;
}
