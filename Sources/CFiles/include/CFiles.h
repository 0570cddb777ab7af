// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CFILES_H
#define LOOPDESK_CFILES_H

// Calls on files that the C library has no function for that Swift could call.

/// Opens a file below an open folder; -1 with `errno` set when it cannot.
///
/// The kernel follows no link on the way, leaves neither the folder nor its file system, and gives
/// ELOOP or EXDEV where it would have to. ENOSYS means that the kernel does not know the call.
int desk_open_beneath(int folder, const char *name, int flags);

/// Renames an entry of an open folder unless the new name is taken, which is EEXIST.
int desk_rename_new(int folder, const char *name, const char *new_name);

#endif
