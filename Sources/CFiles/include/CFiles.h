// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CFILES_H
#define LOOPDESK_CFILES_H

// Calls that the C library has no function for that Swift could call: on files, and on memory.

/// Opens a file below an open folder; -1 with `errno` set when it cannot.
///
/// The kernel follows no link on the way, leaves neither the folder nor its file system, and gives
/// ELOOP or EXDEV where it would have to. ENOSYS means that the kernel does not know the call.
int desk_open_beneath(int folder, const char *name, int flags);

/// Reads the next entries of an open folder as the kernel gives them: for each its number and
/// offset in 8 bytes each, its length in 2, its kind in 1, and its name, which ends in a zero.
///
/// Returns the bytes read, 0 at the end, -1 with `errno` set.
long desk_read_entries(int folder, void *buffer, unsigned long size);

/// Renames an entry of an open folder unless the new name is taken, which is EEXIST.
int desk_rename_new(int folder, const char *name, const char *new_name);

/// Gives memory that is free back to the system, that of other threads included.
void desk_give_back_memory(void);

/// Lets all threads share one heap; to be called before there are others.
void desk_share_heap(void);

#endif
