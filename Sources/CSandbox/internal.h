// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CSANDBOX_INTERNAL_H
#define LOOPDESK_CSANDBOX_INTERNAL_H

#include "CSandbox.h"

#include <sys/types.h>

/// What a child sends back when it could not execute its program.
struct desk_report {
    int step;
    int error;
};

/// Becomes the program, or reports the failing step on a descriptor and exits.
/// Runs between fork and exec, so only async-signal-safe calls are made.
_Noreturn void desk_become(const struct desk_spawn_request *request, int report, pid_t parent);

#endif
