// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "lanes.h"

_Atomic int desk_form_chosen = -1;

static enum desk_form best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return DESK_WIDEST;
    if (__builtin_cpu_supports("avx2")) return DESK_WIDE;
#endif
    return DESK_PORTABLE;
}

enum desk_form desk_form_in_use(void) {
    int now = atomic_load_explicit(&desk_form_chosen, memory_order_relaxed);
    if (__builtin_expect(now >= 0, 1)) return (enum desk_form)now;
    return desk_use_form(DESK_WIDEST);
}

enum desk_form desk_use_form(enum desk_form wanted) {
    enum desk_form chosen = wanted < best() ? wanted : best();
    atomic_store_explicit(&desk_form_chosen, (int)chosen, memory_order_relaxed);
    return chosen;
}
