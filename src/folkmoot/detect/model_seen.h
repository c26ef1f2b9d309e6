/* What the models see of a text besides its words, and which parts of a long one they see: the same as
 * model_signs.py and `windows` in model_features.py say. */
#include <stdint.h>
#include <string.h>

#define SEEN 1000   /* in how many characters signs are looked for */
#define SHORTEST 28 /* bytes; a shorter text says too little */
#define WINDOW 960
#define WINDOWS 4
#define MOST_SIGNS 64
#define LEAST_SHOUTED 9
#define PAGES 32

enum { LOWER = 1 << 14, UPPER = 1 << 13, UNSURE = 1 << 12, CASES = LOWER | UPPER | UNSURE };

static const int sizes[] = {25, 60, 120, 300};

/* The signs of characters up to U+FFFF, in pages of 64 of them; the first page is empty. */
typedef struct {
    uint8_t page[1024];
    uint16_t signs[PAGES][64];
    uint16_t ascii[128]; /* the same for ASCII, and the case of its letters */
    int pages;
    char letters[13]; /* the letter of each sign; the last but one is a link's, the last one that of capitals */
} seeing;

static int learn_sign(seeing *with, uint32_t code, unsigned sign) {
    if (code > 0xFFFF || sign >= UNSURE) return -1;
    if (code < 128) return with->ascii[code] |= (uint16_t)sign, 0;
    if (!with->page[code >> 6]) {
        if (with->pages == PAGES - 1) return -1;
        with->page[code >> 6] = (uint8_t)++with->pages;
    }
    with->signs[with->page[code >> 6]][code & 63] |= (uint16_t)sign;
    return 0;
}

static void learn_case(seeing *with) {
    for (int letter = 'a'; letter <= 'z'; letter++) with->ascii[letter] |= LOWER;
    for (int letter = 'A'; letter <= 'Z'; letter++) with->ascii[letter] |= UPPER;
}

/* The case of a character beyond ASCII, where that is plain: small Cyrillic letters, scripts without case, and
 * the signs between words. */
static inline unsigned case_of(const uint8_t *at) {
    if (at[0] == 0xD0) return at[1] >= 0xB0 ? LOWER : UNSURE;
    if (at[0] == 0xD1) return at[1] <= 0x9F ? LOWER : UNSURE;
    if (at[0] < 0xD7) return UNSURE;
    if (at[0] <= 0xE0 || (at[0] >= 0xE3 && at[0] <= 0xEE && at[0] != 0xEA)) return 0;
    if (at[0] == 0xE2) return at[1] == 0x80 ? 0 : UNSURE;
    return at[0] == 0xEF && at[1] == 0xBC && at[2] <= 0xA0 ? 0 : UNSURE;
}

/* The signs of a text's first characters, and what is known of their case. */
static unsigned signs_of(const seeing *with, const uint8_t *at, const uint8_t *end) {
    unsigned found = 0;
    for (int left = SEEN; at < end && left; left--) {
        if (*at < 0x80) {
            found |= with->ascii[*at++];
            continue;
        }
        found |= case_of(at);
        if (*at < 0xE0) {
            found |= with->signs[with->page[at[0] & 31]][at[1] & 63];
            at += 2;
        } else if (*at < 0xF0) {
            found |= with->signs[with->page[(at[0] & 15) << 6 | (at[1] & 63)]][at[2] & 63];
            at += 3;
        } else at += 4;
    }
    return found;
}

/* Writes the row of signs, the size of the text last. */
static int write_signs(const seeing *with, unsigned found, int64_t characters, uint8_t *out) {
    const uint8_t *first = out;
    int size = 0;
    for (int place = 0; with->letters[place]; place++)
        if (found >> place & 1) *out++ = ' ', *out++ = 2, *out++ = (uint8_t)with->letters[place];
    while (size < 4 && characters >= sizes[size]) size++;
    *out++ = ' ', *out++ = 2, *out++ = (uint8_t)('0' + size);
    return (int)(out - first);
}

/* Where a window ends: after a space, or before a character where there is no space. */
static int64_t border(const uint8_t *view, int64_t start, int64_t length) {
    int64_t most = start + WINDOW;
    if (most >= length) return length;
    for (int64_t at = most - 1; at > most - WINDOW / 4; at--)
        if (view[at] == ' ') return at + 1;
    while (most > start + 1 && (view[most] & 0xC0) == 0x80) most--;
    return most;
}

/* Where the window with a number begins and ends, after the one before; 0 where there is none. */
static int next_window(const uint8_t *view, int64_t length, int number, int64_t *start, int64_t *end) {
    if (number == 0) return *end = border(view, *start = 0, length), 1;
    if (*end == length || number == WINDOWS) return 0;
    *start = view[*end - 1] == ' ' ? *end - 1 : *end;
    if (number < WINDOWS - 1) return *end = border(view, *start, length), 1;
    if (length - *start > WINDOW) *start = length - WINDOW;
    while (*start < length && (view[*start] & 0xC0) == 0x80) ++*start;
    return *end = length, 1;
}

/* Copies a window, each digit as a zero. */
static void write_alike(const uint8_t *from, int64_t length, uint8_t *out) {
    for (int64_t at = 0; at < length; at++) out[at] = (uint8_t)(from[at] - '0') < 10 ? '0' : from[at];
}
