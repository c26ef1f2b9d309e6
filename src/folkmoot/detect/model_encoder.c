/* What a text means, as 512 numbers: the sums of the universal sentence encoder, for one text at a time. Weights are
 * whole numbers of eight bits, what they meet is rounded to whole numbers, and every other sum is made in one order:
 * every machine gives the same. C99, no allocation; docs/developers/models.md tells what is computed. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WIDE_CORES 1
#endif
#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 16")
#else
#define INLINE static inline
#define UNROLLED
#endif

#define MOST 162     /* pieces in one text, with its beginning and its end */
#define BRANCHES 3   /* which look at two, three and five pieces at a time */
#define WIDE 256     /* numbers of a piece in a branch */
#define PLAIN 512    /* numbers of a piece as it stands in the table */
#define NARROW (BRANCHES * WIDE)
#define SEEN (PLAIN + NARROW)
#define GIVEN (10 * WIDE)  /* what a piece gives to each place of each window that it is in */
#define KEPT (NARROW + GIVEN)
#define ROOM 4096          /* pieces of which that is kept */
#define PIECES 128010
#define CHUNKS 17          /* the table is in so many parts, each with its own step */
#define FINEST 8191        /* 1280 products of this and 127 fit into 32 bits */
#define LANES 16
#define AT_ONCE 16 /* pieces that are worked out together */

static const int windows[BRANCHES] = {2, 3, 5}, before[BRANCHES] = {0, 1, 2};

typedef struct {
    const int8_t *rows; /* for sixteen outputs at a time: two inputs of each output side by side */
    const float *steps; /* what a whole number of each output stands for */
    int32_t inputs, outputs;
} folkmoot_sums;

typedef struct {
    const uint8_t *table; /* PIECES rows, part by part */
    const float *steps, *least, *project_least, *project_bias, *gain, *base, *first_bias, *second_bias;
    const float *last_gain, *last_base, *whole_bias;
    folkmoot_sums project, first[BRANCHES], second[BRANCHES], whole, inner, deep, outer, end;
    float tiny;
    int32_t level; /* 0: any machine; 1: AVX2; 2: AVX-512 with VNNI */
} folkmoot_encoder;

/* What changes while texts are read: one caller at a time. It starts as zeros. */
typedef struct {
    int32_t places[PIECES], owners[ROOM], next; /* each one more; 0: nowhere */
    uint8_t used[ROOM];
    uint32_t turn, turns[ROOM]; /* in which text a piece was last seen */
    float kept_steps[ROOM][2 * BRANCHES];
    int16_t kept[ROOM][KEPT];
    float once[BRANCHES][MOST][WIDE], narrow[MOST][NARROW], plain[MOST][PLAIN], twice[BRANCHES][MOST][WIDE];
    int16_t whole[(MOST + 4) * WIDE], rows[AT_ONCE][PLAIN];
    int32_t sums[MOST * WIDE];
    float given[GIVEN / 2];
} folkmoot_state;

typedef void (*multiplying)(const int16_t *, int, int, const folkmoot_sums *, int32_t *);

/* Whole sums of `count` rows, each `stride` after the one before, with every output's weights. */
static void multiply_plain(const int16_t *rows, int stride, int count, const folkmoot_sums *by, int32_t *out) {
    int pairs = by->inputs / 2, width = by->outputs;
    for (int first = 0; first < width; first += LANES)
        for (int row = 0; row < count; row++) {
            const int8_t *weights = by->rows + (int64_t)first * by->inputs;
            const int16_t *in = rows + (int64_t)row * stride;
            int32_t sums[LANES] = {0};
            for (int pair = 0; pair < pairs; pair++, weights += 2 * LANES)
                for (int lane = 0; lane < LANES; lane++)
                    sums[lane] += in[2 * pair] * weights[2 * lane] + in[2 * pair + 1] * weights[2 * lane + 1];
            memcpy(out + (int64_t)row * width + first, sums, sizeof sums);
        }
}

#ifdef WIDE_CORES
#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))

INLINE int32_t pair_at(const int16_t *in) {
    int32_t both;
    memcpy(&both, in, sizeof both);
    return both;
}

