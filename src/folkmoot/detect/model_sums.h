/* What is seen of a window, and what each head gives for it: the same sums as model_features.py and
 * model_scorers.py make. Rows of weights lie far apart and are fetched long before they are added up. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 1024 /* bytes of a window and the signs before it; a byte that goes on no character follows */
#define MOST 4096    /* features of a text that long: three runs of letters at each place, and pairs of words */
#define LANES 16     /* rows are read so many bytes at a time, the last one too */

#ifdef __GNUC__
#define FETCH(place) __builtin_prefetch(place)
#else
#define FETCH(place) ((void)(place))
#endif

typedef struct {
    uint8_t *runs;   /* a row of `heads` bytes for each bucket, each a weight plus 128 */
    uint8_t *words;  /* for each slot of the lexicon a row of `heads` weights and the word's weight */
    uint16_t *marks; /* for each slot the mark of the word in it; 0: empty */
    uint64_t *had;   /* a bit for each bucket that the text has had; none is set between two texts */
    uint64_t *known; /* the same for slots */
    double *steps;   /* for each head: a step of its runs, a step of its words, its bias, its floor */
    int heads, run_bits, word_bits;
} model;

/* Numbers, each once. */
typedef struct {
    uint64_t *had;
    uint32_t *found;
    const uint8_t *rows;
    uint32_t mask;
    int width, count;
} set;

static uint32_t table[4][256];         /* what a byte does to a CRC-32, with none to three bytes after it */
static uint32_t between[LONGEST + 1];  /* how CRC-32s of as many bytes differ that started from 1 and from 2 */

static void ready_sums(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
        table[0][byte] = value;
    }
    for (int after = 1; after < 4; after++)
        for (int byte = 0; byte < 256; byte++)
            table[after][byte] = table[0][table[after - 1][byte] & 255] ^ table[after - 1][byte] >> 8;
    between[0] = 3;
    for (int length = 1; length <= LONGEST; length++)
        between[length] = table[0][between[length - 1] & 255] ^ between[length - 1] >> 8;
}

/* CRC-32s, inverted, going on with one, two, three bytes; `next` holds them, the first lowest. */
static inline uint32_t on(uint32_t value, uint32_t next) { return table[0][(value ^ next) & 255] ^ value >> 8; }

static inline uint32_t on_two(uint32_t value, uint32_t next) {
    value ^= next;
    return table[1][value & 255] ^ table[0][value >> 8 & 255] ^ value >> 16;
}

static inline uint32_t on_three(uint32_t value, uint32_t next) {
    value ^= next;
    return table[2][value & 255] ^ table[1][value >> 8 & 255] ^ table[0][value >> 16 & 255] ^ value >> 24;
}

static inline void put(set *made, uint32_t number) {
    uint64_t *word = made->had + (number >> 6), bit = (uint64_t)1 << (number & 63);
    made->found[made->count] = number;
    made->count += !(*word & bit);
    *word |= bit;
    FETCH(made->rows + (size_t)number * (uint32_t)made->width);
}

/* Every run of three to five characters: `value[n]` is the inverted CRC-32 of the last n + 1 characters. */
static void read_runs(const uint8_t *text, int length, set *made) {
    uint32_t value[5] = {0};
    int at = 0, characters = 0;
    while ((text[at] & 0xC0) == 0x80) at++;
    while (at < length) {
        int size = 1;
        while ((text[at + size] & 0xC0) == 0x80) size++;
        uint32_t next = text[at];
        if (size == 1) {
            for (int runs = 4; runs; runs--) value[runs] = on(value[runs - 1], next);
            value[0] = on(~0u, next);
        } else if (size == 2) {
            next |= (uint32_t)text[at + 1] << 8;
            for (int runs = 4; runs; runs--) value[runs] = on_two(value[runs - 1], next);
            value[0] = on_two(~0u, next);
        } else {
            next |= (uint32_t)text[at + 1] << 8 | (uint32_t)text[at + 2] << 16;
            for (int runs = 4; runs; runs--) value[runs] = on_three(value[runs - 1], next);
            value[0] = on_three(~0u, next);
            for (int more = 3; more < size; more++)
                for (int runs = 0; runs < 5; runs++) value[runs] = on(value[runs], text[at + more]);
        }
        at += size;
        if (++characters < 3) continue;
        put(made, ~value[2] & made->mask);
        if (characters > 3) put(made, ~value[3] & made->mask);
        if (characters > 4) put(made, ~value[4] & made->mask);
    }
}

