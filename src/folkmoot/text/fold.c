/* Folds a text as folding.py does in Python, only sooner. C11 over the stable interface of Python 3.11. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

#include "signs.h"

#define LAST 0x2FA20   /* from here on a character is known by its range */
#define LONGEST 60     /* bytes that a character becomes at most */
#define ITSELF 1       /* what a character becomes, where it is not so many bytes from a place of the pool */
#define AROUND 2       /* itself between spaces */
#define SMALL 8192     /* bytes of a text for which no memory is asked */

static uint32_t becomes[LAST]; /* 64 times the place in the pool, and the length; 0 where the range tells */
static uint8_t *pool;
static size_t widest = 2; /* how many times as many bytes a character may become */

static inline int within(uint32_t code, uint32_t first, uint32_t last) { return code >= first && code <= last; }

/* What a character becomes that no table has: ITSELF, AROUND, 0 for nothing, else a space. */
static inline int by_range(uint32_t code) {
    if (within(code, 0x3400, 0x4DBF) || within(code, 0x4E00, 0x9FFF) || within(code, 0x20000, 0x3FFFF)) return AROUND;
    if (within(code, 0xAC00, 0xD7A3)) return ITSELF;
    return within(code, 0xE0000, 0xE0FFF) ? 0 : ' ';
}

/* Reads a character; the text is well-formed UTF-8. */
static inline uint32_t read_code(const uint8_t *at, int *length) {
    if (at[0] < 0x80) return *length = 1, at[0];
    if (at[0] < 0xE0) return *length = 2, (uint32_t)(at[0] & 31) << 6 | (at[1] & 63);
    if (at[0] < 0xF0) return *length = 3, (uint32_t)(at[0] & 15) << 12 | (uint32_t)(at[1] & 63) << 6 | (at[2] & 63);
    return *length = 4, (uint32_t)(at[0] & 7) << 18 | (uint32_t)(at[1] & 63) << 12 | (uint32_t)(at[2] & 63) << 6 | (at[3] & 63);
}

static inline uint8_t *put(uint8_t *out, const uint8_t *bytes, int length) {
    for (int byte = 0; byte < length; byte++) out[byte] = bytes[byte];
    return out + length;
}

/* Writes what the character that begins here becomes; returns where that ends, and its own length. */
static inline uint8_t *letter(const uint8_t *at, int *length, uint8_t *out) {
    if (*at < 0x80) {
        *length = 1;
        *out = *at + (uint8_t)((uint8_t)(*at - 'A') < 26 ? 32 : 0);
        return out + 1;
    }
    uint32_t code = read_code(at, length), found = code < LAST ? becomes[code] : 0;
    if (found & ~63u) return put(out, pool + (found >> 6) - 1, (int)(found & 63));
    int how = found ? (int)found : by_range(code);
    if (how == ITSELF) return put(out, at, *length);
    if (how) *out++ = ' ';
    if (how != AROUND) return out;
    out = put(out, at, *length);
    *out++ = ' ';
    return out;
}

/* Words between single spaces; returns how many bytes. */
static Py_ssize_t separate(const uint8_t *text, const uint8_t *end, uint8_t *out) {
    uint8_t *first = out;
    *out++ = ' ';
    for (; text < end; text++) {
        int in_word = is(*text, WORD | CAPITAL) != 0;
        *out = in_word ? *text : ' ';
        out += in_word | (out[-1] != ' ');
    }
    if (out[-1] != ' ' || out == first + 1) *out++ = ' ';
    return out - first;
}

/* The text, letter by letter, with room around it. */
typedef struct {
    uint8_t *kept, *text, *end;
    uint8_t small[SMALL];
} lettered;

static int read_letters(lettered *made, const char *from, Py_ssize_t length) {
    size_t most = (size_t)length * widest + LONGEST + 2 * ROOM;
    made->kept = most > SMALL ? malloc(most) : made->small;
    if (!made->kept) return PyErr_NoMemory(), -1;
    memset(made->kept, 0, ROOM);
    const uint8_t *at = (const uint8_t *)from, *last = at + length;
    uint8_t *out = made->text = made->kept + ROOM;
    for (int size; at < last; at += size) out = letter(at, &size, out);
    memset(out, 0, ROOM);
    made->end = out;
    return 0;
}

static void forget(lettered *made) {
    if (made->kept != made->small) free(made->kept);
}

/* The view of a text, and its letters where they may have any sign, else None; None for half characters. */
static PyObject *fold(PyObject *self, PyObject *text) {
    lettered made;
    Py_ssize_t length;
    const char *from = PyUnicode_AsUTF8AndSize(text, &length);
    (void)self;
    if (!from) {
        if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return PyErr_Clear(), Py_NewRef(Py_None);
        return NULL;
    }
    if (read_letters(&made, from, length)) return NULL;
    uint8_t separated[SMALL];
    Py_ssize_t most = made.end - made.text + 2, size;
    uint8_t *view = most > SMALL ? malloc((size_t)most) : separated;
    PyObject *found = NULL;
    if (!view) PyErr_NoMemory();
    else {
        size = separate(made.text, made.end, view);
        if (suspicious(made.text, made.end)) found = Py_BuildValue("y#y#", view, size, made.text, most - 2);
        else found = Py_BuildValue("y#O", view, size, Py_None);
    }
    if (view != separated) free(view);
    forget(&made);
    return found;
}

