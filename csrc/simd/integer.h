// SPDX-License-Identifier: MIT
// Integers in plain C, as macros because one unit holds eight types T in turn; the compiler
// vectorises these loops for the unit's instruction set.  Arithmetic wraps (-fwrapv).
#pragma GCC diagnostic ignored "-Wtype-limits"  // a bound of 0 asks whether an unsigned x < 0
enum { W = 1 };
#define V T
#define M int
#define v_set(c) ((T)(c))
#define v_load_int(p) (*(p))
#define v_store_int(p, a) (*(p) = (a))
#define v_lt(a, b) ((a) < (b))
#define v_le(a, b) ((a) <= (b))
#define v_eq(a, b) ((a) == (b))
#define v_nan(a) 0
#define v_unordered(a, b) 0
#define v_spoil(m, a) (a)
#define m_and(a, b) ((a) & (b))
#define m_or(a, b) ((a) | (b))
#define m_not(a) (!(a))
#define v_select(m, a, b) ((T)((m) ? (a) : (b)))
#define v_keep(m, a) v_select(m, a, 0)
#define v_min(a, b) v_select(v_lt(a, b), a, b)
#define v_max(a, b) v_select(v_lt(b, a), a, b)
#define v_bound(x, low, high) v_min(high, v_max(low, x))