/* The keys of every word and of every two neighbouring ones; those of pairs go to the runs too. */
static int read_words(const model *with, const uint8_t *text, int length, set *made, uint32_t *keys) {
    uint32_t mask = (1u << with->word_bits) - 1u, before = 0;
    int count = 0;
    for (int at = 0; at < length; at++) {
        if (text[at] == ' ') continue;
        uint32_t word = ~1u, pair = before;
        int from = at;
        for (; at < length && text[at] != ' '; at++) word = on(word, text[at]), pair = on(pair, text[at]);
        FETCH(with->marks + (~word & mask));
        keys[count++] = ~word;
        before = on(word ^ between[at - from], ' ');
        if (count == 1) continue;
        FETCH(with->marks + (~pair & mask));
        keys[count++] = ~pair;
        put(made, ~pair & made->mask);
    }
    return count;
}

/* The slots of those words that are in the lexicon. */
static void look_up(const model *with, const uint32_t *keys, int count, set *made) {
    for (int place = 0; place < count; place++) {
        uint32_t slot = keys[place] & made->mask;
        uint16_t mark = (uint16_t)(keys[place] >> 17 | 0x8000u);
        while (with->marks[slot] && with->marks[slot] != mark) slot = (slot + 1) & made->mask;
        if (with->marks[slot]) put(made, slot);
    }
}

/* Adds up the rows, lane by lane, and forgets which they were. */
static void add_rows(const set *made, uint32_t *totals) {
    for (int first = 0; first < made->count; first += 256) {
        uint16_t part[LANES] = {0};
        int last = made->count - first > 256 ? first + 256 : made->count;
        for (int place = first; place < last; place++) {
            const uint8_t *row = made->rows + (size_t)made->found[place] * (uint32_t)made->width;
            made->had[made->found[place] >> 6] = 0;
            for (int lane = 0; lane < LANES; lane++) part[lane] = (uint16_t)(part[lane] + row[lane]);
        }
        for (int lane = 0; lane < LANES; lane++) totals[lane] += part[lane];
    }
}

/* Fills `sums`: each head's sum over the runs, the number of runs; each head's sum over the words, the weight
 * of the words. Returns a bit for each head that reaches its floor. */
static uint32_t score(const model *with, const uint8_t *text, int length, int64_t *sums) {
    uint32_t found[MOST], keys[LONGEST], slots[LONGEST], totals[LANES] = {0}, words[LANES] = {0}, reached = 0;
    set runs = {with->had, found, with->runs, (1u << with->run_bits) - 1u, with->heads, 0};
    set known = {with->known, slots, with->words, (1u << with->word_bits) - 1u, with->heads + 1, 0};
    int heads = with->heads, count = read_words(with, text, length, &runs, keys);
    read_runs(text, length, &runs);
    look_up(with, keys, count, &known);
    add_rows(&runs, totals);
    add_rows(&known, words);
    double runs_root = sqrt(runs.count ? runs.count : 1), words_root = sqrt(words[heads] ? words[heads] : 1);
    for (int head = 0; head < heads; head++) {
        const double *step = with->steps + 4 * head;
        sums[head] = (int64_t)totals[head] - 128 * (int64_t)runs.count;
        sums[heads + 1 + head] = (int64_t)words[head] - 128 * (int64_t)known.count;
        double margin = (double)sums[head] * step[0] / runs_root;
        margin = margin + (double)sums[heads + 1 + head] * step[1] / words_root;
        if (margin + step[2] >= step[3]) reached |= 1u << head;
    }
    sums[heads] = runs.count;
    sums[2 * heads + 1] = (int64_t)words[heads];
    return reached;
}