INLINE AVX2 void part_avx2(const int16_t *rows, int stride, const int8_t *weights, int pairs, int32_t *out, int width,
                           const int count) {
    __m256i low[6], high[6];
    UNROLLED for (int row = 0; row < count; row++) low[row] = high[row] = _mm256_setzero_si256();
    for (int pair = 0; pair < pairs; pair++, weights += 32) {
        __m256i one = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)weights));
        __m256i two = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(weights + 16)));
        UNROLLED for (int row = 0; row < count; row++) {
            __m256i both = _mm256_set1_epi32(pair_at(rows + (int64_t)row * stride + 2 * pair));
            low[row] = _mm256_add_epi32(low[row], _mm256_madd_epi16(one, both));
            high[row] = _mm256_add_epi32(high[row], _mm256_madd_epi16(two, both));
        }
    }
    UNROLLED for (int row = 0; row < count; row++) {
        _mm256_storeu_si256((__m256i *)(out + (int64_t)row * width), low[row]);
        _mm256_storeu_si256((__m256i *)(out + (int64_t)row * width + 8), high[row]);
    }
}

static AVX2 void multiply_avx2(const int16_t *rows, int stride, int count, const folkmoot_sums *by, int32_t *out) {
    int pairs = by->inputs / 2, width = by->outputs;
    for (int first = 0; first < width; first += LANES) {
        const int8_t *weights = by->rows + (int64_t)first * by->inputs;
        int row = 0;
        for (; row + 6 <= count; row += 6)
            part_avx2(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 6);
        for (; row + 4 <= count; row += 4)
            part_avx2(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 4);
        for (; row + 2 <= count; row += 2)
            part_avx2(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 2);
        if (row < count)
            part_avx2(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 1);
    }
}

INLINE AVX512 void part_avx512(const int16_t *rows, int stride, const int8_t *weights, int pairs, int32_t *out,
                               int width, const int count, const int blocks) {
    __m512i sums[16], wide[4];
    UNROLLED for (int each = 0; each < count * blocks; each++) sums[each] = _mm512_setzero_si512();
    for (int pair = 0; pair < pairs; pair++, weights += 32) {
        UNROLLED for (int block = 0; block < blocks; block++)
            wide[block] = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(weights + (int64_t)block * 32 * pairs)));
        UNROLLED for (int row = 0; row < count; row++) {
            __m512i both = _mm512_set1_epi32(pair_at(rows + (int64_t)row * stride + 2 * pair));
            UNROLLED for (int block = 0; block < blocks; block++)
                sums[row * blocks + block] = _mm512_dpwssd_epi32(sums[row * blocks + block], wide[block], both);
        }
    }
    UNROLLED for (int row = 0; row < count; row++)
        UNROLLED for (int block = 0; block < blocks; block++)
            _mm512_storeu_si512(out + (int64_t)row * width + LANES * block, sums[row * blocks + block]);
}

static AVX512 void multiply_avx512(const int16_t *rows, int stride, int count, const folkmoot_sums *by, int32_t *out) {
    int pairs = by->inputs / 2, width = by->outputs;
    for (int first = 0; count == 1 && first < width; first += 4 * LANES)
        part_avx512(rows, stride, by->rows + (int64_t)first * by->inputs, pairs, out + first, width, 1, 4);
    for (int first = 0; count > 1 && first < width; first += 2 * LANES) {
        const int8_t *weights = by->rows + (int64_t)first * by->inputs;
        int row = 0;
        for (; row + 8 <= count; row += 8)
            part_avx512(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 8, 2);
        for (; row + 4 <= count; row += 4)
            part_avx512(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 4, 2);
        for (; row + 2 <= count; row += 2)
            part_avx512(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 2, 2);
        if (row < count)
            part_avx512(rows + (int64_t)row * stride, stride, weights, pairs, out + (int64_t)row * width + first, width, 1, 2);
    }
}
#endif

/* Sums in sixteen lanes, then the lanes in turn: `size` is a multiple of sixteen. */
INLINE float total(const float *of, int size) {
    float lanes[LANES] = {0}, sum = 0;
    for (int at = 0; at < size; at += LANES)
        for (int lane = 0; lane < LANES; lane++) lanes[lane] += of[at + lane];
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    return sum;
}

INLINE float squares(const float *of, float middle, int size) {
    float lanes[LANES] = {0}, sum = 0;
    for (int at = 0; at < size; at += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            float far = of[at + lane] - middle;
            lanes[lane] += far * far;
        }
    for (int lane = 0; lane < LANES; lane++) sum += lanes[lane];
    return sum;
}

