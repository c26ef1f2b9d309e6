/* The sketch of a text, as prints.py makes it, only sooner. C11 over the stable interface of Python 3.11. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define LEAST_LETTERS 24
#define LEAST_WORDS 5
#define SIZE 8

static uint32_t table[256];

/* CRC-32 as zlib has it, going on from an earlier one. */
static inline uint32_t crc(uint32_t from, const unsigned char *text, Py_ssize_t length) {
    uint32_t value = ~from;
    for (Py_ssize_t at = 0; at < length; at++) value = table[(value ^ text[at]) & 255] ^ (value >> 8);
    return ~value;
}

static inline int is_space(unsigned char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

/* How much text a word is: its length, much for a character that is a word, nothing for an emoji. */
static inline Py_ssize_t weight(const unsigned char *word, Py_ssize_t length) {
    if (length > 4 || word[0] < 0xE0) return length;
    return word[0] == 0xE2 || word[0] == 0xF0 ? 0 : 8;
}

/* Keeps the smallest numbers, each once, in order. */
static inline int keep(uint32_t *smallest, int count, uint32_t number) {
    int place = count;
    while (place && smallest[place - 1] > number) place--;
    if (place == SIZE || (place && smallest[place - 1] == number)) return count;
    if (count < SIZE) count++;
    memmove(smallest + place + 1, smallest + place, (size_t)(count - 1 - place) * sizeof *smallest);
    smallest[place] = number;
    return count;
}

static PyObject *sketch(PyObject *self, PyObject *view) {
    char *bytes;
    Py_ssize_t length, at = 0, words = 0, letters = 0, weighed = 0;
    uint32_t smallest[SIZE], last = 0;
    int count = 0, pictures = 0;
    (void)self;
    if (PyBytes_AsStringAndSize(view, &bytes, &length)) return NULL;
    const unsigned char *text = (const unsigned char *)bytes;
    while (at < length) {
        while (at < length && is_space(text[at])) at++;
        if (at == length) break;
        const unsigned char *word = text + at;
        while (at < length && !is_space(text[at])) at++;
        Py_ssize_t size = text + at - word;
        if (words++) count = keep(smallest, count, crc(last, word, size));
        last = crc(0, word, size);
        pictures |= word > text && word[-1] == ' ' && (word[0] == 0xE2 || word[0] == 0xF0);
        weighed += weight(word, size);
    }
    letters = length - words - 1;
    if (length < LEAST_LETTERS || words < LEAST_WORDS) return PyBytes_FromStringAndSize(NULL, 0);
    if ((pictures || letters < LEAST_LETTERS) && weighed < LEAST_LETTERS) return PyBytes_FromStringAndSize(NULL, 0);
    unsigned char packed[4 * SIZE];
    for (int place = 0; place < count; place++)
        for (int byte = 0; byte < 4; byte++) packed[4 * place + byte] = (unsigned char)(smallest[place] >> 8 * byte);
    return PyBytes_FromStringAndSize((char *)packed, 4 * count);
}

static PyMethodDef methods[] = {{"sketch", sketch, METH_O, "The sketch of a view; empty where it is too short."},
                                {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_sketch", "Sketches of texts.", -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__sketch(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
        table[byte] = value;
    }
    return PyModule_Create(&module);
}
