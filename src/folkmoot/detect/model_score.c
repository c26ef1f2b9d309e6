/* What small linear models say of a text: the same numbers as model_scorers.py gives, for a twentieth of the
 * time. docs/developers/models.md defines every step. C11 over the stable interface of Python 3.11; a scorer
 * keeps marks of its own while it reads a text, so it is for one thread at a time, as Python's lock sees to. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#define _DEFAULT_SOURCE
#include <Python.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "model_seen.h"
#include "model_sums.h"

#define HUGE (2u << 20)

typedef struct {
    PyObject_HEAD
    model with;
    seeing sees;
    uint8_t *kept;
    unsigned link, shouted; /* two of the signs */
    long link_look;
} scorer;

static PyObject *judged_name, *looks_name, *readings_name, *isupper_name;

/* Whether the part of a text that is looked at is in capitals, where its letters are not plain. */
static int shouts(PyObject *judged, Py_ssize_t characters) {
    PyObject *part = characters > SEEN ? PyUnicode_Substring(judged, 0, SEEN) : Py_NewRef(judged);
    PyObject *said = part ? PyObject_CallMethodObjArgs(part, isupper_name, NULL) : NULL;
    int shouted = said ? PyObject_IsTrue(said) : -1;
    Py_XDECREF(part);
    Py_XDECREF(said);
    return shouted;
}

/* Writes the row of a text's signs and returns how long it is; -1 where Python has an error. */
static int read_signs(const scorer *self, PyObject *judged, PyObject *looks, uint8_t *out) {
    Py_ssize_t length, characters = PyUnicode_GetLength(judged);
    PyObject *raw = NULL;
    const char *text = characters < 0 ? NULL : PyUnicode_AsUTF8AndSize(judged, &length);
    if (!text && characters >= 0 && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) { /* half characters */
        PyErr_Clear();
        raw = PyUnicode_AsEncodedString(judged, "utf-8", "surrogatepass");
        if (raw && PyBytes_AsStringAndSize(raw, (char **)&text, &length)) text = NULL;
    }
    if (!text) return Py_XDECREF(raw), -1;
    unsigned found = signs_of(&self->sees, (const uint8_t *)text, (const uint8_t *)text + length);
    Py_XDECREF(raw);
    int shouted = characters >= LEAST_SHOUTED && !(found & LOWER) && found & (UPPER | UNSURE);
    if (shouted && found & UNSURE && (shouted = shouts(judged, characters)) < 0) return -1;
    long looked = PyLong_AsLong(looks);
    if (looked == -1 && PyErr_Occurred()) return -1;
    found &= ~(unsigned)CASES;
    if (looked & self->link_look) found |= self->link;
    if (shouted) found |= self->shouted;
    return write_signs(&self->sees, found, characters, out);
}

/* Scores every window of a reading, with the row of signs before each. */
static uint32_t score_reading(const scorer *self, const uint8_t *view, int64_t length, uint8_t *text, int signs) {
    int64_t start, end, sums[2 * LANES];
    uint32_t reached = 0;
    for (int number = 0; next_window(view, length, number, &start, &end); number++) {
        write_alike(view + start, end - start, text + signs);
        text[signs + end - start] = 0;
        reached |= score(&self->with, text, signs + (int)(end - start), sums);
    }
    return reached;
}

/* Whether every reading says enough; -1 where something is no list of bytes. */
static int says_enough(PyObject *readings, Py_ssize_t count) {
    for (Py_ssize_t place = 0; place < count; place++) {
        Py_ssize_t length = PyBytes_Size(PyList_GetItem(readings, place));
        if (length < SHORTEST) return length < 0 ? -1 : 0;
    }
    return count > 0;
}

