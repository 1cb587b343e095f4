// SPDX-License-Identifier: MIT
// The array wrappers: every kernel of the table becomes a loop of a real NumPy ufunc, so that out, where,
// casting, broadcasting, strides, overlap, subclasses and __array_ufunc__ are NumPy's own.
//
// NumPy finds the loop whose types fit exactly by itself.  For all else it asks promote(), which holds the
// rules of types: parameters follow x, Python scalars and float32 parameters of a half do not promote.
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>
#include <string.h>

#include <numpy/arrayobject.h>
#include <numpy/dtype_api.h>
#include <numpy/ufuncobject.h>

#include "halfwave.h"
#include "numpy_ufuncs.h"

// NumPy's types, and ours of the same size and meaning; the ten C integers share eight kernels.
typedef struct {
    int number;
    hw_type type;
    int float_number;         // the type numpy.exp would choose
    PyArray_DTypeMeta *dtype;  // filled in by find_dtypes
} numpy_type;

#define INT_TYPE(number, ctype, letter)                                                           \
    {number, (sizeof(ctype) == 1   ? HW_##letter##8                                              \
              : sizeof(ctype) == 2 ? HW_##letter##16                                             \
              : sizeof(ctype) == 4 ? HW_##letter##32                                             \
                                   : HW_##letter##64),                                           \
     sizeof(ctype) == 1 ? NPY_HALF : sizeof(ctype) == 2 ? NPY_FLOAT : NPY_DOUBLE, NULL}

static numpy_type types[] = {
    INT_TYPE(NPY_BYTE, npy_byte, I), INT_TYPE(NPY_UBYTE, npy_ubyte, U),
    INT_TYPE(NPY_SHORT, npy_short, I), INT_TYPE(NPY_USHORT, npy_ushort, U),
    INT_TYPE(NPY_INT, npy_int, I), INT_TYPE(NPY_UINT, npy_uint, U),
    INT_TYPE(NPY_LONG, npy_long, I), INT_TYPE(NPY_ULONG, npy_ulong, U),
    INT_TYPE(NPY_LONGLONG, npy_longlong, I), INT_TYPE(NPY_ULONGLONG, npy_ulonglong, U),
    {NPY_HALF, HW_F16, NPY_HALF, NULL}, {NPY_FLOAT, HW_F32, NPY_FLOAT, NULL},
    {NPY_DOUBLE, HW_F64, NPY_DOUBLE, NULL}, {NPY_LONGDOUBLE, HW_LD, NPY_LONGDOUBLE, NULL},
    {-1, HW_BF16, -1, NULL},  // bfloat16: numbers are given out when ml_dtypes is imported
};
enum { TYPES = sizeof types / sizeof types[0], INTEGERS = 10, BFLOAT16 = TYPES - 1 };

// A type of x has one type of parameters: its own, but float32 for a half.
static const numpy_type *find_type(hw_type type) {
    for (int i = 0; i < TYPES; i++)
        if (types[i].type == type) return &types[i];
    return NULL;
}

static const numpy_type *find_number(int number) {
    for (int i = 0; i < TYPES; i++)
        if (types[i].number == number) return &types[i];
    return NULL;
}

static const numpy_type *find_dtype(const PyArray_DTypeMeta *dtype) {
    for (int i = 0; i < TYPES; i++)
        if (types[i].dtype && types[i].dtype == dtype) return &types[i];
    return NULL;
}

static int is_integer(const numpy_type *t) { return t - types < INTEGERS; }

static PyArray_DTypeMeta *bool_dtype;

static PyArray_DTypeMeta *dtype_of_number(int number) {
    PyArray_Descr *const descr = PyArray_DescrFromType(number);
    if (!descr) return NULL;
    PyArray_DTypeMeta *const dtype = NPY_DT_NewRef((PyArray_DTypeMeta *)Py_TYPE((PyObject *)descr));  // kept
    Py_DECREF(descr);
    return dtype;
}

static int find_dtypes(int bfloat16) {
    types[BFLOAT16].number = types[BFLOAT16].float_number = bfloat16;
    for (int i = 0; i < TYPES; i++)
        if (types[i].number >= 0 && !(types[i].dtype = dtype_of_number(types[i].number))) return -1;
    return (bool_dtype = dtype_of_number(NPY_BOOL)) ? 0 : -1;
}

// One ufunc: a row in a direction.
typedef struct {
    PyObject *object;
    const hw_activation *row;
    hw_direction direction;
    int nstreams, nparams, nout;
    const char *name;
    hw_op ops[TYPES];
    void *data[TYPES];
    PyUFuncGenericFunction loops[TYPES];
    char types[TYPES * HW_MAX_OPERANDS];
} hw_ufunc;

static hw_ufunc **made;  // [row][direction]

static void loop(char **args, const npy_intp *n, const npy_intp *steps, void *op) {
    hw_apply(op, (size_t)n[0], args, steps);
}

// ---- types ----

static int is_python_int(const PyArray_DTypeMeta *d) { return d == &PyArray_PyLongDType; }
static int is_python_float(const PyArray_DTypeMeta *d) { return d == &PyArray_PyFloatDType; }

// "Complex128DType", "_PyComplexDType" and "dtype[int4]" are complex128, complex and int4 to a user.
static PyObject *type_name(const PyArray_DTypeMeta *dtype) {
    PyObject *const name = PyObject_GetAttrString((PyObject *)dtype, "__name__");
    PyObject *const bytes = name ? PyUnicode_AsUTF8String(name) : NULL;
    PyObject *short_name = NULL;
    if (bytes) {
        char text[64];
        PyOS_snprintf(text, sizeof text, "%s", PyBytes_AsString(bytes));
        char *const end = strstr(text, "DType"), *const bracket = strchr(text, '[');
        if (end) *end = 0;
        else if (bracket) text[strlen(text) - 1] = 0;
        for (char *c = text; *c; c++) *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        const char *const start = bracket && !end ? bracket + 1 : text;
        short_name = PyUnicode_FromString(strncmp(start, "_py", 3) ? start : start + 3);
    }
    Py_XDECREF(name);
    Py_XDECREF(bytes);
    return short_name;
}

static void refuse(const hw_ufunc *u, const PyArray_DTypeMeta *dtype) {
    PyObject *const name = type_name(dtype);
    if (!name) return;
    PyErr_Format(PyExc_TypeError, "%s: type %U is not supported, real numbers only", u->name, name);
    Py_DECREF(name);
}

// The common type of what is known so far (NULL: nothing) and one more; a new reference to *common.
// ml_dtypes gives bfloat16 none with most integers and with float16; a product has one by way of float32.
static int join(PyArray_DTypeMeta **common, PyArray_DTypeMeta *more) {
    PyArray_DTypeMeta *both = *common ? PyArray_CommonDType(*common, more) : NPY_DT_NewRef(more);
    if (!both && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        PyArray_DTypeMeta *const wide = PyArray_CommonDType(find_number(NPY_FLOAT)->dtype, *common);
        if (wide) both = PyArray_CommonDType(wide, more);
        Py_XDECREF((PyObject *)wide);
    }
    if (!both) return -1;
    Py_XDECREF((PyObject *)*common);
    *common = both;
    return 0;
}

static int join_number(PyArray_DTypeMeta **common, int number) {
    return join(common, find_number(number)->dtype);
}

// Booleans count as int8.
static PyArray_DTypeMeta *as_number(PyArray_DTypeMeta *d) {
    return d == bool_dtype ? types[0].dtype : d;
}

// The type of x and the result.  A new reference, or NULL with an error set.
static PyArray_DTypeMeta *type_of_x(const hw_ufunc *u, PyArray_DTypeMeta *const *given) {
    const int nin = u->nstreams + u->nparams;
    PyArray_DTypeMeta *common = NULL;
    int x_float = 0, param_float = 0;  // a Python float is an x, is a parameter
    int typed = 0;                     // an x has a type of its own
    for (int i = 0; i < nin; i++) {
        const numpy_type *const t = find_dtype(as_number(given[i]));
        const int python_float = is_python_float(given[i]);
        if (!t && !python_float && !is_python_int(given[i])) {
            refuse(u, given[i]);
            goto fail;
        }
        if (i < u->nstreams) {
            x_float |= python_float;
            typed |= t != NULL;
            if (t && join(&common, t->dtype) < 0) goto fail;
        } else {
            param_float |= python_float;
            if (t && !typed && join(&common, t->dtype) < 0) goto fail;  // x promotes nothing
        }
    }
    if (!common && join_number(&common, x_float ? NPY_DOUBLE : NPY_LONG) < 0) goto fail;

    const numpy_type *x = find_dtype(common);
    if (x && is_integer(x)) {
        const int keeps = u->row->integers && u->direction == HW_FORWARD;
        if (x_float || (keeps && param_float)) {
            if (join_number(&common, NPY_DOUBLE) < 0) goto fail;  // as NEP 50 has it
        } else if (!keeps) {
            Py_DECREF((PyObject *)common);
            common = NPY_DT_NewRef(find_number(x->float_number)->dtype);
        }
    }
    for (int i = u->nstreams; i < nin; i++) {
        const numpy_type *const t = find_dtype(as_number(given[i]));
        x = find_dtype(common);
        const int half = x && (x->type == HW_F16 || x->type == HW_BF16);
        if (!t || (half && t->number == NPY_FLOAT)) continue;
        if (join(&common, t->dtype) < 0) goto fail;
    }
    if (find_dtype(common)) return common;
    refuse(u, common);
fail:
    Py_XDECREF((PyObject *)common);
    return NULL;
}

static hw_ufunc *find_made(const PyObject *object) {
    for (int i = 0; i < hw_count() * HW_DIRECTIONS; i++)
        if (made[i] && made[i]->object == object) return made[i];
    return NULL;
}

// NumPy's question: which loop do operands of these types want?  `signature` is what the caller fixed.
static int promote(PyObject *ufunc, PyArray_DTypeMeta *const given[],
                   PyArray_DTypeMeta *const signature[], PyArray_DTypeMeta *wanted[]) {
    const hw_ufunc *const u = find_made(ufunc);
    if (!u) {
        PyErr_SetString(PyExc_SystemError, "halfwave: a ufunc that is not of this table");
        return -1;
    }
    const int nin = u->nstreams + u->nparams;
    if (!given[0]) {
        PyErr_Format(PyExc_TypeError, "%s: this ufunc cannot reduce", u->name);
        return -1;
    }
    PyArray_DTypeMeta *x = signature[nin];  // dtype= fixes x and the result
    if (x && !find_dtype(x)) {
        refuse(u, x);
        return -1;
    }
    x = x ? NPY_DT_NewRef(x) : type_of_x(u, given);
    if (!x) return -1;
    const numpy_type *const t = find_dtype(x);
    hw_op op;
    if (hw_get(&op, (int)(u->row - hw_activations()), u->direction, t->type, -1) < 0) {
        refuse(u, x);
        Py_DECREF((PyObject *)x);
        return -1;
    }
    for (int i = 0; i < nin + u->nout; i++) {
        PyArray_DTypeMeta *const own = op.type[i] == t->type ? x : find_type(op.type[i])->dtype;
        wanted[i] = NPY_DT_NewRef(signature[i] ? signature[i] : own);
    }
    Py_DECREF((PyObject *)x);
    return 0;
}

// ---- making them ----

static int add_promoter(const hw_ufunc *u) {
    const int nargs = u->nstreams + u->nparams + u->nout;
    PyObject *const any = PyTuple_New(nargs);
    PyObject *const capsule = PyCapsule_New((void *)promote, "numpy._ufunc_promoter", NULL);
    int failed = !any || !capsule;
    for (int i = 0; !failed && i < nargs; i++) failed = PyTuple_SetItem(any, i, Py_NewRef(Py_None));
    if (!failed) failed = PyUFunc_AddPromoter(u->object, any, capsule);
    Py_XDECREF(any);
    Py_XDECREF(capsule);
    return failed ? -1 : 0;
}

static int add_bfloat16(hw_ufunc *u, int row) {
    hw_op *const op = &u->ops[BFLOAT16];
    const numpy_type *const own = &types[BFLOAT16];
    if (own->number < 0 || hw_get(op, row, u->direction, HW_BF16, -1) < 0) return 0;
    int numbers[HW_MAX_OPERANDS];
    for (int i = 0; i < u->nstreams + u->nparams + u->nout; i++)
        numbers[i] = op->type[i] == HW_BF16 ? own->number : NPY_FLOAT;
    return PyUFunc_RegisterLoopForType((PyUFuncObject *)u->object, own->number, loop, numbers, op);
}

static int make(hw_ufunc *u, int row, const char *doc) {
    const int nin = u->nstreams + u->nparams, nargs = nin + u->nout;
    int n = 0;
    for (int i = 0; i < BFLOAT16; i++) {
        hw_op *const op = &u->ops[n];
        if (hw_get(op, row, u->direction, types[i].type, -1) < 0) continue;
        for (int k = 0; k < nargs; k++) {
            const numpy_type *const t = op->type[k] == types[i].type ? &types[i] : find_type(op->type[k]);
            u->types[n * nargs + k] = (char)t->number;
        }
        u->data[n] = op;
        u->loops[n] = (PyUFuncGenericFunction)loop;
        n++;
    }
    u->object = PyUFunc_FromFuncAndData(u->loops, u->data, u->types, n, nin, u->nout, PyUFunc_None,
                                        u->name, doc, 0);
    return u->object && add_promoter(u) == 0 && add_bfloat16(u, row) == 0 ? 0 : -1;
}

static int start(int bfloat16) {
    if (made) return 0;
    if (PyArray_ImportNumPyAPI() < 0 || PyUFunc_ImportUFuncAPI() < 0 || find_dtypes(bfloat16) < 0)
        return -1;
    made = calloc((size_t)hw_count() * HW_DIRECTIONS, sizeof(hw_ufunc *));
    if (!made) PyErr_NoMemory();
    return made ? 0 : -1;
}

// One for each row and direction as long as the process runs, however often the package is imported.
static hw_ufunc *make_once(const char *name, int row, hw_direction direction, const char *doc) {
    hw_ufunc **const place = &made[row * HW_DIRECTIONS + direction];
    if (*place) return *place;
    hw_op op;
    if (hw_get(&op, row, direction, HW_F32, -1) < 0) return NULL;
    hw_ufunc *const u = calloc(1, sizeof *u);  // NumPy keeps pointers into it, and to the texts, for good
    char *const own_name = strdup(name), *const own_doc = strdup(doc);
    if (!u || !own_name || !own_doc) {
        PyErr_NoMemory();
        return NULL;
    }
    *u = (hw_ufunc){.row = &hw_activations()[row], .direction = direction, .name = own_name,
                    .nstreams = op.nstreams, .nparams = op.nparams, .nout = op.nout};
    if (make(u, row, own_doc) < 0) return NULL;
    if (!*place) *place = u;  // else a finaliser that ran meanwhile made it
    return *place;
}

static int make_in(const char *module_name, const char *name, int row, hw_direction direction,
                   const char *doc, int bfloat16) {
    const hw_ufunc *const u = start(bfloat16) < 0 ? NULL : make_once(name, row, direction, doc);
    PyObject *const module = u ? PyImport_ImportModule(module_name) : NULL;
    if (!module) return -1;
    const int failed = PyObject_SetAttrString(module, name, u->object);
    Py_DECREF(module);
    return failed;
}

const char *hw_make_ufunc(const char *module, const char *name, int row, hw_direction direction,
                          const char *doc, int bfloat16) {
    static char message[512];
    const PyGILState_STATE gil = PyGILState_Ensure();  // cffi released it
    const char *error = NULL;
    if (make_in(module, name, row, direction, doc, bfloat16) < 0) {
        PyObject *type, *value, *trace;
        PyErr_Fetch(&type, &value, &trace);
        PyErr_NormalizeException(&type, &value, &trace);
        PyObject *const text = value ? PyObject_Str(value) : NULL;
        PyObject *const bytes = text ? PyUnicode_AsUTF8String(text) : NULL;
        PyOS_snprintf(message, sizeof message, "%s", bytes ? PyBytes_AsString(bytes) : "no such kernel");
        error = message;
        Py_XDECREF(bytes);
        Py_XDECREF(text);
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(trace);
        PyErr_Clear();
    }
    PyGILState_Release(gil);
    return error;
}
