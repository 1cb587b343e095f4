// SPDX-License-Identifier: MIT
// Splitting a long run over threads; see threads.c.
#ifndef HW_THREADS_H
#define HW_THREADS_H

#include "halfwave.h"

// The elements from begin on, up to end.
typedef void hw_part(const void *job, size_t begin, size_t end);

// Has n elements done in parts, on as many threads as pay if `grain` elements are worth a thread of their own.
void hw_split(size_t n, size_t grain, hw_part *part, const void *job);

#endif
