/* What memory.py keeps of earlier messages, for a fifth of the time and room: the same answers as
 * recalling.py gives. Times, names and numbers, no text. C11 over the stable interface of Python 3.11; for
 * one thread. */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include "recall_bounded.h"

typedef struct {
    PyObject_HEAD
    bounded senders, texts, numbers;
    PyObject *make; /* Trace */
} recall;

typedef struct {
    uint32_t count, first, all[SKETCH]; /* how many there are, and how many of them to look for */
    text *known[SKETCH][2];             /* for each to look for, the last two texts that had it */
} sight;

static uint64_t mixed(uint64_t one, uint64_t other) {
    one = (one ^ other) * 0xFF51AFD7ED558CCDu;
    return one ^ one >> 29;
}

/* The numbers of a sketch, and which texts share one of the smallest: of two sketches that share enough, the
 * beginnings, but for one number less than must be shared, have one in common. */
static sight read_sketch(const recall *self, uint64_t group, const char *sketch, Py_ssize_t length) {
    sight found = {0};
    found.count = (uint32_t)(length / 4 > SKETCH ? SKETCH : length / 4);
    for (uint32_t place = 0; place < found.count; place++) {
        const unsigned char *at = (const unsigned char *)sketch + 4 * place;
        found.all[place] = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    }
    found.first = found.count ? found.count - (found.count * SHARED + 7) / 8 + 1 : 0;
    for (uint32_t place = 0; place < found.first; place++) fetch(&self->numbers, found.all[place] ^ group);
    for (uint32_t place = 0; place < found.first; place++) {
        cell *one = look(&self->numbers, found.all[place] ^ group);
        if (one) found.known[place][0] = one->before, found.known[place][1] = one->held;
    }
    return found;
}

/* Where the text was that shares most with these numbers, if it shares enough. */
static traces *nearest(const sight *mine) {
    traces *best = NULL;
    uint32_t most = 0;
    for (uint32_t place = 0; place < 2 * mine->first; place++) {
        const text *theirs = mine->known[place / 2][place % 2];
        if (!theirs) continue;
        uint32_t count = 0;
        for (uint32_t a = 0; a < mine->count; a++)
            for (uint32_t b = 0; b < theirs->count; b++) count += mine->all[a] == theirs->numbers[b];
        if (count > most && 8 * count >= SHARED * mine->count && 8 * count >= SHARED * theirs->count)
            best = theirs->where, most = count;
    }
    return best;
}

/* Lets a new text be found by the smallest numbers of its sketch; returns the traces it joins. */
static traces *enter(recall *self, uint64_t group, sight *mine) {
    traces *where = nearest(mine);
    if (!where && !(where = calloc(1, sizeof *where))) return NULL;
    where->refs++;
    text *alone = calloc(1, sizeof *alone);
    if (!alone) return drop_traces(where), NULL;
    alone->refs = 1, alone->count = mine->count, alone->where = where, where->refs++;
    memcpy(alone->numbers, mine->all, sizeof alone->numbers);
    for (uint32_t place = 0; place < mine->first; place++) /* forgetting others must not take these away */
        if (mine->known[place][1]) mine->known[place][1]->refs++;
    for (uint32_t place = 0; place < mine->first; place++) {
        text *last = mine->known[place][1];
        cell *one = touch(&self->numbers, mine->all[place] ^ group);
        if (!one) {
            if (last) drop_text(last);
            continue;
        }
        if (one->held) drop_text(one->held);
        if (one->before) drop_text(one->before);
        one->before = last, one->held = alone, alone->refs++;
        settle(&self->numbers);
    }
    drop_text(alone);
    return where; /* with a reference for the caller */
}

static int note_text(recall *self, uint64_t group, uint64_t number, sight *mine, trace now) {
    cell *one = touch(&self->texts, number ^ group);
    if (!one) return -1;
    if (!one->held && !(one->held = enter(self, group, mine))) {
        untouch(&self->texts, one);
        return -1;
    }
    traces *where = one->held;
    if (where->count == EACH + 1) {
        drop_trace(where->kept);
        memmove(where->kept, where->kept + 1, EACH * sizeof(trace));
        where->count--;
    } else if (where->count == where->space) {
        uint32_t space = where->space ? where->space * 4 : 1;
        trace *wide = realloc(where->kept, (space > EACH + 1 ? EACH + 1 : space) * sizeof(trace));
        if (!wide) return -1;
        where->kept = wide, where->space = space > EACH + 1 ? EACH + 1 : space;
    }
    Py_INCREF(now.sender);
    Py_INCREF(now.room);
    where->kept[where->count++] = now;
    settle(&self->texts);
    return 0;
}

static int note_sender(recall *self, uint64_t key, double now) {
    cell *one = touch(&self->senders, key);
    if (!one) return -1;
    if (!one->held && !(one->held = calloc(1, sizeof(times)))) {
        untouch(&self->senders, one);
        return -1;
    }
    times *mine = one->held;
    if (mine->count == mine->space && mine->space <= EACH) {
        uint32_t space = mine->space ? mine->space * 4 : 4;
        space = space > EACH + 1 ? EACH + 1 : space;
        double *wide = realloc(mine->at, space * sizeof(double));
        if (!wide) return -1;
        mine->at = wide, mine->space = space;
    }
    uint32_t place = mine->count;
    while (place && mine->at[place - 1] > now) place--; /* the clock was set back */
    if (mine->count == EACH + 1) {
        if (place) memmove(mine->at, mine->at + 1, --place * sizeof(double)), mine->at[place] = now;
    } else {
        memmove(mine->at + place + 1, mine->at + place, (mine->count++ - place) * sizeof(double));
        mine->at[place] = now;
    }
    settle(&self->senders);
    return 0;
}