static PyObject *read_all(scorer *self, PyObject *folded, PyObject *readings) {
    uint8_t text[LONGEST + LANES];
    Py_ssize_t count = PyList_Size(readings);
    int enough = count < 0 ? -1 : says_enough(readings, count);
    if (enough < 1) return enough ? NULL : PyLong_FromLong(0);
    PyObject *judged = PyObject_GetAttr(folded, judged_name), *looks = PyObject_GetAttr(folded, looks_name);
    int signs = judged && looks ? read_signs(self, judged, looks, text) : -1;
    Py_XDECREF(judged);
    Py_XDECREF(looks);
    if (signs < 0) return NULL;
    uint32_t reached = 0;
    for (Py_ssize_t number = 0; number < count; number += count > 1 ? count - 1 : 1) {
        PyObject *view = PyList_GetItem(readings, number);
        reached |= score_reading(self, (const uint8_t *)PyBytes_AsString(view), PyBytes_Size(view), text, signs);
    }
    return PyLong_FromUnsignedLong(reached);
}

static PyObject *glance(scorer *self, PyObject *folded) {
    PyObject *readings = PyObject_GetAttr(folded, readings_name);
    PyObject *given = readings ? read_all(self, folded, readings) : NULL;
    Py_XDECREF(readings);
    return given;
}

static PyObject *signs(scorer *self, PyObject *folded) {
    uint8_t row[MOST_SIGNS];
    PyObject *judged = PyObject_GetAttr(folded, judged_name), *looks = PyObject_GetAttr(folded, looks_name);
    int length = judged && looks ? read_signs(self, judged, looks, row) : -1;
    Py_XDECREF(judged);
    Py_XDECREF(looks);
    return length < 0 ? NULL : PyBytes_FromStringAndSize((const char *)row, length);
}

static int score_window(scorer *self, PyObject *window, int64_t *sums, uint32_t *reached) {
    char *text;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(window, &text, &length)) return -1;
    if (length > LONGEST) {
        PyErr_Format(PyExc_ValueError, "A window has at most %d bytes, not %zd.", LONGEST, length);
        return -1;
    }
    *reached = score(&self->with, (const uint8_t *)text, (int)length, sums);
    return 0;
}

static PyObject *reached(scorer *self, PyObject *window) {
    int64_t sums[2 * LANES];
    uint32_t found;
    return score_window(self, window, sums, &found) ? NULL : PyLong_FromUnsignedLong(found);
}

static PyObject *sums(scorer *self, PyObject *window) {
    int64_t found[2 * LANES];
    uint32_t bits;
    if (score_window(self, window, found, &bits)) return NULL;
    Py_ssize_t count = 2 * self->with.heads + 2;
    PyObject *given = PyList_New(count);
    for (Py_ssize_t place = 0; given && place < count; place++) {
        PyObject *number = PyLong_FromLongLong(found[place]);
        if (!number) return Py_DecRef(given), NULL;
        PyList_SetItem(given, place, number);
    }
    return given;
}

static int learn_signs(scorer *self, PyObject *given) {
    PyObject *character, *sign;
    Py_ssize_t place = 0;
    learn_case(&self->sees);
    while (PyDict_Next(given, &place, &character, &sign)) {
        Py_UCS4 code = PyUnicode_ReadChar(character, 0);
        long bit = PyLong_AsLong(sign);
        if (PyErr_Occurred()) return -1;
        if (bit < 0 || learn_sign(&self->sees, code, (unsigned)bit)) return PyErr_SetNone(PyExc_ValueError), -1;
    }
    return 0;
}

/* Takes room for the tables in one piece; large ones in huge pages, where the system has such. */
static int take_room(scorer *self, size_t runs, size_t marks, size_t words, size_t steps) {
    model *with = &self->with;
    size_t had = (((size_t)1 << with->run_bits) + 63) / 64, known = (((size_t)1 << with->word_bits) + 63) / 64;
    size_t room = steps + 8 * (had + known) + marks + runs + words + 2 * LANES;
    void *kept = NULL;
    if (posix_memalign(&kept, room > HUGE / 2 ? HUGE : 64, room)) return PyErr_NoMemory(), -1;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (room > HUGE / 2) (void)madvise(kept, room, MADV_HUGEPAGE);
#endif
    self->kept = memset(kept, 0, room);
    with->steps = (double *)kept;
    with->had = (uint64_t *)(with->steps + steps / 8);
    with->known = with->had + had;
    with->marks = (uint16_t *)(with->known + known);
    with->runs = (uint8_t *)(with->marks + marks / 2);
    with->words = with->runs + runs + LANES;
    return 0;
}

