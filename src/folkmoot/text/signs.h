/* Whether a text may have any sign of a trick, a link or a secret that looks.py looks for: what has none here
 * has none there, so that most texts need not be looked at again. A text has room before and after it. */
#include <stdint.h>
#include <string.h>

#define ROOM 16 /* zero bytes on each side of a text, so that one may look back and ahead */

enum { LATIN = 1, DIGIT = 2, HIGH = 4, DRESS = 8, ONE = 16, BREAK = 32, WATCHED = 64, CAPITAL = 128 };
#define LETTER (LATIN | HIGH)
#define WORD (LATIN | DIGIT | HIGH)

static uint8_t kinds[256];   /* what each byte is */
static uint8_t odd[74][74];  /* for each two letters whether they make no word: Latin, then Cyrillic ones */

static inline int is(uint8_t byte, int kind) { return kinds[byte] & kind; }

static void mark(const char *bytes, int kind) {
    for (; *bytes; bytes++) kinds[(uint8_t)*bytes] |= (uint8_t)kind;
}

static void ready_signs(void) {
    for (int byte = 0; byte < 256; byte++) kinds[byte] = byte < 128 ? 0 : HIGH;
    mark("abcdefghijklmnopqrstuvwxyz", LATIN);
    mark("0123456789", DIGIT | DRESS);
    mark("@$!|(+`", DRESS);         /* they stand for letters */
    mark("0134579$", ONE);          /* so does one of these at the end of a word */
    mark(".*_~^-", BREAK);          /* they break words */
    mark("dpkxzj.*_~^-:|$", WATCHED);
    mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", CAPITAL);
}

/* How many bytes a picture has that begins here; 0 where none does. */
static inline int picture(const uint8_t *at) {
    if (at[0] == 0xE2) return 3;
    return at[0] == 0xF0 && at[1] == 0x9F ? 4 : 0;
}

/* Whether a letter behind digits or signs makes them letters too. */
static int dressed(const uint8_t *at) {
    const uint8_t *first = at - 1;
    int bought = 0;
    while (is(*first, DRESS)) bought |= *first == '@' || *first == '$', first--;
    if (is(*first, LETTER)) return 1;
    if (bought && at - first > 2) return 1;
    if (strchr("@$+`", at[-1]) && is(at[1], LETTER)) return 1;
    return is(at[-1], DIGIT | ONE) && is(at[0], LATIN) && is(at[1], LATIN);
}

/* Whether a sign stands in a word one half of which is short. */
static int broken(const uint8_t *at) {
    if (!is(at[-1], LETTER) || !is(at[1], LETTER)) return 0;
    int before = 1, after = 1;
    while (before < 5 && is(at[-1 - before], LETTER)) before++;
    while (after < 5 && is(at[1 + after], LETTER)) after++;
    return before < 5 || after < 5;
}

/* Whether a point may be one of a link's. */
static int pointing(const uint8_t *at) {
    if ((is(at[-1], WORD) || at[-1] == ')' || at[-1] == ']') && is(at[1], LETTER) && is(at[2], LETTER)) return 1;
    uint8_t before = at[-1] == ' ' || (at[-1] >= '\t' && at[-1] <= '\r') ? at[-2] : at[-1];
    return before == '[' || before == '(' || before == '{' || before == '<';
}

static inline int alone(const uint8_t *at, const char *word, int length) {
    return !is(at[-1], LATIN) && !is(at[length], LATIN) && !memcmp(at, word, (size_t)length);
}

/* Whether a byte that is watched for is part of something. */
static int watched(const uint8_t *at) {
    switch (*at) {
    case 'd': return alone(at, "dot", 3) || alone(at, "d0t", 3);
    case 'p': return alone(at, "punkt", 5) || alone(at, "punto", 5) || alone(at, "ponto", 5);
    case 'k': return (at[-1] == 'a' && at[1] == 'i' && at[2] == 'a') || (at[-1] == ' ' && at[-2] == 'e' && at[1] == 'e' && at[2] == 'y');
    case 'x': return at[-1] == 'a' && at[-2] == 'd' && at[1] == 'k';
    case 'z': return at[-1] == 'i' && at[-2] == 'a' && at[1] == 'a';
    case 'j': return at[-1] == 'y' && at[-2] == 'e';
    case ':': return at[1] == '/' && at[2] == '/';
    case '|': return at[-1] == '|' || at[-1] == '!';
    case '$': return is(at[-1], LATIN) && is(at[-2], LATIN);
    case '_': return 1;
    case '.': return pointing(at) || broken(at);
    case '-': return broken(at) || !memcmp(at - 5, "glpat", 5) || !memcmp(at - 4, "xox", 3) || !memcmp(at - 4, "pypi", 4);
    default: return broken(at);
    }
}

