// SPDX-License-Identifier: MIT
// The one door from Python to the array wrappers; see numpy_ufuncs.c.
#ifndef HW_NUMPY_UFUNCS_H
#define HW_NUMPY_UFUNCS_H

#include "halfwave.h"

// Makes the ufunc of a row and direction and leaves it as the attribute `made` of a Python module.  Its name
// and doc must live as long as the process.  bfloat16 is NumPy's number of that type, or -1 without it.
// Returns NULL, or what went wrong.
const char *hw_make_ufunc(const char *module, const char *name, int row, hw_direction direction,
                          const char *doc, int bfloat16);

#endif
