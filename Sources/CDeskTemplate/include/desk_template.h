// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef DESK_TEMPLATE_H
#define DESK_TEMPLATE_H

#include <stddef.h>

/// One file of a new desk: its path and its bytes, which are compiled in.
struct desk_template_file {
    const char *path;
    const unsigned char *bytes;
    size_t length;
};

/// The number of files in a new desk.
size_t desk_template_count(void);

/// The file at an index below the count, in the order of the paths.
struct desk_template_file desk_template_file_at(size_t index);

#endif