static PyObject *begin(PyTypeObject *type, PyObject *args, PyObject *named) {
    const char *runs, *marks, *words, *steps, *letters;
    Py_ssize_t run_size, mark_size, word_size, step_size, letter_count;
    int run_bits, word_bits;
    long look;
    PyObject *given;
    (void)named;
    if (!PyArg_ParseTuple(args, "y#y#y#y#iiO!y#l", &runs, &run_size, &marks, &mark_size, &words, &word_size, &steps,
                          &step_size, &run_bits, &word_bits, &PyDict_Type, &given, &letters, &letter_count, &look))
        return NULL;
    Py_ssize_t heads = step_size / 32;
    if (heads < 1 || heads >= LANES || step_size % 32 || run_bits < 1 || run_bits > 24 || word_bits < 1 ||
        word_bits > 24 || run_size != heads << run_bits || mark_size != (Py_ssize_t)2 << word_bits ||
        word_size != (heads + 1) << word_bits || letter_count < 2 || letter_count > 12)
        return PyErr_SetString(PyExc_ValueError, "The tables do not fit together."), NULL;
    scorer *self = (scorer *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!self) return NULL;
    self->with.heads = (int)heads, self->with.run_bits = run_bits, self->with.word_bits = word_bits;
    self->link = 1u << (letter_count - 2), self->shouted = 2u << (letter_count - 2), self->link_look = look;
    memcpy(self->sees.letters, letters, (size_t)letter_count);
    if (learn_signs(self, given) || take_room(self, (size_t)run_size, (size_t)mark_size, (size_t)word_size, (size_t)step_size))
        return Py_DecRef((PyObject *)self), NULL;
    memcpy(self->with.steps, steps, (size_t)step_size);
    memcpy(self->with.runs, runs, (size_t)run_size);
    memcpy(self->with.words, words, (size_t)word_size);
    const uint8_t *at = (const uint8_t *)marks;
    for (Py_ssize_t slot = 0; slot < mark_size / 2; slot++) self->with.marks[slot] = (uint16_t)(at[2 * slot] | at[2 * slot + 1] << 8);
    return (PyObject *)self;
}

static void end(scorer *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    free(self->kept);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DecRef((PyObject *)type);
}

static PyMethodDef methods[] = {{"glance", (PyCFunction)glance, METH_O, "A bit for each head that reaches its floor."},
                                {"signs", (PyCFunction)signs, METH_O, "The row of a text's signs."},
                                {"reached", (PyCFunction)reached, METH_O, "The same bits for one window."},
                                {"sums", (PyCFunction)sums, METH_O, "The sums of one window."},
                                {NULL, NULL, 0, NULL}};
static PyType_Slot slots[] = {{Py_tp_new, begin}, {Py_tp_dealloc, end}, {Py_tp_methods, methods}, {0, NULL}};
static PyType_Spec spec = {"folkmoot.detect._score.Kernel", sizeof(scorer), 0, Py_TPFLAGS_DEFAULT, slots};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_score", "Small models.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__score(void) {
    ready_sums();
    judged_name = PyUnicode_InternFromString("judged"), looks_name = PyUnicode_InternFromString("looks");
    readings_name = PyUnicode_InternFromString("readings"), isupper_name = PyUnicode_InternFromString("isupper");
    PyObject *made = PyModule_Create(&module), *type = made ? PyType_FromSpec(&spec) : NULL;
    if (!type || !isupper_name || PyModule_AddObject(made, "Kernel", type)) {
        Py_XDECREF(type);
        Py_XDECREF(made);
        return NULL;
    }
    return made;
}
