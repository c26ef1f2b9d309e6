/* Scores a text with the weights of a linear model: the same sums as model_features.py and model_weights.py
 * give, only sooner. C99, no library, no allocation; docs/developers/models.md defines every step. */
#include <stdint.h>
#include <string.h>

#define LONGEST 1024 /* bytes of text in one call; longer texts come in windows */
#define MOST 4096    /* features of a text that long: three runs of letters and two of words at each place */
#define TABLE 8192   /* a power of two, more than all features */
#define LANES 16

typedef struct {
    const uint8_t *weights; /* one row of `heads` bytes for each bucket, each byte a weight plus 128, and 16 bytes more */
    const int64_t *floors;  /* for each head the least sum squared, times 65536, for one feature; below 0: never */
    int32_t heads;
    int32_t bits;
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

/* Every run of three to five characters, every word, and every two words side by side. */
static int read_features(const uint8_t *text, int length, uint32_t mask, uint32_t *found) {
    int starts[LONGEST + 1], from[LONGEST], to[LONGEST];
    int characters = 0, words = 0, count = 0, at = 0;
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
    while (at < length) {
        while (at < length && text[at] == ' ') at++;
        if (at == length) break;
        from[words] = at;
        while (at < length && text[at] != ' ') at++;
        to[words++] = at;
    }
    for (int word = 0; word < words; word++) {
        found[count++] = crc(1, text, from[word], to[word]) & mask;
        if (word + 1 < words) {
            uint32_t pair = crc(crc(2, text, from[word], to[word]), space, 0, 1);
            found[count++] = crc(pair, text, from[word + 1], to[word + 1]) & mask;
        }
    }
    return count;
}

/* Leaves each feature once; the order stays. */
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

static void add_rows(const folkmoot_model *model, const uint32_t *found, int count, int64_t *sums) {
    uint32_t totals[LANES] = {0};
    for (int first = 0; first < count; first += 256) {
        uint16_t part[LANES] = {0};
        int last = count - first > 256 ? first + 256 : count;
        for (int place = first; place < last; place++) {
            const uint8_t *row = model->weights + (uint64_t)found[place] * (uint32_t)model->heads;
            for (int head = 0; head < LANES; head++) part[head] = (uint16_t)(part[head] + row[head]);
        }
        for (int head = 0; head < LANES; head++) totals[head] += part[head];
    }
    for (int head = 0; head < model->heads; head++) sums[head] = (int64_t)totals[head] - 128 * (int64_t)count;
}

/* Fills `sums` with each head's sum and then the number of features; returns a bit for each head that reaches
 * its floor, or -1 for a text that is too long. */
int64_t folkmoot_score(const folkmoot_model *model, const uint8_t *text, int64_t length, int64_t *sums) {
    uint32_t found[MOST];
    int64_t reached = 0;
    if (length < 0 || length > LONGEST || model->heads < 1 || model->heads > LANES) return -1;
    int count = distinct(found, read_features(text, (int)length, (1u << model->bits) - 1u, found));
    add_rows(model, found, count, sums);
    sums[model->heads] = count;
    for (int head = 0; head < model->heads; head++) {
        int64_t sum = sums[head], floor = model->floors[head];
        if (floor >= 0 && sum > 0 && sum * sum * 65536 >= floor * count) reached |= (int64_t)1 << head;
    }
    return reached;
}