/* The words of a text that is lettered already, between single spaces. */
static PyObject *words(PyObject *self, PyObject *text) {
    uint8_t small[SMALL];
    Py_ssize_t length;
    const char *from = PyUnicode_AsUTF8AndSize(text, &length);
    (void)self;
    if (!from) return NULL;
    uint8_t *view = length + 2 > SMALL ? malloc((size_t)length + 2) : small;
    if (!view) return PyErr_NoMemory();
    const uint8_t *first = (const uint8_t *)from;
    PyObject *found = PyBytes_FromStringAndSize((char *)view, separate(first, first + length, view));
    if (view != small) free(view);
    return found;
}

static int add(PyObject *list, Py_ssize_t number) {
    PyObject *made = PyLong_FromSsize_t(number);
    int failed = !made || PyList_Append(list, made);
    Py_XDECREF(made);
    return failed;
}

/* Adds the place of each character that one character leaves in the view. */
static int add_places(PyObject *list, const uint8_t *at, const uint8_t *end, Py_ssize_t place, int *gap) {
    for (; at < end; at++) {
        int in_word = is(*at, WORD | CAPITAL) != 0;
        if ((*at & 0xC0) == 0x80 || (!in_word && *gap)) continue;
        if (add(list, place)) return -1;
        *gap = !in_word;
    }
    return 0;
}

/* For each character of the view of a text the place of the one that it came from. */
static PyObject *places(PyObject *self, PyObject *text) {
    Py_ssize_t length, place = 0;
    const char *from = PyUnicode_AsUTF8AndSize(text, &length);
    (void)self;
    if (!from) return NULL;
    const uint8_t *at = (const uint8_t *)from, *last = at + length;
    uint8_t out[LONGEST + 4];
    int gap = 1, size, failed;
    PyObject *list = PyList_New(0);
    if (!list) return NULL;
    for (failed = add(list, 0); !failed && at < last; at += size) {
        const uint8_t *end = letter(at, &size, out);
        failed = add_places(list, out, end, place++, &gap);
    }
    if (!failed && !gap) failed = add(list, place);
    if (failed) Py_CLEAR(list);
    return list;
}

/* Takes what one character becomes into the table. */
static int learn(uint32_t code, PyObject *made, size_t *used) {
    Py_ssize_t length;
    const char *bytes = PyUnicode_AsUTF8AndSize(made, &length);
    if (!bytes) return -1;
    if (code >= LAST || length > LONGEST) return PyErr_SetString(PyExc_ValueError, "No such character."), -1;
    size_t own = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (((size_t)length + own - 1) / own > widest) widest = ((size_t)length + own - 1) / own;
    put(pool + *used, (const uint8_t *)bytes, (int)length);
    becomes[code] = (uint32_t)(*used + 1) << 6 | (uint32_t)length;
    *used += (size_t)length;
    return 0;
}

/* Takes the table of letters, and the pairs of letters that make no word. */
static PyObject *ready(PyObject *self, PyObject *given) {
    PyObject *letters, *code, *made;
    const char *pairs;
    Py_ssize_t length, place = 0;
    size_t used = 0;
    int one, other;
    (void)self;
    if (!PyArg_ParseTuple(given, "O!s#", &PyDict_Type, &letters, &pairs, &length)) return NULL;
    free(pool);
    if (!(pool = malloc((size_t)PyDict_Size(letters) * LONGEST + 1))) return PyErr_NoMemory();
    while (PyDict_Next(letters, &place, &code, &made))
        if (learn((uint32_t)PyLong_AsUnsignedLong(code), made, &used)) return NULL;
    const uint8_t *at = (const uint8_t *)pairs, *end = at + length;
    while (at < end) {
        int first = size_of(at), second = first ? size_of(at + first) : 0;
        if (!second || (one = place_of(at)) < 0 || (other = place_of(at + first)) < 0) break;
        odd[one][other] = 1;
        at += first + second;
    }
    return Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {{"fold", fold, METH_O, "The view of a text, and its letters where they may have a sign."},
                                {"words", words, METH_O, "The words of a text that is lettered, between single spaces."},
                                {"places", places, METH_O, "For each character of the view, where it came from."},
                                {"ready", ready, METH_VARARGS, "Take the table of letters, and pairs that make no word."},
                                {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fold", "Folds texts.", -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__fold(void) {
    ready_signs();
    return PyModule_Create(&module);
}
