// SPDX-License-Identifier: MIT
// The one door from Python to the array wrappers; see numpy_ufuncs.c.
#ifndef HW_NUMPY_UFUNCS_H
#define HW_NUMPY_UFUNCS_H

// Makes the ufuncs and sets them as attributes of a Python module: module.NAME, module.grad.NAME and
// module.vjp.NAME.  docs holds a docstring for each row and direction, and must live as long as the
// process; bfloat16 is NumPy's type number of bfloat16, or -1 without it.
// Returns NULL, or what went wrong.
const char *hw_install_ufuncs(const char *module, const char *const *docs, int bfloat16);

#endif
