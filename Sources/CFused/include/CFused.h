// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CFUSED_H
#define LOOPDESK_CFUSED_H

// One rounding for `a * b + c`, the same bits on every machine: IEEE 754 defines the result.
// Programs for x86-64 at large may not assume the instruction, so it is looked for once; a
// machine without it takes the C library's slow and equally exact function.

#if defined(__x86_64__) && !defined(__FMA__)

/// The answer of `desk_fuses`; set before the program starts.
extern int desk_can_fuse;

/// Whether the machine has the instruction.
static inline int desk_fuses(void) { return desk_can_fuse; }

/// The sum by the C library.
__attribute__((cold, noinline)) double desk_fused_slowly(double a, double b, double c);

/// Gives `a * b + c`, rounded once, by the instruction; only where `desk_fuses` is not 0.
static inline __attribute__((always_inline)) double desk_fused_now(double a, double b, double c) {
    __asm__("vfmadd231sd %2, %1, %0" : "+x"(c) : "x"(a), "x"(b));
    return c;
}

/// Gives `a * b + c`, rounded once.
static inline __attribute__((always_inline)) double desk_fused(double a, double b, double c) {
    if (__builtin_expect(desk_can_fuse, 1)) { return desk_fused_now(a, b, c); }
    return desk_fused_slowly(a, b, c);
}

#else

/// Whether the machine has the instruction, which here every program may use.
static inline int desk_fuses(void) { return 1; }

/// Gives `a * b + c`, rounded once.
static inline __attribute__((always_inline)) double desk_fused_now(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

/// Gives `a * b + c`, rounded once.
static inline __attribute__((always_inline)) double desk_fused(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

#endif

#endif
