// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "CFused.h"

#if defined(__x86_64__) && !defined(__FMA__)

int desk_can_fuse;

__attribute__((constructor)) static void look_for_instruction(void) {
    __builtin_cpu_init();
    // The instruction needs the wide registers' state too, which this answer includes.
    desk_can_fuse = __builtin_cpu_supports("fma") != 0;
}

double desk_fused_slowly(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

#endif