INLINE float largest(const float *of, int size) {
    float lanes[LANES] = {0}, most = 0;
    for (int at = 0; at < size; at += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            float value = of[at + lane] < 0 ? -of[at + lane] : of[at + lane];
            lanes[lane] = value > lanes[lane] ? value : lanes[lane];
        }
    for (int lane = 0; lane < LANES; lane++) most = lanes[lane] > most ? lanes[lane] : most;
    return most;
}

/* Whole numbers for numbers, `parts` for the largest; what one of them stands for. */
INLINE float rounded(const float *of, int size, int parts, float most, int16_t *out) {
    if (!(most > 0)) {
        memset(out, 0, (size_t)size * sizeof *out);
        return 0;
    }
    float by = (float)parts / most;
    for (int at = 0; at < size; at++) {
        float value = of[at] * by;
        out[at] = (int16_t)(int32_t)(value < 0 ? value - 0.5f : value + 0.5f);
    }
    return most / (float)parts;
}

static inline const uint8_t *row_of(const folkmoot_encoder *with, int piece) {
    return with->table + ((int64_t)(piece % CHUNKS) * (PIECES / CHUNKS) + piece / CHUNKS) * PLAIN;
}

/* What a piece is in all branches, from whole sums. */
INLINE void project(const folkmoot_encoder *with, const int32_t *sums, int chunk, float *narrow) {
    for (int at = 0; at < NARROW; at++)
        narrow[at] = (float)sums[at] * with->project.steps[at] * with->steps[chunk] +
                     with->least[chunk] * with->project_least[at] + with->project_bias[at];
    float middle = total(narrow, NARROW) / NARROW;
    float spread = 1.0f / sqrtf(squares(narrow, middle, NARROW) / NARROW + with->tiny);
    for (int at = 0; at < NARROW; at++) narrow[at] = (narrow[at] - middle) * spread * with->gain[at] + with->base[at];
}

/* What some pieces are in each branch, and what they give to their neighbours there, whatever they are. */
INLINE void work_out(const folkmoot_encoder *with, folkmoot_state *state, const int32_t *places, int count,
                     multiplying multiply) {
    for (int each = 0; each < count; each++) {
        const uint8_t *row = row_of(with, state->owners[places[each]] - 1);
        for (int at = 0; at < PLAIN; at++) state->rows[each][at] = row[at];
    }
    multiply(state->rows[0], PLAIN, count, &with->project, state->sums);
    for (int each = 0; each < count; each++) {
        float narrow[NARROW];
        int place = places[each];
        project(with, state->sums + each * NARROW, (state->owners[place] - 1) % CHUNKS, narrow);
        for (int branch = 0; branch < BRANCHES; branch++) {
            const float *own = narrow + branch * WIDE;
            state->kept_steps[place][2 * branch] =
                rounded(own, WIDE, FINEST, largest(own, WIDE), state->kept[place] + branch * WIDE);
        }
    }
    for (int branch = 0, start = NARROW; branch < BRANCHES; start += windows[branch++] * WIDE) {
        const folkmoot_sums *by = &with->first[branch];
        int width = windows[branch] * WIDE;
        for (int each = 0; each < count; each++)
            memcpy(state->rows[each], state->kept[places[each]] + branch * WIDE, WIDE * sizeof(int16_t));
        multiply(state->rows[0], PLAIN, count, by, state->sums);
        for (int each = 0; each < count; each++) {
            float *steps = state->kept_steps[places[each]] + 2 * branch, *given = state->given;
            for (int at = 0; at < width; at++) given[at] = (float)state->sums[each * width + at] * steps[0] * by->steps[at];
            steps[1] = rounded(given, width, 4 * FINEST, largest(given, width), state->kept[places[each]] + start);
        }
    }
}

/* Room for a new piece, where nothing was asked for lately, and not in this text. */
static int room_for(folkmoot_state *state, int piece) {
    while (state->used[state->next] || (state->owners[state->next] && state->turns[state->next] == state->turn)) {
        state->used[state->next] = 0;
        state->next = (state->next + 1) % ROOM;
    }
    int place = state->next;
    state->next = (place + 1) % ROOM;
    if (state->owners[place]) state->places[state->owners[place] - 1] = 0;
    state->owners[place] = piece + 1;
    state->places[piece] = place + 1;
    return place;
}

