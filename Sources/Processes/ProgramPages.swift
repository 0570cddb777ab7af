// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox

/// The memory that holds the code of this program.
public enum ProgramPages {
    /// Lets go of code that only the start has needed.
    ///
    /// What runs next is read again from the page cache, which costs some tenths of a millisecond.
    /// Wraps madvise(2) with `MADV_DONTNEED` for the program's executable segments.
    public static func forget() {
        desk_forget_program_pages()
    }
}
