// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CZLIB_SHIM_H
#define LOOPDESK_CZLIB_SHIM_H

#include <zlib.h>

// zlib's own initialiser is a macro that Swift does not see.

static inline int loopdesk_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

#endif