/* Has all pieces of a text kept: where. */
INLINE void find(const folkmoot_encoder *with, folkmoot_state *state, const int32_t *pieces, int count, int32_t *places,
                 multiplying multiply) {
    int32_t fresh[MOST];
    int found = 0;
    state->turn++;
    for (int at = 0; at < count; at++) {
        places[at] = state->places[pieces[at]] - 1;
        if (places[at] < 0) places[at] = fresh[found++] = room_for(state, pieces[at]);
        state->used[places[at]] = 1;
        state->turns[places[at]] = state->turn;
    }
    for (int first = 0; first < found; first += AT_ONCE)
        work_out(with, state, fresh + first, found - first < AT_ONCE ? found - first : AT_ONCE, multiply);
}

/* A piece goes to its own place and to those of its neighbours. */
INLINE void read_piece(const folkmoot_encoder *with, folkmoot_state *state, int place, int at, int count) {
    int piece = state->owners[place] - 1, chunk = piece % CHUNKS;
    const uint8_t *row = row_of(with, piece);
    const int16_t *kept = state->kept[place], *given = kept + NARROW;
    for (int each = 0; each < PLAIN; each++)
        state->plain[at][each] = (float)row[each] * with->steps[chunk] + with->least[chunk];
    for (int branch = 0; branch < BRANCHES; branch++) {
        float step = state->kept_steps[place][2 * branch], giving = state->kept_steps[place][2 * branch + 1];
        for (int each = 0; each < WIDE; each++)
            state->narrow[at][branch * WIDE + each] = (float)kept[branch * WIDE + each] * step;
        for (int slot = 0; slot < windows[branch]; slot++, given += WIDE) {
            int to = at + before[branch] - slot;
            if (to < 0 || to >= count) continue;
            float *sums = state->once[branch][to];
            for (int each = 0; each < WIDE; each++) sums[each] += (float)given[each] * giving;
        }
    }
}

/* Every window twice: what a branch makes of each place in the text. */
INLINE void look(const folkmoot_encoder *with, folkmoot_state *state, int branch, int count, multiplying multiply) {
    const folkmoot_sums *by = &with->second[branch];
    int16_t *whole = state->whole + before[branch] * WIDE;
    for (int at = 0; at < count; at++) {
        float *once = state->once[branch][at];
        for (int each = 0; each < WIDE; each++) {
            float sum = once[each] + with->first_bias[branch * WIDE + each];
            once[each] = (sum > 0 ? sum : 0) + state->narrow[at][branch * WIDE + each];
        }
    }
    float *once = state->once[branch][0];
    memset(state->whole, 0, (size_t)(before[branch] * WIDE) * sizeof *whole);
    memset(whole + count * WIDE, 0, (size_t)((windows[branch] - 1 - before[branch]) * WIDE) * sizeof *whole);
    float step = rounded(once, count * WIDE, FINEST, largest(once, count * WIDE), whole);
    multiply(state->whole, WIDE, count, by, state->sums);
    for (int at = 0; at < count; at++)
        for (int each = 0; each < WIDE; each++) {
            float sum = (float)state->sums[at * WIDE + each] * step * by->steps[each];
            sum += with->second_bias[branch * WIDE + each];
            state->twice[branch][at][each] = (sum > 0 ? sum : 0) + state->once[branch][at][each];
        }
}

/* Adds up all places, each with the same spread. */
INLINE void add_up(const folkmoot_encoder *with, folkmoot_state *state, int count, float *sums) {
    memset(sums, 0, SEEN * sizeof *sums);
    for (int at = 0; at < count; at++) {
        float middle = total(state->plain[at], PLAIN), spread;
        for (int branch = 0; branch < BRANCHES; branch++) middle += total(state->twice[branch][at], WIDE);
        middle /= SEEN;
        spread = squares(state->plain[at], middle, PLAIN);
        for (int branch = 0; branch < BRANCHES; branch++) spread += squares(state->twice[branch][at], middle, WIDE);
        spread = 1.0f / sqrtf(spread / SEEN + with->tiny);
        for (int each = 0; each < PLAIN; each++) sums[each] += (state->plain[at][each] - middle) * spread;
        for (int branch = 0; branch < BRANCHES; branch++)
            for (int each = 0; each < WIDE; each++)
                sums[PLAIN + branch * WIDE + each] += (state->twice[branch][at][each] - middle) * spread;
    }
    for (int each = 0; each < SEEN; each++) sums[each] = sums[each] * with->last_gain[each] + with->last_base[each] * (float)count;
}

/* One layer over the whole text. */
INLINE void layer(const folkmoot_sums *by, const float *in, float *out, folkmoot_state *state, multiplying multiply) {
    int16_t whole[SEEN];
    float step = rounded(in, by->inputs, FINEST, largest(in, by->inputs), whole);
    multiply(whole, 0, 1, by, state->sums);
    for (int at = 0; at < by->outputs; at++) out[at] = (float)state->sums[at] * step * by->steps[at];
}

