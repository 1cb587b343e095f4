// SPDX-License-Identifier: MIT
// Splitting a long contiguous run over threads; see threads.c.
#ifndef HW_THREADS_H
#define HW_THREADS_H

#include "halfwave.h"

// Runs op's kernel over n elements, a whole number of vectors, on as many threads as pay.
void hw_run(const hw_op *op, size_t n, void *const *operands, int each);

#endif