/* Whether a Latin letter or a digit repeats those before it, or is one that stands for a letter. */
static inline int repeated(const uint8_t *at) {
    if (is(*at, ONE)) return is(at[-1], LATIN) && is(at[-2], LATIN);
    if (*at != at[-1] || !is(*at, LATIN)) return 0;
    return at[-2] == *at || (at[-2] == at[-3] && at[-4] == at[-5] && is(at[-2], LATIN) && is(at[-4], LATIN));
}

/* The same for a letter of two bytes. */
static inline int repeated_wide(const uint8_t *at) {
    if (memcmp(at, at - 2, 2)) return 0;
    return !memcmp(at, at - 4, 2) || (!memcmp(at - 4, at - 6, 2) && !memcmp(at - 8, at - 10, 2));
}

/* What is known of a text so far. */
typedef struct {
    int latin, other, pictured, singles, shorts;
    const uint8_t *last; /* where the last word ended */
} sight;

/* Whether a letter beyond ASCII is a sign by itself; notes letters that pass for Latin ones. */
static inline int strange(sight *seen, const uint8_t *at) {
    if (at[0] < 0xE0) {
        seen->other |= at[0] >= 0xCD && at[0] <= 0xD6;
        return repeated_wide(at) || (at[0] == 0xD1 && at[1] == 0x82 && !memcmp(at, "\xd1\x82\xd0\xbe\xd1\x87\xd0\xba\xd0\xb0", 10));
    }
    if (at[0] == 0xE1) {
        seen->other |= (at[1] >= 0x8E && at[1] <= 0x9B) || at[1] == 0xA5;
        return at[1] == 0x8F || (at[1] == 0x8E && at[2] >= 0xA0);
    }
    if (at[0] == 0xE2) {
        seen->other |= at[1] >= 0xB2 && at[1] <= 0xB5;
        return at[1] == 0xB2 || at[1] == 0xB3;
    }
    seen->other |= at[0] == 0xEA && at[1] == 0x93;
    return at[0] == 0xEA && at[1] == 0x93 && at[2] >= 0x90;
}

/* The place of a letter among those of which short words are known; -1 for others. */
static inline int place_of(const uint8_t *at) {
    if (is(*at, LATIN)) return *at - 'a';
    int code = (at[0] & 0x1F) << 6 | (at[1] & 0x3F);
    return (at[0] & 0xE0) == 0xC0 && code >= 0x430 && code < 0x460 ? code - 0x430 + 26 : -1;
}

static inline int size_of(const uint8_t *at) { return is(*at, LATIN) ? 1 : at[0] >= 0xC3 && at[0] < 0xE0 ? 2 : 0; }

/* Whether short words in a row are a sign, with this one; a word of more than four bytes is not short. */
static int shredded(sight *seen, const uint8_t *word, const uint8_t *end) {
    int first = size_of(word), second = first ? size_of(word + first) : 0;
    long length = end - word;
    int single = length == (first ? first : 1) && is(*word, LATIN | DIGIT | HIGH);
    int is_short = first && (length == first || (second && length == first + second));
    seen->singles = single && (first || seen->singles) ? seen->singles + 1 : 0;
    seen->shorts = is_short ? (word - seen->last == 1 ? seen->shorts : 0) + 1 : 0;
    if (seen->singles >= 3 || seen->shorts >= 6) return 1;
    if (!is_short || length == first) return 0;
    int one = place_of(word), other = place_of(word + first);
    return one >= 0 && other >= 0 && odd[one][other];
}

/* Reads a word to its end; NULL where something in it is a sign. */
static const uint8_t *read_word(sight *seen, const uint8_t *word) {
    const uint8_t *at = word;
    while (is(*at, WORD) && !picture(at)) {
        if (is(*at, LETTER) && is(at[-1], DRESS) && dressed(at)) return NULL;
        if (is(*at, LATIN | DIGIT)) {
            seen->latin |= is(*at, LATIN);
            if ((is(*at, WATCHED) && watched(at)) || repeated(at)) return NULL;
            at++;
            continue;
        }
        if (strange(seen, at)) return NULL;
        at++;
        while ((*at & 0xC0) == 0x80) at++;
    }
    if (at - word > 4) seen->singles = seen->shorts = 0;
    else if (shredded(seen, word, at)) return NULL;
    return seen->last = at;
}

/* Whether a text may have any sign; its last byte but the room is before `end`. */
static int suspicious(const uint8_t *text, const uint8_t *end) {
    sight seen = {0};
    const uint8_t *at = text;
    int any = 0, wide;
    while (at < end) {
        if (!is(*at, WORD)) {
            if (is(*at, CAPITAL) || (is(*at, WATCHED) && watched(at))) return 1;
            at++;
        } else if ((wide = picture(at))) {
            if (strange(&seen, at)) return 1;
            seen.pictured |= any;
            any = 1;
            at += wide;
        } else {
            if (seen.pictured) return 1;
            any = 1;
            if (!(at = read_word(&seen, at))) return 1;
        }
    }
    return seen.latin && seen.other;
}
