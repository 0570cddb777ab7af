// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "CKernels.h"

#include <stdatomic.h>

/// The form in use; below 0 until the processor was asked.
static _Atomic int form = -1;

static enum desk_form best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) return DESK_WIDE;
#endif
    return DESK_PORTABLE;
}

enum desk_form desk_form_in_use(void) {
    int now = atomic_load_explicit(&form, memory_order_relaxed);
    if (__builtin_expect(now >= 0, 1)) return (enum desk_form)now;
    return desk_use_form(DESK_WIDE);
}

enum desk_form desk_use_form(enum desk_form wanted) {
    enum desk_form chosen = wanted < best() ? wanted : best();
    atomic_store_explicit(&form, (int)chosen, memory_order_relaxed);
    return chosen;
}