static PyObject *times_until(const times *mine, double now) {
    uint32_t last = mine ? mine->count : 0;
    while (last && mine->at[last - 1] > now) last--;
    uint32_t first = last > EACH ? last - EACH : 0;
    PyObject *given = PyTuple_New(last - first);
    for (uint32_t place = first; given && place < last; place++) {
        PyObject *at = PyFloat_FromDouble(mine->at[place]);
        if (!at) return Py_DecRef(given), NULL;
        PyTuple_SetItem(given, place - first, at);
    }
    return given;
}

static PyObject *traces_until(recall *self, traces *where, double now) {
    uint32_t count = 0, skipped = 0;
    for (uint32_t place = 0; where && place < where->count; place++) count += where->kept[place].at <= now;
    if (count > EACH) skipped = count - EACH;
    PyObject *given = PyTuple_New(count - skipped);
    for (uint32_t place = 0, passed = 0; given && where && place < where->count; place++) {
        trace *one = where->kept + place;
        if (one->at > now || passed++ < skipped) continue;
        if (one->room) {
            PyObject *made = PyObject_CallFunction(self->make, "dOO", one->at, one->sender, one->room);
            if (!made) return Py_DecRef(given), NULL;
            drop_trace(one);
            one->sender = made, one->room = NULL;
        }
        Py_INCREF(one->sender);
        PyTuple_SetItem(given, passed - skipped - 1, one->sender);
    }
    return given;
}

/* ask(how, group, room, sender, fingerprint, sketch, now): 1 recalls, 2 notes, 3 does both; 4 takes back. */
static PyObject *ask(recall *self, PyObject *args) {
    int how;
    unsigned long long number;
    PyObject *group_name, *room, *sender, *before = NULL, *copies = NULL;
    const char *sketch;
    Py_ssize_t length;
    double now;
    if (!PyArg_ParseTuple(args, "iUUUKy#d", &how, &group_name, &room, &sender, &number, &sketch, &length, &now))
        return NULL;
    uint64_t group = (uint64_t)PyObject_Hash(group_name);
    uint64_t key = mixed(mixed(group, (uint64_t)PyObject_Hash(room)), (uint64_t)PyObject_Hash(sender));
    fetch(&self->senders, key);
    if (number) fetch(&self->texts, number ^ group);
    cell *known = number ? look(&self->texts, number ^ group) : NULL;
    cell *wrote = how & 5 ? look(&self->senders, key) : NULL;
    sight mine = {0};
    if (number && !known) mine = read_sketch(self, group, sketch, length);
    if (how & 1) {
        before = times_until(wrote ? wrote->held : NULL, now);
        traces *where = !number ? NULL : known ? known->held : nearest(&mine);
        copies = before ? traces_until(self, where, now) : NULL;
        if (!copies) return Py_XDECREF(before), NULL;
    }
    trace one = {now, sender, room};
    if (how & 2 && (note_sender(self, key, now) || (number && note_text(self, group, number, &mine, one)))) {
        Py_XDECREF(before);
        Py_XDECREF(copies);
        return PyErr_NoMemory();
    }
    if (how & 4) take_back(wrote ? wrote->held : NULL, known ? known->held : NULL, now);
    return how & 1 ? Py_BuildValue("NN", before, copies) : Py_BuildValue("");
}

static PyObject *sizes(recall *self, PyObject *nothing) {
    (void)nothing;
    return Py_BuildValue("nnn", (Py_ssize_t)size_of(&self->senders), (Py_ssize_t)size_of(&self->texts),
                         (Py_ssize_t)size_of(&self->numbers));
}

static PyObject *begin(PyTypeObject *type, PyObject *args, PyObject *named) {
    Py_ssize_t senders, texts, numbers;
    PyObject *make;
    (void)named;
    if (!PyArg_ParseTuple(args, "nnnO", &senders, &texts, &numbers, &make)) return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    recall *self = (recall *)alloc(type, 0);
    if (!self) return NULL;
    self->senders = (bounded){.most = senders < 2 ? 1 : (size_t)senders / 2, .drop = drop_times};
    self->texts = (bounded){.most = texts < 2 ? 1 : (size_t)texts / 2, .drop = drop_traces};
    self->numbers = (bounded){.most = numbers < 2 ? 1 : (size_t)numbers / 2, .drop = drop_text};
    Py_INCREF(make);
    self->make = make;
    return (PyObject *)self;
}

static void end(recall *self) {
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    bounded *maps[] = {&self->senders, &self->texts, &self->numbers};
    for (int which = 0; which < 3; which++) empty(maps[which], &maps[which]->fresh), empty(maps[which], &maps[which]->old);
    Py_XDECREF(self->make);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DecRef((PyObject *)type);
}

static PyMethodDef methods[] = {{"ask", (PyCFunction)ask, METH_VARARGS, "Recalls (1), notes (2), takes back (4)."},
                                {"sizes", (PyCFunction)sizes, METH_NOARGS, "Senders, texts and numbers."},
                                {NULL, NULL, 0, NULL}};
static PyType_Slot slots[] = {{Py_tp_new, begin}, {Py_tp_dealloc, end}, {Py_tp_methods, methods}, {0, NULL}};
static PyType_Spec spec = {"folkmoot.intake._recall.Recall", sizeof(recall), 0, Py_TPFLAGS_DEFAULT, slots};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_recall", "Earlier messages.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__recall(void) {
    PyObject *made = PyModule_Create(&module), *type = made ? PyType_FromSpec(&spec) : NULL;
    if (!type || PyModule_AddObject(made, "Recall", type)) {
        Py_XDECREF(type);
        Py_XDECREF(made);
        return NULL;
    }
    return made;
}