INLINE void above_zero(float *all, int size) {
    for (int at = 0; at < size; at++) all[at] = all[at] > 0 ? all[at] : 0;
}

/* The hyperbolic tangent as a quotient of two polynomials, to a few millionths. */
INLINE float bent(float from) {
    float x = from > 7.9f ? 7.9f : from < -7.9f ? -7.9f : from, y = x * x;
    float over = -2.76076847742355e-16f;
    over = over * y + 2.00018790482477e-13f;
    over = over * y - 8.60467152213735e-11f;
    over = over * y + 5.12229709037114e-08f;
    over = over * y + 1.48572235717979e-05f;
    over = over * y + 6.37261928875436e-04f;
    over = over * y + 4.89352455891786e-03f;
    float under = 1.19825839466702e-06f;
    under = under * y + 1.18534705686654e-04f;
    under = under * y + 2.26843463243900e-03f;
    under = under * y + 4.89352518554385e-03f;
    return x * over / under;
}

INLINE int encode(const folkmoot_encoder *with, folkmoot_state *state, const int32_t *pieces, int count, float *out,
                  multiplying multiply) {
    float seen[SEEN], whole[PLAIN], inner[640], deep[320], outer[2 * PLAIN], end[PLAIN], root;
    int32_t places[MOST];
    if (count < 1 || count > MOST) return 1;
    for (int at = 0; at < count; at++)
        if (pieces[at] < 0 || pieces[at] >= PIECES) return 2;
    for (int branch = 0; branch < BRANCHES; branch++)
        memset(state->once[branch], 0, (size_t)count * sizeof state->once[branch][0]);
    find(with, state, pieces, count, places, multiply);
    for (int at = 0; at < count; at++) read_piece(with, state, places[at], at, count);
    for (int branch = 0; branch < BRANCHES; branch++) look(with, state, branch, count, multiply);
    add_up(with, state, count, seen);
    layer(&with->whole, seen, whole, state, multiply);
    root = sqrtf((float)count);
    for (int at = 0; at < PLAIN; at++) whole[at] = (whole[at] + with->whole_bias[at] * (float)count) / root;
    layer(&with->inner, whole, inner, state, multiply);
    above_zero(inner, 320);
    layer(&with->deep, inner, deep, state, multiply);
    for (int at = 0; at < 320; at++) deep[at] += inner[320 + at];
    above_zero(deep, 320);
    layer(&with->outer, deep, outer, state, multiply);
    above_zero(outer + PLAIN, PLAIN);
    layer(&with->end, outer + PLAIN, end, state, multiply);
    for (int at = 0; at < PLAIN; at++) out[at] = bent(outer[at] + end[at]);
    root = squares(out, 0, PLAIN);
    root = 1.0f / sqrtf(root > with->tiny ? root : with->tiny);
    for (int at = 0; at < PLAIN; at++) out[at] *= root;
    return 0;
}

#ifdef WIDE_CORES
static AVX2 int encode_avx2(const folkmoot_encoder *with, folkmoot_state *state, const int32_t *pieces, int count, float *out) {
    return encode(with, state, pieces, count, out, multiply_avx2);
}

static AVX512 int encode_avx512(const folkmoot_encoder *with, folkmoot_state *state, const int32_t *pieces, int count, float *out) {
    return encode(with, state, pieces, count, out, multiply_avx512);
}
#endif

/* The highest level that this machine has. */
int32_t folkmoot_encoder_level(void) {
#ifdef WIDE_CORES
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) return 0;
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") ? 2 : 1;
#else
    return 0;
#endif
}

/* How many bytes of zeros a state needs. */
int64_t folkmoot_encoder_state(void) { return (int64_t)sizeof(folkmoot_state); }

/* Fills `out` with the 512 numbers of a text, given by the numbers of its pieces; not 0: there are none, or too many,
 * or one is unknown. */
int32_t folkmoot_encode(const folkmoot_encoder *with, folkmoot_state *state, const int32_t *pieces, int32_t count, float *out) {
#ifdef WIDE_CORES
    if (with->level == 2) return encode_avx512(with, state, pieces, count, out);
    if (with->level == 1) return encode_avx2(with, state, pieces, count, out);
#endif
    return encode(with, state, pieces, count, out, multiply_plain);
}
